// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double probabilities[] = {0.05, 0.5, 0.95};

/// Linear between order statistics; between two infinities, or at one, infinite.
double quantile(const std::vector<double>& ascending, double probability) {
  if (ascending.empty()) return unknown;
  const double place = probability * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(below);
  if (part == 0) return ascending[below];
  return (1 - part) * ascending[below] + part * ascending[below + 1];
}

Matrix over_sum(const Matrix& eigenvalues) {
  Matrix result = eigenvalues;
  for (Index c = 0; c < result.cols(); ++c) result.col(c) /= result.col(c).sum();  // 0 / 0: NaN
  return result;
}

}  // namespace

std::vector<WarpQuantity> quantities_of(const Warp& warp) {
  const geometry::PullbackMetric& metric = warp.metric;
  const auto row = [](const Vector& values) -> Matrix { return values.transpose(); };
  std::vector<WarpQuantity> all{{"volume", row(metric.volume)},
                                {"eigenvalues", metric.eigenvalues},
                                {"normalized_eigenvalues", over_sum(metric.eigenvalues)},
                                {"condition", row(metric.condition)},
                                {"effective_dim", row(metric.effective_dim)},
                                {"stretch", metric.stretch},
                                {"cosines", metric.cosines},
                                {"alignment", warp.alignment},
                                {"visible", row(warp.visible)},
                                {"speed", row(warp.speed)},
                                {"curvature", row(warp.curvature)}};
  std::erase_if(all, [](const WarpQuantity& each) { return each.values.size() == 0; });
  return all;
}

Matrix bands(const WarpQuantity& quantity, Index steps, Index points) {
  const Index r = quantity.values.rows();
  Matrix result(3 * r, steps);
  std::vector<double> known;
  for (Index s = 0; s < steps; ++s) {
    for (Index i = 0; i < r; ++i) {
      known.clear();
      for (const double value : quantity.values.row(i).segment(s * points, points)) {
        if (!std::isnan(value)) known.push_back(value);
      }
      std::sort(known.begin(), known.end());
      for (Index q = 0; q < 3; ++q) result(3 * i + q, s) = quantile(known, probabilities[q]);
    }
  }
  return result;
}

StatusCounts statuses_of(const Warp& warp, Index step) {
  const auto first = warp.metric.status.begin() + step * warp.points;
  const auto count = [&](geometry::MetricStatus status) {
    return static_cast<Index>(std::count(first, first + warp.points, status));
  };
  return {count(geometry::MetricStatus::immersed), count(geometry::MetricStatus::degenerate),
          count(geometry::MetricStatus::collapsed), count(geometry::MetricStatus::not_finite)};
}

CurvatureSummary curvature_at(const Warp& warp, Index step, In<Vector> weights) {
  CurvatureSummary result{weights.size() > 0 ? 0 : unknown, unknown, unknown, -1, -1};
  for (Index k = 0; k < warp.points; ++k) {
    const double value = warp.curvature(step * warp.points + k);
    if (weights.size() > 0) {
      result.total += weights(k) * value * warp.metric.volume(step * warp.points + k);
    }
    if (std::isnan(value)) continue;
    if (result.least_at < 0 || value < result.least) {
      result.least = value;
      result.least_at = k;
    }
    if (result.greatest_at < 0 || value > result.greatest) {
      result.greatest = value;
      result.greatest_at = k;
    }
  }
  return result;
}

}  // namespace nullcline::study
