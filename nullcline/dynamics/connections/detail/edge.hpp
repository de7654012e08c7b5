// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/dynamics/orbits/settle.hpp"

namespace nullcline::dynamics::detail {

/// Which end an orbit has, for the sake of telling ends apart: a landmark given, escaped_end, or
/// unknown_end for all others.
constexpr Index escaped_end = -2, unknown_end = -1;
Index end_of(const Settled& settled, Index orbit, Index landmarks);

struct EdgeOptions {
  double reach = 1e-3;   ///< Times 1 + |x|: arrived at a fixed point so near.
  Index budget = 20000;  ///< Steps that the edge itself is followed.
  Vector origin = {};    ///< The fixed point that it leaves, which is not its end.
  SettleOptions settle = {};
  std::function<bool()> keep_going = {};
};

/// Two coordinates of states whose orbits have different ends, and these.
struct Chord {
  Vector a, b;
  Index end_a = unknown_end, end_b = unknown_end;
};

/// Where an orbit was slower than before and after.
struct Pause {
  Vector state;     // (n) after the slowest step
  Index steps = 0;  // from its start
  double speed = 0;
};

struct Edge {
  std::optional<Vector> saddle;  ///< Where the boundary leads.
  /// On the way there, if asked for: minima of |F(x) - x|, as near a saddle, the 16 slowest in the
  /// order of the way.
  std::vector<Pause> pauses;
  /// What is left of the chord behind that boundary; its ends are the same if nothing is.
  std::optional<Chord> rest;
};

/// Where the boundary that is nearest to a on the chord leads: [Skufca, Yorke & Eckhardt 2006,
/// "Edge of chaos in a parallel shear flow"]
///
///     bisect the chord until |a - b| <= 1e-10 (1 + |a|), in batches of 15 inner points;
///     step a and b until |a - b| > 1e-5 (1 + |a|);
///     stop where a fixed point (by Newton's method) is within reach; else again.
///
/// `state_of` makes states of coordinates; after the first bisection they are states themselves.
/// There is no saddle where no fixed point is met before the budget ends, where an end is unknown,
/// or the map not finite; and no rest where an end on the chord is unknown.
Edge follow_edge(const Map& map, const Landmarks& landmarks, const Chord& chord,
                 const std::function<Matrix(const Matrix&)>& state_of, const EdgeOptions& options,
                 bool with_pauses = false);

}  // namespace nullcline::dynamics::detail
