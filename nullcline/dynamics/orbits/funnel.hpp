// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::dynamics {

struct FunnelOptions {
  double radius = 0;  ///< > 0, in units of the state: how near a point counts as passing it.
  Index trials = 1;   ///< B > 0; column t B + b of the states is time t of trial b.
  Index margin = 0;  ///< >= 0 steps: the spread is taken so long before entering and after leaving.
  Threads threads = {};
  Progress progress = {};
};

/// How trajectories funnel through the neighbourhoods of P points. A trial passes point p if it
/// comes within the radius; it enters at the first such time and leaves at the last one before it
/// is outside again (at its end, if it stays). The spread of the passing bundle at such times is
/// the root mean square distance from its mean: it tells what the passage makes equal.
struct Funnel {
  std::vector<Index> passing;    ///< (P) trials that come within the radius.
  std::vector<Index> ending;     ///< (P) trials whose last state is within the radius, and nearest
                                 ///< to this of all points.
  std::vector<Index> end_point;  ///< (B) that point, or -1.
  Vector dwell;                  ///< (P) mean steps inside of the passing trials, first visit.
  Vector spread_before;          ///< (P) of the states `margin` steps before entering.
  Vector spread_after;           ///< (P) of the states `margin` steps after leaving.
  Vector log_contraction;        ///< (P) ln(after / before): < 0 where trajectories are drawn
                                 ///< together. 0 where fewer than two pass or a spread is 0.
  bool cancelled = false;        ///< Then points that were not reached have no passes.
};

/// points (n, P), states (n, T B). A state that is not finite is near nothing. Costs n P T B.
/// Throws std::invalid_argument on a wrong size or option.
Funnel funnel(In<Matrix> points, In<Matrix> states, const FunnelOptions& options);

}  // namespace nullcline::dynamics
