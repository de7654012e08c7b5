// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/points/search_status.hpp"

namespace nullcline::dynamics {

/// How far down the speed q is followed.
struct DescentOptions {
  double gradient_tolerance = 0;  ///< >= 0; a state with |dq/dx| up to this (dx in units of the
                                  ///< state, q in 1/s^2) and a positive definite Hessian is a slow
                                  ///< point at once. The note: of the order of the noise.
  double step_tolerance = 1e-9;   ///< > 0; else one is found where the Newton step of q is
                                  ///< <= step_tolerance (1 + |x|), or the gradient that small
                                  ///< relative to the curvature.
  Index max_iterations = 300;     ///< > 0; one Hessian each.
};

struct SlowPointOptions {
  double dt = 1;                 ///< > 0, seconds of one step of the map; the unit of q.
  double tolerance = 1e-12;      ///< > 0; |F(x) - x| up to this is a fixed point, not a slow one.
  double escape_radius = 0;      ///< Given up when |x| is larger; 0: 10 max(1, largest |start|).
  double merge_distance = 1e-6;  ///< >= 0; points within this times 1 + |x| are one.
  DescentOptions descent = {};
  Threads threads = {};
  Progress progress = {};
};

/// P slow points of K starts, in order of increasing speed (then of the first start).
struct SlowPoints {
  Matrix states;                           ///< (n, P)
  Vector speeds;                           ///< (P) q > 0, 1/s^2.
  Vector gradients;                        ///< (P) |dq/dx| reached, see find_slow_points.
  Vector smallest_eigenvalues;             ///< (P) of the Hessian of q, at a kink of one side.
  std::vector<SearchStatus> kinds;         ///< (P) slow_point, kink or flat.
  std::vector<Index> multiplicity;         ///< (P) how many starts reached it.
  std::vector<std::vector<Index>> starts;  ///< (P) which, ascending.
  std::vector<SearchStatus> status;        ///< (K) how the search from each start ended.
  std::vector<Index> point_of_start;       ///< (K) its column in `states`, or -1.
  std::vector<Index> iterations;           ///< (K)
  Derivatives derivatives = Derivatives::exact;
};

/// Local minima of the speed q (speed.hpp) that are not fixed points, searched from each column
/// of `starts` (n, K): states where dq/dx = 0 and the Hessian of q is positive definite.
///
/// Newton's method on q with the exact Hessian H, shifted to H + mu I where it is not positive
/// definite or the step does not reduce q. At a stationary point with negative curvature the
/// search goes on along it.
///
/// Where F is only piecewise smooth the minimum usually sits on a kink: for ReLU, H is the product
/// of the Jacobian of the flow with itself, so that away from the kinks and for a regular Jacobian
/// dq/dx = 0 only at fixed points. Therefore the step minimizes a model of several branches,
///
///     max_j (q_j + g_j' d) + d' (H + mu I) d / 2,
///
/// with q_j, g_j taken where steps failed, on the other sides of the kinks, and carried to x (a
/// proximal bundle method [Kiwiel 1985, "Methods of descent for nondifferentiable optimization"]).
/// Where the shortest convex combination of the g_j vanishes but dq/dx itself does not, the point
/// is reported as a `kink`, and `gradients` holds the length of that combination: a minimum to
/// first order only. `flat` is a stationary point with a singular Hessian, found on a line of slow
/// points. Every other end of a search gives no point.
///
/// The result does not depend on the number of threads. Throws std::invalid_argument on a wrong
/// size or option.
SlowPoints find_slow_points(const Map& map, In<Matrix> starts,
                            const SlowPointOptions& options = {});

}  // namespace nullcline::dynamics
