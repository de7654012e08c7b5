// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::dynamics {

/// A cycle of a map, or a closed curve that it maps to itself, as a set of states.
struct CycleStates {
  Matrix states;       ///< (n, k), k > 0; of a cycle in order, F(column i) = column i + 1 mod k.
  Index unstable = 0;  ///< How many multipliers have a modulus > 1; > 0 captures nothing.
  double reach = 0;    ///< >= 0; an orbit that stays so near for 2 k steps has arrived. 0: 1e-6
                       ///< (1 + |x|), for cycles; of a curve, about the spacing of its states.
};

/// The invariant sets at which orbits may end, numbered in this order: fixed points, then cycles.
struct Landmarks {
  Matrix points;                              ///< (n, P) fixed points.
  std::vector<Linearization> linearizations;  ///< (P) at them.
  std::vector<CycleStates> cycles;            ///< (C)
  std::vector<Matrix> metrics = {};           ///< (P) contraction_metrics, or empty: then each call
                                              ///< computes them, some 100 n^3 for a stable point.
};

/// P = sum_k J'^k J^k of each stable point (n, n), see `settle`; empty for others, and where it
/// does not converge in double precision.
std::vector<Matrix> contraction_metrics(const std::vector<Linearization>& points,
                                        Threads threads = {});

/// How the orbit of one start ended.
enum class OrbitEnd {
  fixed_point,      ///< At one of the points given.
  cycle,            ///< At one of the cycles given.
  new_fixed_point,  ///< It stands still, at none of the points given.
  new_cycle,        ///< It repeats itself, at none of the cycles given.
  escaped,          ///< Left the ball of the escape radius.
  undecided,        ///< Was still moving after the last step: slow, or on a torus, or chaotic.
  not_finite,       ///< The start or the map is not finite there.
  cancelled,        ///< The progress callback asked to stop.
};

const char* name_of(OrbitEnd end);  ///< "fixed_point", ...

struct SettleOptions {
  Index max_steps = 20000;         ///< > 0.
  double capture_distance = 1e-2;  ///< > 0; times 1 + |x*|: as far as a stable point captures.
  double tolerance = 1e-12;        ///< > 0; times 1 + |x|: nearer to an earlier state is the same.
  double match_distance = 1e-6;    ///< > 0; times 1 + |x|: points or cycles as near are one.
  double escape_radius = 0;        ///< >= 0; 0: 10 max(1, largest |start| or |landmark|).
  Threads threads = {};
  Progress progress = {};  ///< By orbits ended.
};

/// The ends of B orbits. A number `landmark` is that of a point or cycle given, and goes on with
/// new points (P + C + i) and then new cycles, in the order of the first orbit that found them.
struct Settled {
  std::vector<OrbitEnd> ends;      ///< (B)
  std::vector<Index> landmark;     ///< (B) where, or -1.
  std::vector<Index> steps;        ///< (B) made until then.
  Matrix states;                   ///< (n, B) the last state of each orbit.
  Matrix new_points;               ///< (n, U)
  std::vector<Matrix> new_cycles;  ///< Each (n, period), in order.
};

/// Follows the orbits of the columns of starts (n, B), in batches from which ended ones are taken
/// out, until each has ended in one of these ways:
///
/// - A stable point x* captures x within the capture distance where the map contracts towards it
///   at least half as fast as its linear part: with d = x - x*, d1 = F(x) - x* and
///
///       P = sum_k J'^k J^k,  so that  |J d|_P^2 = |d|_P^2 - |d|^2,  |d|_P^2 = d' P d,
///
///   it is  |d1|_P^2 <= |d|_P^2 - |d|^2 / 2, and no other point given lies in the ellipsoid of
///   twice the size of |d|_P. This is tested at the states of the orbit, not on the whole
///   ellipsoid, so it is evidence, not a proof: the nonlinear part falls faster than the linear one
///   from there.
/// - |F(x) - x| <= tolerance (1 + |x|): it stands still, at the nearest point given within the
///   match distance (a saddle too), or at a new one. So does an orbit slower than this.
/// - The same after k > 1 steps: a cycle of period k [Brent 1980: compared with the state at the
///   last power of two].
/// - It stayed within reach of a stable cycle for 2 k steps.
/// - It left the ball, or is not finite, or the steps are used up.
///
/// A saddle captures only orbits that arrive at it to within rounding. The result does not depend
/// on the number of threads. Throws std::invalid_argument on a wrong size or option.
Settled settle(const Map& map, In<Matrix> starts, const Landmarks& landmarks,
               const SettleOptions& options = {});

/// Landmarks at these points (n, P), linearized with eigenvectors and a dt of 1, with metrics.
Landmarks landmarks_at(const Map& map, In<Matrix> points, Threads threads = {});

}  // namespace nullcline::dynamics
