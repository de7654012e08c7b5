// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// What a sum of lag products is divided by.
enum class LagDivisor {
  /// The number of samples, sum_i T_i, for every lag. The block-Toeplitz covariance is then
  /// positive semidefinite for any data, but C(k) is too small by the factor 1 - k / T_i: trials
  /// should be long against the lags.
  samples,
  /// The number of products, sum_i (T_i - k). Without that factor, but the block-Toeplitz
  /// covariance can be indefinite when samples are few.
  products,
};

/// The mean and the lag covariances of a stationary process x_t in R^n,
///
///     C(k) = E[ (x_{t+k} - mean) (x_t - mean)' ],  C(-k) = C(k)'.
struct CrossCovariances {
  Vector mean;               ///< (n)
  std::vector<Matrix> lags;  ///< C(0), C(1), ...: (n, n) each.

  Index dim() const { return lags.empty() ? 0 : lags[0].rows(); }
};

struct CrossCovarianceOptions {
  Index count = 10;  ///< Lags 0 .. count - 1, count >= 1.
  LagDivisor divisor = LagDivisor::samples;
  std::optional<Vector> mean = {};  ///< (n) if it is known; else that of the trials.
  Threads threads = {};
};

/// Estimates from trials (n, T_i): the mean over all of them is removed, and products are taken
/// within trials only. C(0) is exactly symmetric.
///
/// Throws std::invalid_argument when trials do not fit together, are not finite, or none is as
/// long as `count`.
CrossCovariances cross_covariances(std::span<const Matrix> trials,
                                   const CrossCovarianceOptions& options = {});

/// The covariance of `window` successive steps (x_t, x_{t+1}, ...): block (i, j) is C(i - j).
/// (window n, window n); 1 <= window <= number of lags.
Matrix block_toeplitz(std::span<const Matrix> lags, Index window);

}  // namespace nullcline::representation
