// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {

/// Where a network comes to rest under the constant inputs that the conditions of its task have,
/// and how it gets there, without noise: in the space of its n units, or in any subspace.
struct RestLayout {
  Matrix points;    ///< (n, P) the fixed point at each of P >= 2 different inputs.
  Matrix onsets;    ///< (n, P) from the initial state, what the first steps at each input add.
  Matrix switches;  ///< (n, S) from a fixed point, what the first steps at another input add:
                    ///< one for each condition that switches once.
  Matrix orbits;    ///< (n, K) states after these switches, to the end of the trial.
  Vector moduli;    ///< (P) of a step at the points, the largest modulus of an eigenvalue of its
                    ///< Jacobian; below 1 it is stable. Not of projected() ones.
};

/// `transient` > 0 steps are the first ones. Fixed points are searched from the state after a
/// trial's duration; nullopt where a search fails, or fewer than two inputs are held by a condition
/// from its start on.
std::optional<RestLayout> rest_layout(const AnalysisContext& context, const cells::Network& network,
                                      Index transient);

/// In the coordinates V' x of the columns of V (n, d).
RestLayout projected(const RestLayout& layout, In<Matrix> V);

/// Radians, means over the columns of `onsets` and `switches` that are not zero; NaN where there is
/// none.
struct TransientAngles {
  double onset_to_line = 0, onset_to_plane = 0, switch_to_line = 0;
};

/// Angles of the transients to the fixed points. The line is the space of differences of the P
/// fixed points, a line for two; the plane is that and the direction in which the orbits between
/// them depart most from it (least squares), so of two points the plane through both that is
/// closest to the orbits. They have P - 1 and P dimensions; NaN
/// where that is all of the space.
TransientAngles transient_angles(const RestLayout& layout);

/// How far two labelled clouds are layers. With m the difference of their means and y the
/// coordinates along m:
struct LayerSeparation {
  double ratio = 0;       ///< |m| / pooled standard deviation of y within a cloud.
  double gap = 0;         ///< (least y of one - greatest of the other) / |m|; 1: two points on y.
  double silhouette = 0;  ///< Mean silhouette of all points [Rousseeuw 1987], -1 .. 1.
  Vector along;           ///< (K) y, 0 halfway between the means, 1 and -1 there.
};

/// Of points (d, K) with labels 1 and -1; points labelled 0 count in `along` alone. Throws
/// std::invalid_argument unless both labels have two points and the means differ.
LayerSeparation layer_separation(In<Matrix> points, const std::vector<int>& labels);

}  // namespace nullcline::study
