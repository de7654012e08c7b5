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

/// L^-T, whose column r is zero below r.
Matrix inverse_transposed(const Matrix& L) {
  const Index size = L.rows();
  Matrix R = Matrix::Identity(size, size);
  for (Index i = 0; i < size; ++i) {
    R.col(i).head(i + 1) /= L(i, i);
    for (Index r = i + 1; r < size; ++r) R.col(r).head(i + 1) -= L(r, i) * R.col(i).head(i + 1);
  }
  return R;
}

/// The sums of the blocks i - j = k of C_T^-1 - 1/2 C_2T^-1 = R diag(w) R' with R = L^-T. Of C_T^-1
/// the first T d columns are the factor, so that w is 1/2 for these and -1/2 for the others.
Matrix block_sums(const Matrix& L, Index d) {
  const Matrix R = inverse_transposed(L);
  const Index size = L.rows();
  Matrix sums = Matrix::Zero(size, d);
  for (Index r = 0; r < size; ++r) {
    const double w = 2 * r < size ? 0.5 : -0.5;
    for (Index first = 0; first <= r; first += d) {
      const auto below = R.col(r).segment(first, r + 1 - first);
      for (Index j = 0; j < d; ++j) {
        sums.col(j).head(below.size()) += (w * R(first + j, r)) * below;
      }
    }
  }
  return sums;
}

}  // namespace

std::optional<ToeplitzInformation> information_by_cholesky(const Matrix& lags, bool with_slopes) {
  const auto L = factor(lags);
  if (!L) return std::nullopt;
  const Index size = lags.rows(), half = size / 2, d = lags.cols();
  const auto logs = L->diagonal().array().log();
  ToeplitzInformation result{logs.head(half).sum() - logs.tail(half).sum(), {}};
  if (!with_slopes) return result;

  result.slopes = block_sums(*L, d);
  result.slopes.topRows(d) *= 0.5;
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
