// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/unseen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double z = 1.959963984540054;  // normal quantile of 0.975

/// The approximate variance of the estimate.
double variance(double c, double f1, double f2, double total) {
  if (f2 > 0) {
    const double ratio = f1 / f2;
    return f2 * (c / 2 * std::pow(ratio, 2) + c * c * std::pow(ratio, 3) +
                 c * c / 4 * std::pow(ratio, 4));
  }
  return c * f1 * (f1 - 1) / 2 + c * c * f1 * std::pow(2 * f1 - 1, 2) / 4 -
         c * c * std::pow(f1, 4) / (4 * total);
}

}  // namespace

UnseenEstimate estimate_unseen(std::span<const Index> hits) {
  UnseenEstimate result;
  for (const Index h : hits) {
    require(h >= 0, "estimate_unseen: a count of hits is negative");
    result.draws += h;
    result.seen += h > 0;
    result.once += h == 1;
    result.twice += h == 2;
  }
  if (result.draws == 0) {
    result.upper = std::numeric_limits<double>::infinity();
    return result;
  }
  const auto K = static_cast<double>(result.draws), S = static_cast<double>(result.seen);
  const auto f1 = static_cast<double>(result.once), f2 = static_cast<double>(result.twice);
  const double c = (K - 1) / K;
  result.coverage = 1 - f1 / K;
  result.estimate = c * f1 * std::max(f1 - 1, 0.0) / (2 * (f2 + 1));
  if (result.estimate > 0) {
    const double sd_of_log = std::sqrt(std::log1p(
        std::max(0.0, variance(c, f1, f2, S + result.estimate)) / std::pow(result.estimate, 2)));
    result.lower = result.estimate * std::exp(-z * sd_of_log);
    result.upper = result.estimate * std::exp(z * sd_of_log);
  } else if (result.once == 1 && result.draws > 1) {
    result.upper = z * std::sqrt(std::max(0.0, variance(c, f1, f2, S)));
  } else if (result.once < result.draws) {
    const double missed = std::exp(-K / S);
    result.upper = S / (1 - missed) + z * std::sqrt(S * missed * (1 - missed)) / (1 - missed) - S;
  } else {
    result.upper = std::numeric_limits<double>::infinity();  // a single draw
  }
  return result;
}

}  // namespace nullcline::dynamics
