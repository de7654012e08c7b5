// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::dynamics {

/// The speed of a state under a map of time step dt [Sussillo & Barak 2013, "Opening the black
/// box"], called kinetic energy there and in the note of 2021:
///
///     q(x) = |f(x)|^2 / 2,   f(x) = (F(x) - x) / dt,      in 1/s^2,
///     dq/dx = (df/dx)' f,
///     d2q/dx dx' = (df/dx)' (df/dx) + sum_k f_k d2f_k/dx dx'.
///
/// For Euler's method f is the right-hand side of the flow itself; for any other map it is the
/// mean velocity over one step, which is zero at the same points. (The note prints the derivative
/// of the leak with the wrong sign: df_k/dx_i has -delta_ki / tau, and that is used here.) Where F
/// has a kink (ReLU at zero) the derivatives are those that the map gives there: of one side.

/// q at one state.                               x: (n)  dt > 0, seconds
double speed(const Map& map, In<Vector> x, double dt);

struct SpeedDerivatives {
  double speed = 0;  ///< q, 1/s^2.
  Vector gradient;   ///< (n) dq/dx.
  Matrix hessian;    ///< (n, n) d2q/dx dx', symmetric.
};
SpeedDerivatives speed_derivatives(const Map& map, In<Vector> x, double dt);

/// dq/dx at one state by one pull-back, without a Jacobian.
Vector speed_gradient(const Map& map, In<Vector> x, double dt);

struct TrajectorySpeedOptions {
  double dt = 1;                  ///< > 0, seconds.
  Index trials = 1;               ///< B > 0; column t B + b of the states is time t of trial b.
  double gradient_tolerance = 0;  ///< >= 0; |dq/dx| up to this counts as zero (see `slow`).
  bool hessians = true;           ///< Also `smallest_eigenvalues` and `slow`: O(n^3) a state.
  Threads threads = {};
  Progress progress = {};
};

struct TrajectorySpeeds {
  Vector speeds;                      ///< (T B) q, 1/s^2.
  Vector gradients;                   ///< (T B) |dq/dx|.
  Vector smallest_eigenvalues;        ///< (T B) of the Hessian of q; empty without `hessians`.
  std::vector<std::uint8_t> minimum;  ///< (T B) 1 where q(t - 1) > q(t) <= q(t + 1) in a trial.
  std::vector<std::uint8_t> slow;     ///< (T B) 1 where |dq/dx| <= gradient_tolerance and the
                                      ///< Hessian is positive definite; empty without `hessians`.
  Derivatives derivatives = Derivatives::exact;
  bool cancelled = false;  ///< Then the vectors made from Hessians are empty.
};

/// The note's criteria at every state of simulated trajectories. For a ReLU network the Hessian is
/// (df/dx)' (df/dx) wherever it exists, so it is never indefinite. Where a state, the map or a
/// derivative is not finite, or LAPACK gives up, the numbers concerned are NaN and the flags 0.
///
/// states: (n, T B). Throws std::invalid_argument on a wrong size or option.
TrajectorySpeeds speeds_along(const Map& map, In<Matrix> states,
                              const TrajectorySpeedOptions& options = {});

}  // namespace nullcline::dynamics
