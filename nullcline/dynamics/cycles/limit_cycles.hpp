// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/map.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::dynamics {

enum class LimitCycleStatus {
  converged,    ///< A limit cycle to the tolerance.
  fixed_point,  ///< The orbit rests, or the search shrank to a point.
  no_return,    ///< The orbit did not come back near its beginning within max_period.
  stalled,      ///< It did, but the shooting equations were not solved from there.
  diverged,     ///< The orbit or the search left the ball of the escape radius.
  not_finite,   ///< The start, the flow or its Jacobian is not finite there.
  cancelled,    ///< The progress callback asked to stop.
};

const char* name_of(LimitCycleStatus status);  ///< "converged", ...

struct LimitCycleOptions {
  double transient = 100;         ///< >= 0, s, left out before a return is looked for.
  double step = 0.01;             ///< > 0, s, of the Runge-Kutta steps up to the return.
  double max_period = 100;        ///< > step, s.
  double return_tolerance = 0.2;  ///< > 0; how near the return is, relative to the orbit's extent.
  Index nodes = 16;               ///< >= 1 shooting nodes in a period.
  Index steps = 512;              ///< >= nodes; Runge-Kutta steps in a period, to a multiple of
                                  ///< nodes; the result has twice as many.
  double tolerance = 1e-11;       ///< > 0; of the residual.
  Index max_iterations = 100;     ///< > 0; `steps` Jacobians each.
  double escape_radius = 1e3;     ///< > 0; given up when |x| is larger.
  double multiplier_tolerance = 1e-6;  ///< >= 0; of | |mu| - 1 | for `stability`.
  Progress progress = {};
};

struct LimitCycle {
  LimitCycleStatus status = LimitCycleStatus::no_return;
  double period = 0;          ///< T, s.
  double period_error = 0;    ///< s, of the discretization: |T(h) - T(2h)| / 15.
  Matrix states;              ///< (n, S) the orbit, S = 2 steps.
  Vector times;               ///< (S) s, 0, T / S, ...
  Vector amplitudes;          ///< (n) (largest - smallest) / 2 of each unit.
  ComplexVector multipliers;  ///< (n) Floquet multipliers, per period; one of them is 1.
  double trivial_error = 0;   ///< |mu - 1| of the one nearest to 1: a self-check.
  Index unstable = 0;         ///< Of the others, how many |mu| > 1 + multiplier_tolerance.
  Stability stability = Stability::stable;  ///< By the others.
  double residual = 0;                      ///< Of the shooting equations.
  Index iterations = 0;
  Derivatives derivatives = Derivatives::exact;
};

/// The limit cycle of dx/dt = f(x, u) at a constant input u (m) that the orbit of `start` (n) goes
/// to: after the transient, the first return to the plane through x(t0) across f(x(t0)) that comes
/// near x(t0), and from this orbit as a guess refine_limit_cycle. Everything but status, iterations
/// and residual is empty or 0 unless converged. Repelling cycles: run the flow backward, or refine
/// a guess. Throws std::invalid_argument on a wrong size or option.
LimitCycle find_limit_cycle(const Flow& flow, In<Vector> u, In<Vector> start,
                            const LimitCycleOptions& options = {});

/// A limit cycle, stable or not, near a guess: states at `nodes` >= 1 equal parts of a period > 0,
/// s, (n, nodes). Multiple shooting with T unknown:
///
///     phi_{T / nodes}(x_i) - x_{i+1} = 0,   f(x^0_1) . (x_1 - x^0_1) = 0,
///
/// phi by classical Runge-Kutta steps of length T / steps, whose derivatives by x and T are exact;
/// solved by damped Newton with `steps`, and again with twice as many. The order of the method
/// being 4, a fifteenth of the difference of the two periods estimates the error of the second
/// (where f is smooth: with a kink (ReLU) the order is lower, and the estimate too small). The
/// multipliers are eigenvalues of the product of the node Jacobians by the periodic QR algorithm.
/// An iteration costs O(steps n^3).
LimitCycle refine_limit_cycle(const Flow& flow, In<Vector> u, In<Matrix> guess, double period,
                              const LimitCycleOptions& options = {});

}  // namespace nullcline::dynamics
