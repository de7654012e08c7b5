// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/geometry/comparison.hpp"

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Matrix row(const Vector& values) { return values.transpose(); }

Matrix finite(const Matrix& values) {
  return values.unaryExpr([](double value) { return std::isfinite(value) ? value : unknown; });
}

}  // namespace

std::vector<WarpQuantity> quantities_of(const Warp& warp) {
  const geometry::PullbackMetric& metric = warp.metric;
  std::vector<WarpQuantity> all{{"volume", row(metric.volume), true},
                                {"eigenvalues", metric.eigenvalues},
                                {"normalized_eigenvalues", geometry::normalized_spectra(metric)},
                                {"condition", finite(row(metric.condition)), true},
                                {"effective_dim", row(metric.effective_dim), true},
                                {"stretch", metric.stretch},
                                {"cosines", metric.cosines},
                                {"alignment", warp.alignment},
                                {"visible", row(warp.visible), true},
                                {"speed", row(warp.speed), true},
                                {"curvature", row(warp.curvature), true},
                                {"mean_curvature", row(warp.mean_curvature), true},
                                {"ricci", warp.ricci}};
  std::erase_if(all, [](const WarpQuantity& each) { return each.values.size() == 0; });
  return all;
}

std::vector<WarpQuantity> distances_of(const Warp& warp, const Warp& other) {
  const auto found = geometry::metric_distances(warp.metric, other.metric);
  return {{"affine_invariant", row(found.affine_invariant), true},
          {"spectral_ratio", row(found.spectral_ratio), true}};
}

Matrix bands(const WarpQuantity& quantity, Index points) {
  return geometry::over_points(quantity.values, points).quantiles;
}

void put_quantities(io::Dataset& result, const std::string& prefix,
                    const std::vector<WarpQuantity>& quantities, const Warp& warp) {
  for (const WarpQuantity& quantity : quantities) {
    const Index r = quantity.values.rows();
    const Matrix band = bands(quantity, warp.points);
    result.arrays[prefix + "summary/" + quantity.name] =
        Array::sequence(band.reshaped(r, 3 * warp.count()), warp.count(), 3);
  }
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
