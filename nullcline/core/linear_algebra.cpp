// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/linear_algebra.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <lapacke.h>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/hessenberg.hpp"
#include "nullcline/core/lu.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/core/qr.hpp"

namespace nullcline {
namespace {

constexpr int column_major = LAPACK_COL_MAJOR;

// multiply: from so many columns on packing the left factor pays; a panel of it stays in L1.
constexpr Index packed_columns = 8, packed_depth = 512;

// eigenvalues: above so many rows LAPACK's iteration by many shifts at once is the faster one.
constexpr Index own_iteration = 300;

lapack_int extent(Index n) { return static_cast<lapack_int>(n); }
lapack_int stride(In<Matrix> A) { return extent(std::max<Index>({1, A.rows(), A.outerStride()})); }

void use_one_thread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

/// What every function here does first.
void begin(In<Matrix> A, bool shape_is_right, const char* name) {
  use_one_thread();
  if (!shape_is_right) throw std::invalid_argument(std::string(name) + ": wrong shape");
  if (!A.allFinite()) throw std::invalid_argument(std::string(name) + ": entries not finite");
}

bool is_square(In<Matrix> A) { return A.rows() == A.cols(); }

/// LAPACK's verdict: 0 is success, > 0 not converged, < 0 out of memory.
void check(lapack_int info, const char* name) {
  if (info == 0) return;
  const std::string routine = std::string("LAPACK's ") + name;
  if (info > 0) throw NotConverged(routine + " did not converge");
  throw std::runtime_error(routine + " failed");
}

/// A first eigenvalue of dgeev: a real one, or the half with Im > 0 of a conjugate pair.
struct Block {
  Index first;
  std::complex<double> value;
};

/// The eigenvalues wr + i wi, each pair as one block, in the order that the header promises.
std::vector<Block> sorted_blocks(const Vector& wr, const Vector& wi) {
  std::vector<Block> blocks;
  for (Index j = 0; j < wr.size(); j += wi(j) == 0 ? 1 : 2) blocks.push_back({j, {wr(j), wi(j)}});
  std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
    const double modulus_a = std::abs(a.value), modulus_b = std::abs(b.value);
    if (modulus_a != modulus_b) return modulus_a > modulus_b;
    if (a.value.real() != b.value.real()) return a.value.real() > b.value.real();
    return a.value.imag() > b.value.imag();
  });
  return blocks;
}

ComplexVector sorted_values(const std::vector<Block>& blocks, Index n) {
  ComplexVector values(n);
  Index j = 0;
  for (const Block& block : blocks) {
    values(j++) = block.value;
    if (block.value.imag() != 0) values(j++) = std::conj(block.value);
  }
  return values;
}

/// dgeev stores the vectors of a pair v, conj(v) as two real columns, Re v and Im v.
ComplexMatrix sorted_vectors(const std::vector<Block>& blocks, const Matrix& packed) {
  ComplexMatrix vectors(packed.rows(), packed.cols());
  Index j = 0;
  for (const Block& block : blocks) {
    if (block.value.imag() == 0) {
      vectors.col(j++) = packed.col(block.first).cast<std::complex<double>>();
    } else {
      vectors.col(j).real() = packed.col(block.first);
      vectors.col(j).imag() = packed.col(block.first + 1);
      vectors.col(j + 1) = vectors.col(j).conjugate();
      j += 2;
    }
  }
  return vectors;
}

/// Balanced, as dgeev does it, and reduced to Hessenberg form by LAPACK. False if the iteration
/// does not converge, or on entries whose squares may overflow or vanish: dgeev scales those.
bool eigenvalues_by_own_iteration(In<Matrix> A, Vector& wr, Vector& wi) {
  const double largest = A.cwiseAbs().maxCoeff();
  if (!(largest == 0 || (largest > 1e-140 && largest < 1e140))) return false;
  const lapack_int n = extent(A.rows());
  Matrix work = A;
  lapack_int low = 0, high = 0;
  Vector scale(A.rows()), tau(A.rows());
  check(LAPACKE_dgebal(column_major, 'B', n, work.data(), n, &low, &high, scale.data()), "dgebal");
  check(LAPACKE_dgehrd(column_major, n, low, high, work.data(), n, tau.data()), "dgehrd");
  wr = work.diagonal();  // which these are where balancing has isolated them
  wi.setZero();
  const Index first = low - 1, size = high - first;
  Matrix H = work.block(first, first, size, size);
  for (Index j = 0; j + 2 < size; ++j) H.col(j).tail(size - j - 2).setZero();
  return hessenberg_eigenvalues(H, wr.segment(first, size), wi.segment(first, size));
}

/// Cholesky's L of A = L L' in the lower triangle; nullopt if A is not positive definite.
std::optional<Matrix> cholesky(Matrix A) {
  const lapack_int n = extent(A.rows());
  if (n == 0) return A;
  const lapack_int info = LAPACKE_dpotrf(column_major, 'L', n, A.data(), n);
  if (info > 0) return std::nullopt;
  check(info, "dpotrf");
  return A;
}

