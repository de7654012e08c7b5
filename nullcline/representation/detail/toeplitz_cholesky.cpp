// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Cholesky>

#include "nullcline/representation/detail/toeplitz.hpp"

namespace nullcline::representation::detail {
namespace {

/// The lower triangle of L, C_N = L L'; nullopt if C_N is not positive definite. The upper left
/// quarter of L is the factor of C_T.
std::optional<Matrix> factor(const Matrix& lags) {
  const Index size = lags.rows(), d = lags.cols();
  Matrix C(size, size);
  for (Index first = 0; first < size; first += d) {
    C.block(first, first, size - first, d) = lags.topRows(size - first);
  }
  if (Eigen::internal::llt_inplace<double, Eigen::Lower>::blocked(C) >= 0) return std::nullopt;
  if (!C.diagonal().allFinite()) return std::nullopt;
  return C;
}

/// The lower triangle of C^-1 = L^-T L^-1.
Matrix inverse_from(In<Matrix> L) {
  const Index size = L.rows();
  // Column j of L^-1 is zero above j, and entry (i, j) of the inverse the product of columns i, j
  // from row i on.
  Matrix R = Matrix::Zero(size, size);
  for (Index j = 0; j < size; ++j) {
    R(j, j) = 1;
    for (Index i = j; i < size; ++i) {
      R(i, j) /= L(i, i);
      const Index rest = size - i - 1;
      R.col(j).tail(rest) -= R(i, j) * L.col(i).tail(rest);
    }
  }
  Matrix inverse(size, size);
  for (Index j = 0; j < size; ++j) {
    for (Index i = j; i < size; ++i) {
      inverse(i, j) = R.col(i).tail(size - i).dot(R.col(j).tail(size - i));
    }
  }
  return inverse;
}

/// slopes_k += weight sum of the blocks i - j = k.
void add_block_sums(const Matrix& inverse, double weight, Matrix& slopes) {
  const Index size = inverse.rows(), d = slopes.cols();
  for (Index first = 0; first < size; first += d) {
    slopes.topRows(size - first) += weight * inverse.block(first, first, size - first, d);
  }
}

}  // namespace

std::optional<ToeplitzInformation> information_by_cholesky(const Matrix& lags, bool with_slopes) {
  const auto L = factor(lags);
  if (!L) return std::nullopt;
  const Index size = lags.rows(), half = size / 2, d = lags.cols();
  const auto logs = L->diagonal().array().log();
  ToeplitzInformation result{logs.head(half).sum() - logs.tail(half).sum(), {}};
  if (!with_slopes) return result;

  result.slopes = Matrix::Zero(size, d);
  add_block_sums(inverse_from(*L), -0.5, result.slopes);
  add_block_sums(inverse_from(L->topLeftCorner(half, half)), 1, result.slopes);
  // Of the diagonal blocks the lower triangle is there.
  Matrix S_0 = result.slopes.topRows(d).selfadjointView<Eigen::Lower>();
  result.slopes.topRows(d) = 0.5 * S_0;
  return result;
}

std::optional<Vector> log_determinants_by_cholesky(const Matrix& lags) {
  const auto L = factor(lags);
  if (!L) return std::nullopt;
  const Index d = lags.cols(), N = lags.rows() / d;
  const Vector logs = L->diagonal().array().log();
  Vector result(N);
  for (Index k = 0; k < N; ++k) result(k) = 2 * logs.head((k + 1) * d).sum();
  return result;
}

}  // namespace nullcline::representation::detail
