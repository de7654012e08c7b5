// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/geometry/comparison.hpp"
#include "nullcline/geometry/gridlines.hpp"
#include "nullcline/study/analyses/warp_topology.hpp"

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr Index most_steps = 31;
constexpr Index most_distances = 1'000'000;

geometry::PullbackMetric thinned(const Warp& warp, const std::vector<Index>& places,
                                 const std::vector<Index>& points) {
  std::vector<Index> columns;
  for (const Index s : places) {
    for (const Index k : points) columns.push_back(s * warp.points + k);
  }
  return metric_at(warp.metric, columns);
}

std::vector<Index> places_of(Index count, Index most) {
  std::vector<Index> places = even_steps(count, most);
  for (Index& place : places) --place;
  return places;
}

double half_way(const Vector& course, const std::vector<Index>& steps, double dt) {
  const Index place = geometry::settling_step(course, 0.5);
  return place < 0 ? unknown : dt * static_cast<double>(steps[static_cast<std::size_t>(place)]);
}

}  // namespace

geometry::PullbackMetric metric_at(const geometry::PullbackMetric& metric,
                                   const std::vector<Index>& columns) {
  geometry::PullbackMetric part;
  part.dim = metric.dim;
  part.metric = metric.metric(Eigen::all, columns);
  part.factor = metric.factor(Eigen::all, columns);
  for (const Index c : columns) part.status.push_back(metric.status[static_cast<std::size_t>(c)]);
  return part;
}

WarpCourse course_of(const Warp& warp, const Warp* other) {
  const std::vector<Index> places = places_of(warp.count(), most_steps);
  const auto P = static_cast<Index>(places.size());
  const std::vector<Index> points =
      places_of(warp.points, std::max<Index>(1, most_distances / (P * P)));
  const auto K = static_cast<Index>(points.size());
  WarpCourse course;
  for (const Index s : places) course.steps.push_back(warp.steps[static_cast<std::size_t>(s)]);
  const auto first = thinned(warp, places, points);
  const auto own = geometry::distances_over_time(first, K);
  course.own[0] = own.affine_invariant;
  course.own[1] = own.spectral_ratio;
  if (other == nullptr) return course;
  const auto from = geometry::distances_over_time(first, thinned(*other, places, points), K);
  course.other[0] = from.affine_invariant;
  course.other[1] = from.spectral_ratio;
  return course;
}

void put_course(io::Dataset& result, const std::string& prefix, const WarpCourse& course) {
  const std::string name = prefix + "course/";
  result.arrays[name + "steps"] = Array::integers({course.steps.begin(), course.steps.end()});
  const char* const names[] = {"affine_invariant", "spectral_ratio"};
  for (int i = 0; i < 2; ++i) {
    result.arrays[name + names[i]] = Array::matrix(course.own[i]);
    if (course.other[i].size() == 0) continue;
    result.arrays[name + names[i] + "_untrained"] = Array::matrix(course.other[i]);
  }
}

std::optional<DecisionPoints> decision_points(const ManifoldGrid& grid) {
  if (!grid.decision) return std::nullopt;
  DecisionPoints points{grid.decision->coordinate, Vector(grid.points.count)};
  const auto& coordinate = grid.coordinates[static_cast<std::size_t>(points.coordinate)];
  const double rounding = 1e-9 * (coordinate.highest - coordinate.lowest);
  for (Index k = 0; k < grid.points.count; ++k) {
    const double distance = grid.decision->distance(grid.grid.at(k));
    points.distance(k) = std::abs(distance) < rounding ? 0 : distance;
  }
  return points;
}

WarpDecision decision_of(const Warp& warp, const DecisionPoints& points, double dt) {
  const Index relevant = points.coordinate;
  if (relevant < 0 || relevant >= warp.dim || points.distance.size() != warp.points) {
    throw std::invalid_argument(
        fmt::format("decision_of: coordinate {} and {} distances, of {} coordinates and {} points",
                    relevant, points.distance.size(), warp.dim, warp.points));
  }
  const Vector distance = points.distance.cwiseAbs();
  const double largest = distance.maxCoeff(), slack = 1e-9 * largest;
  geometry::WarpIndexOptions options{.relevant = relevant,
                                     .irrelevant = warp.dim > 1 && relevant == 0 ? 1 : 0,
                                     .near = 0.2 * largest + slack,
                                     .far = 0.8 * largest - slack};
  WarpDecision decision;
  decision.relevant = relevant;
  decision.boundary_stretch.setConstant(warp.count(), unknown);
  if (largest > 0 && distance.minCoeff() <= options.near) {
    decision.boundary_stretch =
        geometry::warp_indices(warp.metric, distance, options).boundary_stretch;
  }
  options.near = largest;  // compression is over all points
  decision.compression.resize(warp.dim - 1, warp.count());
  for (Index i = 0, row = 0; i < warp.dim; ++i) {
    if (i == relevant) continue;
    options.irrelevant = i;
    decision.compression.row(row++) =
        geometry::warp_indices(warp.metric, distance, options).compression.transpose();
  }
  Vector speed(warp.count());
  for (Index s = 0; s < speed.size(); ++s) {
    speed(s) = warp.speed.segment(s * warp.points, warp.points).mean();
  }
  decision.settled = half_way(decision.boundary_stretch, warp.steps, dt);
  decision.slow = half_way(speed, warp.steps, dt);
  return decision;
}

void put_decision(io::Dataset& result, const std::string& prefix, const WarpDecision& decision) {
  const std::string name = prefix + "decision/";
  result.arrays[name + "boundary_stretch"] = Array::vector(decision.boundary_stretch);
  if (decision.compression.rows() > 0) {
    result.arrays[name + "compression"] = Array::matrix(decision.compression.transpose());
  }
  result.arrays[name + "coordinate"] = Array::integers({decision.relevant});
  result.arrays[name + "half"] = Array::vector(Vector{{decision.settled, decision.slow}});
}

std::vector<WarpQuantity> gridline_defect(const Warp& warp, const geometry::Grid& grid) {
  if (warp.dim < 2 || grid.size() != warp.points) return {};
  WarpQuantity defect{"gridline_defect", Matrix::Constant(1, warp.count() * warp.points, unknown),
                      true};
  for (Index s = 0; s < warp.count(); ++s) {
    const auto G = warp.metric.metric.middleCols(s * warp.points, warp.points);
    if (!G.allFinite()) continue;
    const Vector found = geometry::gridlines(grid, G).defect;
    defect.values.middleCols(s * warp.points, warp.points) = found.transpose();
  }
  return {defect};
}

}  // namespace nullcline::study
