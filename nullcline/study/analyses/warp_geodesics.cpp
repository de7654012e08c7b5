// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_geodesics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "nullcline/geometry/comparison.hpp"
#include "nullcline/geometry/manifolds/grid_interpolant.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "nullcline/study/analyses/warp_course.hpp"
#include "nullcline/study/analyses/warp_topology.hpp"

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr Index most_nodes = 20'000;           // of all coordinates together
constexpr double most_of_a_coordinate = 1000;  // whose derivatives are a matrix of that side
// Knots of a path that are kept are one more; the length converges long before (our choice).
constexpr Index segments = 24, most_segments = 192, most_iterations = 30;
constexpr double tolerance = 1e-7;  // of the length, relative

/// The first column of a step in the warp. Throws where it does not have it.
Index column_of(const Warp& warp, Index step) {
  const auto at = std::find(warp.steps.begin(), warp.steps.end(), step);
  if (at == warp.steps.end()) {
    throw std::invalid_argument(fmt::format("slice_geodesics: the warp has no step {}", step));
  }
  return (at - warp.steps.begin()) * warp.points;
}

/// Whether the warp has a metric at every point of the slice that begins at `column`.
bool is_immersed(const Warp& warp, Index column) {
  const auto first = warp.metric.status.begin() + column;
  return std::all_of(first, first + warp.points,
                     [](auto status) { return status == geometry::MetricStatus::immersed; });
}

/// See GeodesicSlice::metric_error.
double metric_error(const geometry::ImmersedManifold& manifold, const Warp& warp, Index column,
                    const geometry::Grid& grid) {
  constexpr Index together = 1024;
  const Matrix kappa = grid.points();
  double largest = 0;
  for (Index first = 0; first < warp.points; first += together) {
    const Index count = std::min(together, warp.points - first);
    std::vector<Index> columns(static_cast<std::size_t>(count));
    std::iota(columns.begin(), columns.end(), column + first);
    const auto found = geometry::metric_distances(
        geometry::pullback_metric(manifold.jets(kappa.middleCols(first, count), 1).tangents,
                                  warp.dim),
        metric_at(warp.metric, columns));
    for (const double distance : found.affine_invariant) {
      if (!std::isfinite(distance)) return std::numeric_limits<double>::infinity();
      largest = std::max(largest, distance);
    }
  }
  return largest;
}

/// The length of the straight line from `from` on by `way`, by Simpson's rule.
double straight_length(const geometry::ImmersedManifold& manifold, In<Vector> from,
                       In<Vector> way) {
  constexpr Index intervals = 128;
  Matrix kappa(from.size(), intervals + 1);
  for (Index p = 0; p <= intervals; ++p) {
    kappa.col(p) = from + static_cast<double>(p) / intervals * way;
  }
  const Matrix tangents = manifold.jets(kappa, 1).tangents;
  double sum = 0;
  for (Index p = 0; p <= intervals; ++p) {
    const double weight = p == 0 || p == intervals ? 1 : p % 2 == 0 ? 2 : 4;
    sum += weight * (tangents.middleCols(p * way.size(), way.size()) * way).norm();
  }
  return sum / (3 * intervals);
}

/// The geodesics between all ends.
bool put_between(GeodesicSlice& slice, const geometry::ImmersedManifold& manifold,
                 const SliceGeodesicsOptions& options, const Progress& progress) {
  const geometry::Domain& domain = manifold.domain();
  const auto count = static_cast<double>(options.between.size());
  for (const GeodesicEnds& ends : options.between) {
    const auto done = static_cast<double>(slice.between.size());
    const auto within = [&](double part) { return !progress || progress((done + part) / count); };
    auto found = geometry::geodesics_between(manifold, ends.from, ends.to,
                                             {.segments = segments,
                                              .max_segments = most_segments,
                                              .tolerance = tolerance,
                                              .max_iterations = most_iterations,
                                              .windings = options.windings,
                                              .threads = options.threads},
                                             within);
    if (found.cancelled) return false;
    const auto W = static_cast<Index>(found.all.size());
    if (slice.straight.size() == 0) slice.straight.resize(W, std::ssize(options.between));
    const Vector shorter = geometry::shorter_way(domain, ends.from, ends.to);
    for (Index w = 0; w < W; ++w) {
      const geometry::Geodesic& one = found.all[static_cast<std::size_t>(w)];
      Vector way = shorter;
      for (Index i = 0; i < way.size(); ++i) {
        const auto place = static_cast<std::size_t>(i);
        way(i) += static_cast<double>(one.winding[place]) * domain[place].extent();
      }
      slice.straight(w, std::ssize(slice.between)) = straight_length(manifold, ends.from, way);
      const bool good = one.status == geometry::GeodesicStatus::converged;
      slice.states.push_back(good ? manifold.jets(one.path, 0).points : Matrix());
    }
    slice.between.push_back(std::move(found));
  }
  return true;
}

void put_rays(GeodesicSlice& slice, const geometry::ImmersedManifold& manifold,
              const std::vector<GeodesicRay>& rays) {
  if (rays.empty()) return;
  Matrix points(manifold.dim(), std::ssize(rays)), velocities = points;
  for (std::size_t r = 0; r < rays.size(); ++r) {
    points.col(static_cast<Index>(r)) = rays[r].from;
    velocities.col(static_cast<Index>(r)) = rays[r].velocity;
  }
  slice.rays = geometry::geodesic_rays(manifold, points, velocities, {.intervals = segments});
  const Matrix tangents = manifold.jets(points, 1).tangents;
  slice.ray_speed.resize(points.cols());
  for (Index r = 0; r < points.cols(); ++r) {
    const auto a = tangents.middleCols(r * points.rows(), points.rows());
    slice.ray_speed(r) = (a * velocities.col(r)).norm();
  }
}