/// An orthonormal basis of the column space of A, whatever the lengths of its columns.
Matrix basis_of_independent(In<Matrix> A) {
  Matrix directions = A;
  for (Index j = 0; j < A.cols(); ++j) directions.col(j).stableNormalize();
  Svd decomposition = svd(directions);
  const Vector& values = decomposition.values;
  const double smallest =
      std::numeric_limits<double>::epsilon() * static_cast<double>(std::max(A.rows(), A.cols()));
  require(values.size() == 0 || values.minCoeff() > smallest * values(0),
          "principal_angles: the columns must be linearly independent");
  return std::move(decomposition.U);
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

SymmetricEigen symmetric_eigen(In<Matrix> A) {
  begin(A, is_square(A), "symmetric_eigen");
  SymmetricEigen result{Vector(A.rows()), A};
  if (A.size() == 0) return result;
  const lapack_int n = extent(A.rows());
  check(LAPACKE_dsyevd(column_major, 'V', 'L', n, result.vectors.data(), n, result.values.data()),
        "dsyevd");
  return result;
}

GeneralEigen eigen(In<Matrix> A) {
  begin(A, is_square(A), "eigen");
  const Index n = A.rows();
  Matrix work = A, left(n, n), right(n, n);
  Vector wr(n), wi(n);
  if (n > 0) {
    const lapack_int size = extent(n);
    check(LAPACKE_dgeev(column_major, 'V', 'V', size, work.data(), size, wr.data(), wi.data(),
                        left.data(), size, right.data(), size),
          "dgeev");
  }
  const auto blocks = sorted_blocks(wr, wi);
  return {sorted_values(blocks, n), sorted_vectors(blocks, right), sorted_vectors(blocks, left)};
}

ComplexVector eigenvalues(In<Matrix> A) {
  begin(A, is_square(A), "eigenvalues");
  const Index n = A.rows();
  Vector wr(n), wi(n);
  if (n == 0) return ComplexVector();
  if (n > own_iteration || !eigenvalues_by_own_iteration(A, wr, wi)) {
    Matrix work = A;
    const lapack_int size = extent(n);
    check(LAPACKE_dgeev(column_major, 'N', 'N', size, work.data(), size, wr.data(), wi.data(),
                        nullptr, 1, nullptr, 1),
          "dgeev");
  }
  return sorted_values(sorted_blocks(wr, wi), n);
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

ComplexMatrix complex_schur(In<Matrix> A) {
  begin(A, is_square(A), "complex_schur");
  ComplexMatrix T = A.cast<std::complex<double>>();
  if (T.size() == 0) return T;
  const lapack_int n = extent(A.rows());
  ComplexVector values(A.rows());
  lapack_int selected = 0;
  check(LAPACKE_zgees(column_major, 'N', 'N', nullptr, n, T.data(), n, &selected, values.data(),
                      nullptr, 1),
        "zgees");
  return T.triangularView<Eigen::Upper>();
}

Matrix real_schur(In<Matrix> A) {
  begin(A, is_square(A), "real_schur");
  Matrix T = A;
  if (T.size() == 0) return T;
  const lapack_int n = extent(A.rows());
  Vector wr(A.rows()), wi(A.rows());
  lapack_int selected = 0;
  check(LAPACKE_dgees(column_major, 'N', 'N', nullptr, n, T.data(), n, &selected, wr.data(),
                      wi.data(), nullptr, 1),
        "dgees");
  return T;
}

OrderedSchur unit_circle_schur(In<Matrix> A) {
  begin(A, is_square(A), "unit_circle_schur");
  const lapack_int n = extent(A.rows());
  OrderedSchur result{Matrix(A.rows(), A.rows()), A, 0};
  if (n == 0) return result;
  Vector wr(A.rows()), wi(A.rows());
  lapack_int selected = 0;
  const auto outside = [](const double* re, const double* im) -> lapack_logical {
    return std::hypot(*re, *im) > 1;
  };
  const lapack_int info = LAPACKE_dgees(column_major, 'V', 'S', outside, n, result.T.data(), n,
                                        &selected, wr.data(), wi.data(), result.Q.data(), n);
  if (info != n + 2) check(info, "dgees");  // n + 2: rounding moved an eigenvalue over the circle
  result.outside = selected;
  return result;
}

Matrix solve_sylvester(In<Matrix> A, In<Matrix> B, In<Matrix> C) {
  begin(A, is_square(A) && A.rows() == C.rows(), "solve_sylvester");
  begin(B, is_square(B) && B.rows() == C.cols(), "solve_sylvester");
  begin(C, true, "solve_sylvester");
  Matrix X = C;
  if (X.size() == 0) return X;
  double scale = 1;
  const lapack_int info =
      LAPACKE_dtrsyl(column_major, 'N', 'N', -1, extent(A.rows()), extent(B.rows()), A.data(),
                     stride(A), B.data(), stride(B), X.data(), extent(X.rows()), &scale);
  check(std::min<lapack_int>(info, 0), "dtrsyl");  // 1: solved for eigenvalues a rounding apart
  return X / scale;
}

Matrix orthonormal_basis(In<Matrix> A) { return qr(A).Q; }

Vector principal_angles(In<Matrix> A, In<Matrix> B) {
  begin(A, A.rows() == B.rows() && A.cols() <= A.rows() && B.cols() <= B.rows(),
        "principal_angles");
  begin(B, true, "principal_angles");
  if (A.cols() < B.cols()) return principal_angles(B, A);

  // With the bases Q_A (n, p) and Q_B (n, q), p >= q: the cosines are the singular values of
  // Q_A' Q_B, the sines those of Q_B - Q_A Q_A' Q_B [Bjorck & Golub 1973, theorem 1 and (13)].
  const Matrix Q_A = basis_of_independent(A), Q_B = basis_of_independent(B);
  const Matrix overlap = multiply(Q_A, Q_B, true);
  const Vector cosines = singular_values(overlap);
  const Vector sines = singular_values(Q_B - multiply(Q_A, overlap)).reverse();
  Vector angles(B.cols());
  for (Index j = 0; j < angles.size(); ++j) {
    angles(j) = cosines(j) * cosines(j) > 0.5 ? std::asin(std::min(1.0, sines(j)))
                                              : std::acos(std::min(1.0, cosines(j)));
  }
  return angles;
}

}  // namespace nullcline
