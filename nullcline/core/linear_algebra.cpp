// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/linear_algebra.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nullcline/core/detail/lapack.hpp"
#include "nullcline/core/lu.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/core/qr.hpp"

namespace nullcline {

using detail::begin;
using detail::check;
using detail::column_major;
using detail::extent;
using detail::is_square;
using detail::stride;
using detail::use_one_thread;

namespace {

// multiply: from so many columns on packing the left factor pays; a panel of it stays in L1.
constexpr Index packed_columns = 8, packed_depth = 512;

/// Cholesky's L of A = L L' in the lower triangle; nullopt if A is not positive definite.
std::optional<Matrix> cholesky(Matrix A) {
  const lapack_int n = extent(A.rows());
  if (n == 0) return A;
  const lapack_int info = LAPACKE_dpotrf(column_major, 'L', n, A.data(), n);
  if (info > 0) return std::nullopt;
  check(info, "dpotrf");
  return A;
}

/// C = op(A) op(B). OpenBLAS knows a CPU by its model, and takes half as wide vectors where that is
/// newer than it.
void multiply_by_packing(In<Matrix> A, bool transpose_A, In<Matrix> B, bool transpose_B,
                         Matrix& C) {
  const Index k = transpose_A ? A.rows() : A.cols();
  const Index along_k = transpose_B ? B.outerStride() : 1;
  const Index along_n = transpose_B ? 1 : B.outerStride();
  PackedMatrix<double> packed;
  for (Index first = 0; first < k; first += packed_depth) {
    const Index depth = std::min(packed_depth, k - first);
    if (transpose_A) {
      packed.pack(A.middleRows(first, depth), true);
    } else {
      packed.pack(A.middleCols(first, depth));
    }
    multiply_packed(packed, B.data() + first * along_k, along_k, along_n, C.cols(), C.data(),
                    C.rows(), first > 0);
  }
}

}  // namespace

Matrix multiply(In<Matrix> A, In<Matrix> B, bool transpose_A, bool transpose_B) {
  const Index m = transpose_A ? A.cols() : A.rows(), k = transpose_A ? A.rows() : A.cols();
  const Index n = transpose_B ? B.rows() : B.cols(), l = transpose_B ? B.cols() : B.rows();
  use_one_thread();
  if (k != l) throw std::invalid_argument("multiply: wrong shape");
  Matrix C(m, n);
  if (C.size() == 0 || k == 0) {
    C.setZero();
  } else if (n < packed_columns) {
    cblas_dgemm(CblasColMajor, transpose_A ? CblasTrans : CblasNoTrans,
                transpose_B ? CblasTrans : CblasNoTrans, extent(m), extent(n), extent(k), 1.0,
                A.data(), stride(A), B.data(), stride(B), 0.0, C.data(), extent(m));
  } else {
    multiply_by_packing(A, transpose_A, B, transpose_B, C);
  }
  // What is not finite in A or B is not finite in C either, and C is one matrix instead of two.
  if (C.size() == 0 || k == 0 || !C.allFinite()) {
    begin(A, true, "multiply");
    begin(B, true, "multiply");
  }
  return C;
}

std::optional<Matrix> solve(In<Matrix> A, In<Matrix> B) {
  begin(A, is_square(A) && A.rows() == B.rows(), "solve");
  begin(B, true, "solve");
  Matrix X = B;
  if (X.size() == 0) return X;
  Matrix LU = A;
  const lapack_int n = extent(A.rows());
  std::vector<lapack_int> pivots(static_cast<std::size_t>(n));
  const lapack_int info =
      LAPACKE_dgesv(column_major, n, extent(B.cols()), LU.data(), n, pivots.data(), X.data(), n);
  if (info > 0) return std::nullopt;
  check(info, "dgesv");
  return X;
}

LuFactors lu(In<Matrix> A) {
  begin(A, is_square(A), "lu");
  static_assert(sizeof(lapack_int) == sizeof(int));
  const lapack_int n = extent(A.rows());
  LuFactors result{A, std::vector<int>(static_cast<std::size_t>(n))};
  if (n == 0) return result;
  const lapack_int info =
      LAPACKE_dgetrf(column_major, n, n, result.factors.data(), n, result.exchanges.data());
  check(std::min<lapack_int>(info, 0), "dgetrf");
  for (int& row : result.exchanges) --row;
  return result;
}

Matrix LuFactors::lower() const { return factors.triangularView<Eigen::UnitLower>(); }
Matrix LuFactors::upper() const { return factors.triangularView<Eigen::Upper>(); }

void LuFactors::restore_rows(InOut<Matrix> B) const {
  for (std::size_t i = exchanges.size(); i-- > 0;) {
    B.row(static_cast<Index>(i)).swap(B.row(exchanges[i]));
  }
}

int LuFactors::permutation_sign() const {
  int sign = 1;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    if (exchanges[i] != static_cast<int>(i)) sign = -sign;
  }
  return sign;
}

