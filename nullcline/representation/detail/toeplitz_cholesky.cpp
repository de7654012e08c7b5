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

/// L^-1.
Matrix inverse_of_lower(const Matrix& L) {
  const Index size = L.rows();
  Matrix R = Matrix::Zero(size, size);
  for (Index j = 0; j < size; ++j) {
    R(j, j) = 1;
    for (Index i = j; i < size; ++i) {
      R(i, j) /= L(i, i);
      const Index rest = size - i - 1;
      R.col(j).tail(rest) -= R(i, j) * L.col(i).tail(rest);
    }
  }
  return R;
}

/// The lower triangle of C_T^-1 - 1/2 C_2T^-1 = R' diag(w) R with R = L^-1: of C_T^-1 the first T d
/// rows of R, so that w is 1/2 there, and -1/2 below.
Matrix difference_of_inverses(const Matrix& L) {
  const Matrix R = inverse_of_lower(L);
  const Index size = L.rows(), half = size / 2;
  Matrix weighted = 0.5 * R;
  weighted.bottomRows(half) *= -1;
  Matrix result(size, size);
  // Column i of R is zero above i.
  for (Index j = 0; j < size; ++j) {
    for (Index i = j; i < size; ++i) {
      result(i, j) = R.col(i).tail(size - i).dot(weighted.col(j).tail(size - i));
    }
  }
  return result;
}

}  // namespace

std::optional<ToeplitzInformation> information_by_cholesky(const Matrix& lags, bool with_slopes) {
  const auto L = factor(lags);
  if (!L) return std::nullopt;
  const Index size = lags.rows(), half = size / 2, d = lags.cols();
  const auto logs = L->diagonal().array().log();
  ToeplitzInformation result{logs.head(half).sum() - logs.tail(half).sum(), {}};
  if (!with_slopes) return result;

  const Matrix inverses = difference_of_inverses(*L);
  result.slopes = Matrix::Zero(size, d);
  for (Index first = 0; first < size; first += d) {
    result.slopes.topRows(size - first) += inverses.block(first, first, size - first, d);
  }
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
