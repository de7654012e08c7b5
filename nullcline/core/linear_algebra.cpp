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

#include "nullcline/core/errors.hpp"

namespace nullcline {
namespace {

constexpr int column_major = LAPACK_COL_MAJOR;

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
  throw std::runtime_error(std::string("LAPACK's ") + name +
                           (info > 0 ? " did not converge" : " failed"));
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

}  // namespace

Matrix multiply(In<Matrix> A, In<Matrix> B, bool transpose_A, bool transpose_B) {
  const Index m = transpose_A ? A.cols() : A.rows(), k = transpose_A ? A.rows() : A.cols();
  const Index n = transpose_B ? B.rows() : B.cols(), l = transpose_B ? B.cols() : B.rows();
  begin(A, k == l, "multiply");
  begin(B, true, "multiply");
  if (m == 0 || n == 0 || k == 0) return Matrix::Zero(m, n);
  Matrix C(m, n);
  cblas_dgemm(CblasColMajor, transpose_A ? CblasTrans : CblasNoTrans,
              transpose_B ? CblasTrans : CblasNoTrans, extent(m), extent(n), extent(k), 1.0,
              A.data(), stride(A), B.data(), stride(B), 0.0, C.data(), extent(m));
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

Lu lu(In<Matrix> A) {
  begin(A, is_square(A), "lu");
  Lu result{A, std::vector<lapack_int>(static_cast<std::size_t>(A.rows())), 1, 0.0};
  if (A.size() == 0) return result;
  const lapack_int n = extent(A.rows());
  const lapack_int info =
      LAPACKE_dgetrf(column_major, n, n, result.factors.data(), n, result.pivots.data());
  if (info < 0) check(info, "dgetrf");
  for (Index i = 0; i < A.rows(); ++i) {
    const double pivot = result.factors(i, i);
    const bool exchanged = result.pivots[static_cast<std::size_t>(i)] != extent(i) + 1;
    if (exchanged != (pivot < 0)) result.sign = -result.sign;
    result.log_abs_determinant += std::log(std::abs(pivot));
  }
  if (info > 0) result.sign = 0;
  return result;
}

Matrix solve(const Lu& factored, In<Matrix> B) {
  begin(factored.factors, factored.factors.rows() == B.rows() && factored.sign != 0, "solve");
  begin(B, true, "solve");
  Matrix X = B;
  if (X.size() == 0) return X;
  const lapack_int n = extent(B.rows());
  check(LAPACKE_dgetrs(column_major, 'N', n, extent(B.cols()), factored.factors.data(), n,
                       factored.pivots.data(), X.data(), n),
        "dgetrs");
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
  Matrix work = A;
  Vector wr(n), wi(n);
  if (n > 0) {
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

Matrix orthonormal_basis(In<Matrix> A) {
  begin(A, A.cols() <= A.rows(), "orthonormal_basis");
  Matrix Q = A;
  if (Q.size() == 0) return Q;
  const lapack_int n = extent(A.rows()), k = extent(A.cols());
  Vector reflectors(A.cols());
  check(LAPACKE_dgeqrf(column_major, n, k, Q.data(), n, reflectors.data()), "dgeqrf");
  const Vector diagonal = Q.diagonal();
  check(LAPACKE_dorgqr(column_major, n, k, k, Q.data(), n, reflectors.data()), "dorgqr");
  for (Index j = 0; j < A.cols(); ++j) {
    if (diagonal(j) < 0) Q.col(j) = -Q.col(j);
  }
  return Q;
}

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
