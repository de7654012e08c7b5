// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::dynamics {

/// How the search for a cycle from one start ended.
enum class CycleStatus {
  cycle,             ///< Residual <= tolerance, and k is the smallest period.
  rounding_limited,  ///< A cycle as near as doubles come: residual above the tolerance, at
                     ///< rounding.
  smaller_period,    ///< Arrived at a cycle whose period divides k, or at a fixed point.
  stalled,           ///< No step reduces the residual any more, or not enough.
  escaped,           ///< A state left the ball of the escape radius.
  max_iterations,    ///< Was still moving after the last iteration.
  not_finite,        ///< The start, the map or its Jacobian is not finite there.
  cancelled,         ///< The progress callback asked to stop.
};

const char* name_of(CycleStatus status);  ///< "cycle", ...

/// The two ends that are cycles.
constexpr bool is_cycle(CycleStatus status) {
  return status == CycleStatus::cycle || status == CycleStatus::rounding_limited;
}

struct CycleOptions {
  double tolerance = 1e-12;     ///< > 0; of the residual.
  Index max_iterations = 200;   ///< > 0; k Jacobians each.
  Index stall_iterations = 16;  ///< > 0; given up when |residual|^2 was not halved in so many.
  double escape_radius = 0;     ///< Given up when |x_i| is larger; 0: 10 max(1, largest
                                ///< |start|).
  double multiplier_tolerance = 1e-9;  ///< >= 0; of | |mu| - 1 | for `stability`.
  Threads threads = {};
  Progress progress = {};  ///< By starts done.
};

/// A k-cycle x_1 -> x_2 -> ... -> x_k -> x_1 with k distinct states.
struct Cycle {
  Matrix states;              ///< (n, k), beginning with the one of least first coordinate.
  Index period = 0;           ///< k, steps.
  ComplexVector multipliers;  ///< (n) eigenvalues mu of DF^k, per period, see find_cycles; NaN
                              ///< where they are not to be had, then `stability` is unknown.
  Index unstable = 0;         ///< How many |mu| > 1 + multiplier_tolerance.
  Stability stability = Stability::stable;
  double residual = 0;        ///< sqrt(sum_i |F(x_i) - x_{i+1}|^2).
  double radius = 0;          ///< Newton radius: how far off the exact cycle may be; infinite
                              ///< where it is not isolated (mu = 1).
  Index multiplicity = 0;     ///< How many starts reached it.
  std::vector<Index> starts;  ///< Which, ascending.
};

/// C cycles of K starts, in order of period, then of decreasing multiplicity, then of first start.
struct Cycles {
  std::vector<Cycle> cycles;          ///< (C)
  std::vector<CycleStatus> status;    ///< (K) how the search from each start ended.
  std::vector<Index> cycle_of_start;  ///< (K) its place in `cycles`, or -1.
  std::vector<Index> iterations;      ///< (K)
  Vector start_residuals;             ///< (K) the residual where each search ended.
  Derivatives derivatives = Derivatives::exact;
};

/// Cycles of `map` by multiple shooting from K guesses: guess j is (n, k_j) and is taken as a cycle
/// of period k_j >= 1. The unknowns are all k states, the equations
///
///     F(x_i) - x_{i+1} = 0,   i = 1 .. k,   x_{k+1} = x_1,
///
/// by damped Newton (Levenberg-Marquardt where that does not help) on the cyclic block system,
/// O(k n^3) an iteration by block elimination with orthogonal transformations. Errors of an orbit
/// are not carried around the cycle, so that long and strongly unstable cycles converge where
/// F^k(x) = x alone is lost to rounding. What converged is polished to rounding level.
///
/// The Newton radius of a result is |A^-1| (residual + rounding floor), A the derivative of the
/// system: two results of the same period are one cycle if a rotation brings all their states
/// within the sum of their radii, and one has the smaller period d if d divides k and x_{i+d} is
/// within twice the radius of x_i for all i. No radius counts as more than 10 eps^(1/3) (1 + |x|),
/// the error at a threefold root: cycles that are not isolated are kept apart beyond that. Just at
/// a bifurcation a cycle may therefore appear twice.
///
/// The multipliers are found from the k Jacobians by the periodic QR algorithm, without their
/// product: they are exact for Jacobians changed by O(eps |J_i|), so that also those far below eps
/// times the largest have digits. Period 1 finds fixed points.
///
/// Nothing proves that no cycle is missing. The result does not depend on the number of threads.
/// Throws std::invalid_argument on a wrong size or option.
Cycles find_cycles(const Map& map, std::span<const Matrix> guesses,
                   const CycleOptions& options = {});

/// The same for one period, from the orbits of `starts` (n, K): x_i = F^i(start). An orbit that
/// leaves the escape radius begins again at its start.
Cycles find_cycles(const Map& map, Index period, In<Matrix> starts,
                   const CycleOptions& options = {});

}  // namespace nullcline::dynamics
