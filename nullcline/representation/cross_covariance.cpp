// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/cross_covariance.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

/// All trials in a row, centered, with `gap` columns of zeros between them: products at lags up
/// to `gap` across a border are then zero, and one matrix product gives all of a lag.
Matrix padded(std::span<const Matrix> trials, const detail::TrialShape& shape, In<Vector> mean,
              Index gap) {
  const Index trial_count = static_cast<Index>(trials.size());
  Matrix X = Matrix::Zero(shape.dim, shape.samples + gap * (trial_count - 1));
  Index column = 0;
  for (const Matrix& trial : trials) {
    X.middleCols(column, trial.cols()) = trial.colwise() - mean;
    column += trial.cols() + gap;
  }
  return X;
}

Index products_at(std::span<const Matrix> trials, Index lag) {
  Index products = 0;
  for (const Matrix& trial : trials) products += std::max<Index>(0, trial.cols() - lag);
  return products;
}

}  // namespace

CrossCovariances cross_covariances(std::span<const Matrix> trials,
                                   const CrossCovarianceOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "cross_covariances");
  Index longest = 0;
  for (const Matrix& trial : trials) longest = std::max(longest, trial.cols());
  if (options.count < 1 || options.count > longest) {
    throw std::invalid_argument(
        fmt::format("cross_covariances: {} lags are wanted, the longest trial ({} steps) allows "
                    "1 .. {}",
                    options.count, longest, longest));
  }

  CrossCovariances result;
  result.mean = options.mean ? *options.mean : detail::mean_of(trials, shape);
  if (result.mean.size() != shape.dim) {
    throw std::invalid_argument(fmt::format("cross_covariances: the mean has {} entries, not {}",
                                            result.mean.size(), shape.dim));
  }
  result.lags.resize(static_cast<std::size_t>(options.count));
  const Matrix X = padded(trials, shape, result.mean, options.count - 1);
  parallel_for(options.count, options.threads, [&](Index k) {
    const Index products = X.cols() - k;
    const double divisor = static_cast<double>(
        options.divisor == LagDivisor::samples ? shape.samples : products_at(trials, k));
    Matrix C = multiply(X.rightCols(products), X.leftCols(products), false, true) / divisor;
    if (k == 0) C = (0.5 * (C + C.transpose())).eval();
    result.lags[static_cast<std::size_t>(k)] = std::move(C);
  });
  return result;
}

Matrix block_toeplitz(std::span<const Matrix> lags, Index window) {
  if (window < 1 || window > static_cast<Index>(lags.size())) {
    throw std::invalid_argument(
        fmt::format("block_toeplitz: window is {}, must be 1 .. {}", window, lags.size()));
  }
  const Index n = lags[0].rows();
  Matrix result(window * n, window * n);
  for (Index i = 0; i < window; ++i) {
    for (Index j = 0; j <= i; ++j) {
      const Matrix& C = lags[static_cast<std::size_t>(i - j)];
      if (C.rows() != n || C.cols() != n) {
        throw std::invalid_argument(fmt::format("block_toeplitz: lag {} is {} x {}, not {} x {}",
                                                i - j, C.rows(), C.cols(), n, n));
      }
      result.block(i * n, j * n, n, n) = C;
      result.block(j * n, i * n, n, n) = C.transpose();
    }
  }
  return result;
}

}  // namespace nullcline::representation