std::optional<Matrix> inverse(const LuFactors& A) {
  Matrix X = A.factors;
  if (X.size() == 0) return X;
  if (!X.allFinite()) return std::nullopt;
  const lapack_int n = extent(X.rows());
  std::vector<lapack_int> pivots;
  for (const int row : A.exchanges) pivots.push_back(row + 1);
  const lapack_int info = LAPACKE_dgetri(column_major, n, X.data(), n, pivots.data());
  if (info > 0) return std::nullopt;
  check(info, "dgetri");
  if (!X.allFinite()) return std::nullopt;
  return X;
}

std::optional<Matrix> solve_positive_definite(In<Matrix> A, In<Matrix> B) {
  begin(A, is_square(A) && A.rows() == B.rows(), "solve_positive_definite");
  begin(B, true, "solve_positive_definite");
  const std::optional<Matrix> L = cholesky(A);
  if (!L) return std::nullopt;
  Matrix X = B;
  if (X.size() == 0) return X;
  const lapack_int n = extent(A.rows());
  check(LAPACKE_dpotrs(column_major, 'L', n, extent(B.cols()), L->data(), n, X.data(), n),
        "dpotrs");
  return X;
}

std::optional<double> log_determinant(In<Matrix> A) {
  begin(A, is_square(A), "log_determinant");
  const std::optional<Matrix> L = cholesky(A);
  if (!L) return std::nullopt;
  return 2 * L->diagonal().array().log().sum();
}

double log_abs_determinant(In<Matrix> A) {
  begin(A, is_square(A), "log_abs_determinant");
  Lu factored;
  if (!factored.factor(A)) return -std::numeric_limits<double>::infinity();
  return factored.log_abs_determinant();
}

Qr qr(In<Matrix> A) {
  Qr result{A, Matrix(A.cols(), A.cols())};
  qr_in_place(result.Q, result.R);
  return result;
}

Svd svd(In<Matrix> A) {
  begin(A, true, "svd");
  const Index m = A.rows(), n = A.cols(), k = std::min(m, n);
  Svd result{Matrix(m, k), Vector(k), Matrix(n, k)};
  if (k == 0) return result;
  Matrix work = A, V_transposed(k, n);
  check(LAPACKE_dgesdd(column_major, 'S', extent(m), extent(n), work.data(), extent(m),
                       result.values.data(), result.U.data(), extent(m), V_transposed.data(),
                       extent(k)),
        "dgesdd");
  result.V = V_transposed.transpose();
  return result;
}

Vector singular_values(In<Matrix> A) {
  begin(A, true, "singular_values");
  Vector values(std::min(A.rows(), A.cols()));
  if (values.size() == 0) return values;
  Matrix work = A;
  check(LAPACKE_dgesdd(column_major, 'N', extent(A.rows()), extent(A.cols()), work.data(),
                       extent(A.rows()), values.data(), nullptr, 1, nullptr, 1),
        "dgesdd");
  return values;
}

Matrix orthonormal_basis(In<Matrix> A) { return qr(A).Q; }

}  // namespace nullcline
