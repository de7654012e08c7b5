// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/fixed_points.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/damped_newton.hpp"
#include "nullcline/dynamics/detail/collect.hpp"
#include "nullcline/dynamics/detail/merge.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace {

using detail::Cluster;
using detail::Descent;

void check(const Map& map, In<Matrix> starts, const FixedPointOptions& options) {
  require(starts.rows() == map.dim(), "find_fixed_points: starts must be (dimension of map, K)");
  require(options.tolerance > 0 && options.dt > 0,
          "find_fixed_points: need tolerance > 0 and dt > 0");
  require(options.max_iterations > 0 && options.stall_iterations > 0,
          "find_fixed_points: need max_iterations > 0 and stall_iterations > 0");
  require(options.escape_radius >= 0 && options.merge_distance >= 0,
          "find_fixed_points: need escape_radius >= 0 and merge_distance >= 0");
  require(options.descent.gradient_tolerance >= 0 && options.descent.step_tolerance > 0 &&
              options.descent.max_iterations > 0,
          "find_fixed_points: need gradient_tolerance >= 0, step_tolerance > 0, "
          "max_iterations > 0 of the descent");
}

bool may_be_slow(SearchStatus status) {
  return status == SearchStatus::stalled || status == SearchStatus::max_iterations ||
         status == SearchStatus::escaped;
}

/// From one start: the root search and, if wanted and it failed, the descent of q.
class StartSearch {
 public:
  StartSearch(const Map& map, const FixedPointOptions& options, double radius)
      : map_(map),
        options_(options),
        root_{options.tolerance, options.max_iterations, radius, options.stall_iterations},
        limits_{options.tolerance, options.descent.gradient_tolerance * options.dt * options.dt,
                options.descent.step_tolerance, options.descent.max_iterations, radius} {}

  Descent from(In<Vector> start, const std::function<bool()>& keep_going) const {
    const Root root = find_root(map_, start, root_, keep_going);
    Descent end{root.state, root.residual, 0, 0, root.iterations, root.status};
    if (!options_.slow_points || !may_be_slow(root.status)) return end;
    const bool from_start = root.status == SearchStatus::escaped;
    end = detail::descend(map_, from_start ? Vector(start) : root.state, limits_, keep_going);
    end.iterations += root.iterations;
    return end;
  }

 private:
  const Map& map_;
  const FixedPointOptions& options_;
  RootOptions root_;
  detail::DescentLimits limits_;
};

/// The fixed points among the ends of the searches, polished: each with all its starts.
struct Merged {
  Matrix states;     // (n, P)
  Vector residuals;  // (P)
  std::vector<std::vector<Index>> starts;
};

Merged polish(const Map& map, const Matrix& ends, const std::vector<Cluster>& clusters,
              const FixedPointOptions& options) {
  const auto P = static_cast<Index>(clusters.size());
  Merged merged{Matrix(map.dim(), P), Vector(P), {}};
  parallel_for(P, options.threads, [&](Index p) {
    const Vector x = ends.col(clusters[static_cast<std::size_t>(p)].best);
    const Root root = polish_root(map, x, options.merge_distance * (1 + x.norm()));
    merged.states.col(p) = root.state;
    merged.residuals(p) = root.residual;
  });
  for (const Cluster& cluster : clusters) merged.starts.push_back(cluster.members);
  return merged;
}

Merged merge_again(const Merged& points, double distance) {
  std::vector<Index> all(points.starts.size());
  std::iota(all.begin(), all.end(), Index{0});
  auto clusters = detail::merge_by_distance(points.states, all, points.residuals, distance);
  std::vector<std::vector<Index>> starts;
  for (const Cluster& cluster : clusters) {
    auto& merged = starts.emplace_back();
    for (const Index p : cluster.members) {
      const auto& members = points.starts[static_cast<std::size_t>(p)];
      merged.insert(merged.end(), members.begin(), members.end());
    }
    std::sort(merged.begin(), merged.end());
  }

  std::vector<std::size_t> order(clusters.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (starts[a].size() != starts[b].size()) return starts[a].size() > starts[b].size();
    return starts[a].front() < starts[b].front();
  });
  const auto P = static_cast<Index>(clusters.size());
  Merged sorted{Matrix(points.states.rows(), P), Vector(P), {}};
  for (Index p = 0; p < P; ++p) {
    const std::size_t from = order[static_cast<std::size_t>(p)];
    sorted.states.col(p) = points.states.col(clusters[from].best);
    sorted.residuals(p) = points.residuals(clusters[from].best);
    sorted.starts.push_back(std::move(starts[from]));
  }
  return sorted;
}

}  // namespace

FixedPoints find_fixed_points(const Map& map, In<Matrix> starts, const FixedPointOptions& options) {
  check(map, starts, options);
  const Index K = starts.cols();
  const StartSearch search(map, options, detail::escape_radius(starts, options.escape_radius));

  std::vector<Descent> ends(static_cast<std::size_t>(K));
  detail::Cancellation cancellation;
  const auto keep_going = [&] { return cancellation.keep_going(); };
  for (Descent& end : ends) {
    end.status = SearchStatus::cancelled;
    end.residual = std::numeric_limits<double>::infinity();
  }
  detail::over_items(K, options.threads, options.progress, cancellation, [&](Index k) {
    ends[static_cast<std::size_t>(k)] = search.from(starts.col(k), keep_going);
  });

  FixedPoints result;
  result.derivatives = map.derivatives();
  result.start_residuals.resize(K);
  Matrix found_states(map.dim(), K);
  std::vector<Index> found;
  for (Index k = 0; k < K; ++k) {
    const Descent& end = ends[static_cast<std::size_t>(k)];
    result.status.push_back(end.status);
    result.iterations.push_back(end.iterations);
    result.start_residuals(k) = end.residual;
    if (!is_fixed_point(end.status)) continue;
    found_states.col(k) = end.state;
    found.push_back(k);
  }

  const auto clusters = detail::merge_by_distance(found_states, found, result.start_residuals,
                                                  options.merge_distance);
  Merged points = merge_again(polish(map, found_states, clusters, options), options.merge_distance);
  result.states = std::move(points.states);
  result.residuals = std::move(points.residuals);
  result.speeds = result.residuals.array().square() / (2 * options.dt * options.dt);
  result.starts = std::move(points.starts);
  result.point_of_start.assign(ends.size(), -1);
  for (std::size_t p = 0; p < result.starts.size(); ++p) {
    result.multiplicity.push_back(static_cast<Index>(result.starts[p].size()));
    for (const Index k : result.starts[p]) {
      result.point_of_start[static_cast<std::size_t>(k)] = static_cast<Index>(p);
    }
  }
  if (options.slow_points) {
    result.slow = detail::collect_slow_points(map, ends, options.dt, options.merge_distance);
  }
  return result;
}

}  // namespace nullcline::dynamics
