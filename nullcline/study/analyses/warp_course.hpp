// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/warp_summary.hpp"

namespace nullcline::study {

/// How far the metric at one time is from that at another, medians over the points
/// (geometry::distances_over_time). Of at most 31 kept steps, evenly spaced, and of at most so many
/// points, evenly spaced, that pairs of steps times points are a million (our choices).
struct WarpCourse {
  std::vector<Index> steps;  ///< (P)
  Matrix own[2];    ///< (P, P) affine_invariant and spectral_ratio within the first network.
  Matrix other[2];  ///< (P, P) of the first (rows) from the second; empty where there is none.
};
WarpCourse course_of(const Warp& warp, const Warp* other = nullptr);

/// Puts `prefix`course/steps (P), affine_invariant and spectral_ratio (P, P), and
/// affine_invariant_untrained and spectral_ratio_untrained where there is another network.
void put_course(io::Dataset& result, const std::string& prefix, const WarpCourse& course);

/// What geometry::metric_distances needs of a metric, of some of its columns: all else is empty.
geometry::PullbackMetric metric_at(const geometry::PullbackMetric& metric,
                                   const std::vector<Index>& columns);

/// The points of a manifold in a decision that is by one of its coordinates.
struct DecisionPoints {
  Index coordinate = 0;  ///< < m
  Vector distance;       ///< (K) signed, from the boundary, in the unit of the coordinate.
};
/// Those of a grid, where the task decides by a coordinate. Distances below 1e-9 of the extent of
/// the coordinate are 0: sines of multiples of pi are not.
std::optional<DecisionPoints> decision_points(const ManifoldGrid& grid);

/// Indices of a decision (geometry::warp_indices) with near and far 0.2 and 0.8 of the largest
/// distance from the boundary that the points have (our choice, those of the paper's notes on its
/// grid). The stretch is NaN where no point is near, as on a grid of few points, or all are at the
/// boundary.
struct WarpDecision {
  Index relevant = 0;            ///< < m
  Vector boundary_stretch;       ///< (S)
  Matrix compression;            ///< (m - 1, S) of the other coordinates in their order.
  double settled = 0, slow = 0;  ///< s at which the stretch, and |dx/dt|, are half-way; NaN: never.
};
/// Throws std::invalid_argument on a coordinate that is not there, or another number of points.
WarpDecision decision_of(const Warp& warp, const DecisionPoints& points, double dt);

/// Puts `prefix`decision/boundary_stretch (S), compression (S, m - 1) where m > 1, coordinate (1),
/// the relevant one, and half (2), the two times.
void put_decision(io::Dataset& result, const std::string& prefix, const WarpDecision& decision);

/// |dX'dX - G| / |G| of the gridlines by arc length, at every point and step (geometry::gridlines):
/// 0 where their drawing is isometric. Nothing of a curve, which always is; NaN at steps with
/// points that are not finite.
std::vector<WarpQuantity> gridline_defect(const Warp& warp, const geometry::Grid& grid);

}  // namespace nullcline::study
