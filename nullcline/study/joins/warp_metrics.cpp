// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/joins/warp_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "nullcline/geometry/comparison.hpp"
#include "nullcline/geometry/population.hpp"
#include "nullcline/study/analyses/warp_course.hpp"

namespace nullcline::study {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

geometry::PullbackMetric last_step(const geometry::PullbackMetric& metric, Index points) {
  std::vector<Index> columns(static_cast<std::size_t>(points));
  std::iota(columns.begin(), columns.end(), metric.metric.cols() - points);
  return metric_at(metric, columns);
}

/// Makes NaN of the means that did not converge, and counts them.
Index drop_not_converged(geometry::MeanMetric& mean) {
  Index count = 0;
  for (Index c = 0; c < mean.dispersion.size(); ++c) {
    const auto place = static_cast<std::size_t>(c);
    if (mean.status[place] != geometry::MetricStatus::immersed || mean.converged[place] != 0) {
      continue;
    }
    mean.metric.col(c).setConstant(nan);
    mean.dispersion(c) = nan;
    ++count;
  }
  return count;
}

}  // namespace

double immersed_part(const Metrics& metrics, const std::vector<ManifoldGrid>& grids) {
  double least = metrics.empty() ? 0 : 1;
  for (std::size_t c = 0; c < metrics.size(); ++c) {
    const Index K = grids[c].points.count;
    const auto immersed = std::count(metrics[c].status.end() - K, metrics[c].status.end(),
                                     geometry::MetricStatus::immersed);
    least = std::min(least, static_cast<double>(immersed) / static_cast<double>(K));
  }
  return least;
}

double metric_distance(const Metrics& a, const Metrics& b, const std::vector<ManifoldGrid>& grids,
                       const std::string& part) {
  double sum = 0;
  for (std::size_t c = 0; c < grids.size(); ++c) {
    const Index K = grids[c].points.count;
    const auto found = geometry::distances_of_networks({last_step(a[c], K), last_step(b[c], K)}, K);
    sum += (part == "affine_invariant" ? found.affine_invariant : found.spectral_ratio)(1, 0);
  }
  return sum / static_cast<double>(grids.size());
}

double put_mean(io::Dataset& result, const std::string& name, const std::vector<Metrics>& metrics,
                const std::vector<std::size_t>& objects, const std::vector<ManifoldGrid>& grids,
                Index steps) {
  const auto manifolds = static_cast<Index>(grids.size());
  Matrix bands(manifolds, 3 * steps);
  double last = 0;
  Index not_converged = 0;
  for (Index c = 0; c < manifolds; ++c) {
    const auto place = static_cast<std::size_t>(c);
    Metrics of_manifold;
    for (const std::size_t object : objects) of_manifold.push_back(metrics[object][place]);
    geometry::MeanMetric mean = geometry::mean_metric(of_manifold);
    not_converged += drop_not_converged(mean);
    const Index K = grids[place].points.count;
    const Matrix quantiles =
        geometry::over_points(mean.dispersion.transpose(), K).quantiles;  // (3, S)
    bands.row(c) = quantiles.reshaped().transpose();
    last += quantiles(1, steps - 1) / static_cast<double>(manifolds);
    result.arrays[fmt::format("mean/{}/{}", c, name)] =
        Array::sequence(MatrixX<float>(mean.metric.cast<float>()), steps, K);
  }
  result.arrays["dispersion/" + name] = Array::sequence(bands, steps, 3);
  result.attributes["not_converged"][name] = not_converged;
  return last;
}

}  // namespace nullcline::study