/// The interpolant of a slice, or nothing where its states are not finite or it is cancelled. Nodes
/// come in blocks: all inputs over the trial may not fit the memory together.
std::optional<geometry::GridInterpolant> interpolant(const geometry::DrivenSlice& slice,
                                                     const geometry::Grid& nodes,
                                                     const Progress& progress) {
  constexpr Index together = 128;
  const Matrix kappa = nodes.points();
  Matrix states(slice.ambient_dim(), kappa.cols());
  for (Index first = 0; first < kappa.cols(); first += together) {
    if (progress && !progress(static_cast<double>(first) / static_cast<double>(kappa.cols()))) {
      return std::nullopt;
    }
    const Index count = std::min(together, kappa.cols() - first);
    states.middleCols(first, count) = slice.jets(kappa.middleCols(first, count), 0).points;
  }
  if (!states.allFinite()) return std::nullopt;
  return geometry::GridInterpolant(nodes, states);
}

void check_points(const geometry::Domain& domain, const SliceGeodesicsOptions& options) {
  const auto check = [&](const char* what, const Vector& kappa) {
    if (kappa.size() != std::ssize(domain) || !geometry::contains(domain, kappa)) {
      throw std::invalid_argument(fmt::format(
          "{}: a point that is not in the domain of {} coordinates", what, domain.size()));
    }
  };
  for (const auto& [from, to] : options.between) check("between", from), check("between", to);
  for (const auto& [from, velocity] : options.rays) {
    check("rays", from);
    if (velocity.size() != from.size() || !velocity.allFinite()) {
      throw std::invalid_argument("rays: a velocity needs one finite number a coordinate");
    }
  }
}

}  // namespace

std::vector<GeodesicEnds> standard_ends(const geometry::Domain& domain) {
  const auto m = static_cast<Index>(domain.size());
  Vector begin(m), middle(m), end(m);
  for (Index i = 0; i < m; ++i) {
    const auto& [lowest, highest, periodic] = domain[static_cast<std::size_t>(i)];
    const double half = (lowest + highest) / 2;
    begin(i) = lowest;
    middle(i) = periodic ? lowest : half;
    end(i) = periodic ? half : highest;
  }
  std::vector<GeodesicEnds> all;
  for (Index i = 0; i < m; ++i) {
    all.push_back({middle, middle});
    all.back().from(i) = begin(i);
    all.back().to(i) = end(i);
  }
  if (m != 2) return all;
  all.push_back({begin, end});
  all.push_back({Vector{{begin(0), end(1)}}, Vector{{end(0), begin(1)}}});
  return all;
}

SliceGeodesicsOptions geodesic_options(const Settings& settings, const std::vector<Index>& steps) {
  SliceGeodesicsOptions options;
  options.steps = chosen_steps(steps, settings.integer("geodesics"));
  options.windings = settings.integer("windings");
  options.nodes = settings.numbers("nodes");
  options.most_error = settings.number("metric_error");
  return options;
}

std::vector<Index> node_counts(const std::vector<double>& asked, std::size_t m) {
  constexpr double sizes[] = {49, 21, 9};
  const std::vector<double> standard{m <= std::size(sizes) ? sizes[m - 1] : 5};
  for (const double count : asked) {
    if (count > most_of_a_coordinate) {
      throw std::invalid_argument(
          fmt::format("nodes: {} for a coordinate, more than {}", count, most_of_a_coordinate));
    }
  }
  return grid_sizes("nodes", asked.empty() ? standard : asked, m, most_nodes);
}

SliceGeodesics slice_geodesics(const cells::Network& network, const Warp& warp,
                               const geometry::InputFunctions& inputs, const geometry::Grid& grid,
                               const SliceGeodesicsOptions& options, const Progress& progress) {
  check_points(inputs.domain, options);
  const geometry::Grid nodes =
      geometry::make_grid(inputs.domain, node_counts(options.nodes, inputs.domain.size()),
                          geometry::Spacing::chebyshev);
  const auto map = cells::driven_map(network);
  SliceGeodesics result{options.between, options.rays, {}};
  const auto P = static_cast<double>(options.steps.size());
  for (const Index step : options.steps) {
    const Index column = column_of(warp, step);
    const auto done = static_cast<double>(result.slices.size());
    const auto within = [&](double from, double part) -> Progress {
      return [&progress, done, P, from, part](double fraction) {
        return !progress || progress((done + from + part * fraction) / P);
      };
    };
    if (!within(0, 1)(0)) {
      result.cancelled = true;
      return result;
    }
    GeodesicSlice slice{.step = step, .metric_error = unknown};
    const bool immersed = step > 0 && is_immersed(warp, column);
    const auto manifold = immersed ? interpolant({*map,
                                                  inputs,
                                                  {.step = step,
                                                   .start = cells::initial_state(network),
                                                   .threads = options.threads}},
                                                 nodes, within(0, 0.1))
                                   : std::nullopt;
    if (!within(0.1, 0)(0)) {
      result.cancelled = true;
      return result;
    }
    if (manifold) {
      slice.metric_error = metric_error(*manifold, warp, column, grid);
      slice.searched = slice.metric_error <= options.most_error;
    }
    if (slice.searched) {
      result.cancelled = !put_between(slice, *manifold, options, within(0.1, 0.6));
      if (result.cancelled) return result;
      put_rays(slice, *manifold, options.rays);
      if (options.distances) {
        slice.distances = geometry::grid_distances(
            *manifold, grid, {.checked = options.checked, .threads = options.threads},
            within(0.7, 0.3));
        result.cancelled = slice.distances.cancelled;
        if (result.cancelled) return result;
      }
    }
    result.slices.push_back(std::move(slice));
  }
  return result;
}

}  // namespace nullcline::study
