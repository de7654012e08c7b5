// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/block_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nullcline::dynamics::detail {
namespace {

constexpr Index fewest_means = 16;

double error_of_independent(const Matrix& means, double overall) {
  const auto M = static_cast<double>(means.size());
  if (M < 2) return std::numeric_limits<double>::infinity();
  return std::sqrt((means.array() - overall).square().sum() / (M * (M - 1)));
}

/// Averages of rows 2 t and 2 t + 1; an odd last row is left out.
Matrix paired(const Matrix& means) {
  Matrix half(means.rows() / 2, means.cols());
  for (Index t = 0; t < half.rows(); ++t) {
    half.row(t) = (means.row(2 * t) + means.row(2 * t + 1)) / 2;
  }
  return half;
}

}  // namespace

double blocked_standard_error(In<Matrix> series) {
  if (!series.allFinite()) return std::numeric_limits<double>::infinity();
  Matrix means = series;
  const double overall = series.size() > 0 ? series.mean() : 0;
  double before = 0, now = error_of_independent(means, overall);
  while (means.rows() > 1 && means.rows() / 2 * means.cols() >= fewest_means) {
    means = paired(means);
    before = now;
    now = error_of_independent(means, overall);
  }
  return std::max(before, now);
}

}  // namespace nullcline::dynamics::detail
