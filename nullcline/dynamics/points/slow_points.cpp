// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/slow_points.hpp"

#include <algorithm>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/detail/collect.hpp"
#include "nullcline/dynamics/detail/merge.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace detail {

double escape_radius(In<Matrix> starts, double radius) {
  if (radius > 0) return radius;
  double largest = 1;
  for (Index k = 0; k < starts.cols(); ++k) {
    if (starts.col(k).allFinite()) largest = std::max(largest, starts.col(k).norm());
  }
  return 10 * largest;
}

SlowPoints collect_slow_points(const Map& map, const std::vector<Descent>& descents, double dt,
                               double merge_distance) {
  const auto K = static_cast<Index>(descents.size());
  SlowPoints result;
  result.derivatives = map.derivatives();
  result.point_of_start.assign(descents.size(), -1);
  Matrix ends(map.dim(), K);
  Vector residuals(K);
  std::vector<Index> found;
  for (Index k = 0; k < K; ++k) {
    const Descent& descent = descents[static_cast<std::size_t>(k)];
    result.status.push_back(descent.status);
    result.iterations.push_back(descent.iterations);
    residuals(k) = descent.residual;
    if (!is_slow_point(descent.status)) continue;
    ends.col(k) = descent.state;
    found.push_back(k);
  }

  auto clusters = merge_by_distance(ends, found, residuals, merge_distance);
  std::stable_sort(clusters.begin(), clusters.end(), [&](const Cluster& a, const Cluster& b) {
    return residuals(a.best) < residuals(b.best);
  });
  const auto P = static_cast<Index>(clusters.size());
  result.states.resize(map.dim(), P);
  result.speeds.resize(P);
  result.gradients.resize(P);
  result.smallest_eigenvalues.resize(P);
  for (Index p = 0; p < P; ++p) {
    Cluster& cluster = clusters[static_cast<std::size_t>(p)];
    const Descent& best = descents[static_cast<std::size_t>(cluster.best)];
    result.states.col(p) = best.state;
    result.speeds(p) = 0.5 * best.residual * best.residual / (dt * dt);
    result.gradients(p) = best.gradient / (dt * dt);
    result.smallest_eigenvalues(p) = best.smallest_eigenvalue / (dt * dt);
    result.kinds.push_back(best.status);
    for (const Index k : cluster.members) result.point_of_start[static_cast<std::size_t>(k)] = p;
    result.multiplicity.push_back(static_cast<Index>(cluster.members.size()));
    result.starts.push_back(std::move(cluster.members));
  }
  return result;
}

}  // namespace detail

SlowPoints find_slow_points(const Map& map, In<Matrix> starts, const SlowPointOptions& options) {
  require(starts.rows() == map.dim(), "find_slow_points: starts must be (dimension of map, K)");
  require(options.dt > 0 && options.tolerance > 0,
          "find_slow_points: need dt > 0 and tolerance > 0");
  require(options.escape_radius >= 0 && options.merge_distance >= 0,
          "find_slow_points: need escape_radius >= 0 and merge_distance >= 0");
  require(options.descent.gradient_tolerance >= 0 && options.descent.step_tolerance > 0 &&
              options.descent.max_iterations > 0,
          "find_slow_points: need gradient_tolerance >= 0, step_tolerance > 0, max_iterations > 0");
  const detail::DescentLimits limits{options.tolerance,
                                     options.descent.gradient_tolerance * options.dt * options.dt,
                                     options.descent.step_tolerance, options.descent.max_iterations,
                                     detail::escape_radius(starts, options.escape_radius)};

  std::vector<detail::Descent> descents(static_cast<std::size_t>(starts.cols()));
  for (auto& descent : descents) descent.status = SearchStatus::cancelled;
  detail::Cancellation cancellation;
  const auto keep_going = [&] { return cancellation.keep_going(); };
  detail::over_items(starts.cols(), options.threads, options.progress, cancellation, [&](Index k) {
    descents[static_cast<std::size_t>(k)] = detail::descend(map, starts.col(k), limits, keep_going);
  });
  return detail::collect_slow_points(map, descents, options.dt, options.merge_distance);
}

}  // namespace nullcline::dynamics
