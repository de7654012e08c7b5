// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/dca_checks.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

namespace nullcline::representation::detail {

void check_options(const DcaOptions& options, Index n) {
  if (options.dim < 1 || options.dim > n) {
    throw std::invalid_argument(
        fmt::format("dca: dim is {}, must be 1 .. {}, the number of units", options.dim, n));
  }
  if (options.window < 1) {
    throw std::invalid_argument(fmt::format("dca: window is {}, must be >= 1", options.window));
  }
  for (const Matrix& guess : options.first_guesses) {
    if (guess.rows() == n && guess.cols() == options.dim) continue;
    throw std::invalid_argument(fmt::format("dca: a first guess is {} x {}, must be {} x {}",
                                            guess.rows(), guess.cols(), n, options.dim));
  }
  if (options.starts < 0 || (options.starts == 0 && !options.start_at_variance &&
                             !options.start_at_predictability && options.first_guesses.empty())) {
    throw std::invalid_argument(fmt::format(
        "dca: {} random starts and no other, at least one start is needed", options.starts));
  }
  if (options.exchanges < 0) {
    throw std::invalid_argument(
        fmt::format("dca: exchanges is {}, must not be negative", options.exchanges));
  }
  if (!(options.ridge >= 0) || !std::isfinite(options.ridge)) {
    throw std::invalid_argument(fmt::format("dca: ridge is {}, must be >= 0", options.ridge));
  }
  if (options.max_iterations < 1 || !(options.gradient_tolerance > 0) ||
      !(options.start_tolerance > 0)) {
    throw std::invalid_argument(
        fmt::format("dca: max_iterations ({}), gradient_tolerance ({}) and start_tolerance ({}) "
                    "must be positive",
                    options.max_iterations, options.gradient_tolerance, options.start_tolerance));
  }
}

void check_covariances(const CrossCovariances& covariances, Index window) {
  const Index n = covariances.dim(), needed = 2 * window;
  if (static_cast<Index>(covariances.lags.size()) < needed) {
    throw std::invalid_argument(fmt::format("dca: a window of {} needs {} lags, there are {}",
                                            window, needed, covariances.lags.size()));
  }
  for (Index k = 0; k < needed; ++k) {
    const Matrix& C = covariances.lags[static_cast<std::size_t>(k)];
    if (C.rows() != n || C.cols() != n || !C.allFinite()) {
      throw std::invalid_argument(
          fmt::format("dca: the covariance at lag {} is {} x {}, must be a finite {} x {}", k,
                      C.rows(), C.cols(), n, n));
    }
  }
  if (covariances.mean.size() != 0 && covariances.mean.size() != n) {
    throw std::invalid_argument(fmt::format("dca: the mean has {} entries, the covariances {}",
                                            covariances.mean.size(), n));
  }
}

}  // namespace nullcline::representation::detail
