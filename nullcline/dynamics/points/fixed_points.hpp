// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/points/search_status.hpp"
#include "nullcline/dynamics/points/slow_points.hpp"

namespace nullcline::dynamics {

struct FixedPointOptions {
  double tolerance = 1e-12;      ///< > 0; of |F(x) - x| (2-norm).
  double dt = 1;                 ///< > 0, seconds of one step of the map; the unit of the speed.
  Index max_iterations = 300;    ///< > 0; one Jacobian each.
  Index stall_iterations = 16;   ///< > 0; given up when |F(x) - x|^2 was not halved in so many.
  double escape_radius = 0;      ///< Given up when |x| is larger; 0: 10 max(1, largest |start|).
  double merge_distance = 1e-6;  ///< >= 0; slow points within this times 1 + |x| are one.
  bool slow_points = false;      ///< Look for slow points where no root was reached, see `slow`.
  DescentOptions descent = {};   ///< How, then.
  Threads threads = {};
  Progress progress = {};  ///< By starts done.
};

/// P fixed points of K starts, in order of decreasing multiplicity (then of the first start).
struct FixedPoints {
  Matrix states;                           ///< (n, P)
  Vector residuals;                        ///< (P) |F(x) - x| of exactly these states.
  Vector radii;                            ///< (P) Newton radius: how far off the state may be.
  Vector speeds;                           ///< (P) q = |F(x) - x|^2 / (2 dt^2), 1/s^2.
  std::vector<Index> multiplicity;         ///< (P) how many starts reached it.
  std::vector<std::vector<Index>> starts;  ///< (P) which, ascending.
  std::vector<SearchStatus> status;        ///< (K) how the search from each start ended.
  std::vector<Index> point_of_start;       ///< (K) its column in `states`, or -1.
  std::vector<Index> iterations;           ///< (K) Jacobians, and Hessians if it came to that.
  Vector start_residuals;                  ///< (K) |F(x) - x| where each search ended.
  SlowPoints slow;                         ///< Of the starts that reached no root, if asked for;
                                           ///< numbered like all starts, status as here.
  Derivatives derivatives = Derivatives::exact;
};

/// Fixed points F(x) = x by the damped Newton method of damped_newton.hpp from each column of
/// starts (n, K), to |F(x) - x| <= tolerance, each start with its own steps and status, many of
/// them as one matrix. Starts search in waves of 32, 32, 64, 128, ...; those of a later wave are
/// offered, before a Jacobian of their own, the Newton step with the Jacobian of the nearest root
/// of the waves before, and take it where it reduces |F(x) - x| to a quarter: from there on two
/// products with a vector replace a factorization.
///
/// What converged is polished by Newton to rounding level. With C = (J - I)^-1 at a point a, two
/// states are one point if |x - a| <= 2 |C|_F (|G(x)| + |G(a)| + floor), the Newton radius, where
/// `floor` is what rounding leaves of G = F(x) - x; so roots are told apart as well as doubles can,
/// and no distance has to be chosen. On a line of fixed points, where C does not exist, every start
/// keeps the point that it reached, up to sqrt(eps) (1 + |a|).
/// A point whose residual could not be brought below the tolerance in double precision is kept,
/// with its residual and the status rounding_limited of its starts.
///
/// With `slow_points`, searches that ended stalled or out of iterations go on as searches for a
/// minimum of q from where they stand, and escaped ones from their start; one of these may still
/// arrive at a fixed point.
///
/// Which points are found depends on the starts: nothing here proves that none is missing; see
/// complete_search.hpp. The result does not depend on the number of threads. Throws
/// std::invalid_argument on a wrong size or option.
FixedPoints find_fixed_points(const Map& map, In<Matrix> starts,
                              const FixedPointOptions& options = {});

}  // namespace nullcline::dynamics
