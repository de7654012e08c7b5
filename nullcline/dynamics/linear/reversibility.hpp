// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/linear/gaussian_dynamics.hpp"

namespace nullcline::dynamics {

/// How a map changes volumes at each of P states. A map that contracts forgets: it cannot be run
/// back from noisy states.
struct Contraction {
  Vector log_volumes;  ///< (P) ln |det J| per step; < 0 contracts, -infinity if J is singular.
  Vector divergences;  ///< (P) tr(J - I) / dt, per second: to first order in dt the same per time;
                       ///< for the Euler step of a flow, exactly the divergence of the flow.
  std::vector<std::uint8_t> finite;  ///< (P) 0 where the Jacobian is not, or its singular
                                     ///< values are not to be had: the others are 0 there.
  Derivatives derivatives = Derivatives::exact;
  bool cancelled = false;  ///< Then `finite` is 0 at the states that were not reached.
};

/// At each column of states (n, P): slow points, or a trajectory, whose mean of log_volumes is the
/// sum of its Lyapunov exponents per step. dt > 0 seconds a step. A Jacobian and its singular
/// values each. Throws std::invalid_argument on a wrong size or dt.
Contraction contraction_along(const Map& map, In<Matrix> states, double dt, Threads threads = {},
                              const Progress& progress = {});

/// How irreversible stationary noisy linear dynamics x_{t+1} = J x_t + xi, xi ~ N(0, Q), are: the
/// entropy production per step as the rate of the Kullback-Leibler divergence between the process
/// and the same run backwards. With S the stationary covariance, the reversed process is
///
///     x_{t} = Jr x_{t+1} + N(0, Qr),   Jr = S J' S^-1,   Qr = S - Jr S Jr',
///
/// (the Gaussian conditional of x_t on x_{t+1}, whose covariance is S J'), and
///
///     rate = ( tr(Qr^-1 (Q + D S D')) - n + ln(det Qr / det Q) ) / 2,   D = J - Jr,   nats/step.
///
/// det Qr = det Q, since both times det S are the determinant of the covariance of (x_t, x_{t+1});
/// the logarithm is left out of the rate and reported as a check. The rate is 0 exactly if J S is
/// symmetric (detailed balance), and invariant under x -> C x. A rotation by theta with
/// contraction rho and isotropic noise has 4 rho^2 sin^2 theta / (1 - rho^2); per unit of time, as
/// dt -> 0, it becomes the entropy production of the Ornstein-Uhlenbeck process [Godreche & Luck
/// 2019].
struct EntropyProduction {
  double rate = 0;       ///< >= 0, nats per step; 0 unless converged.
  double asymmetry = 0;  ///< |J S - S J'|_F / |J S|_F in [0, 2]; 0 if reversible or J S = 0.
  double log_determinant_error = 0;  ///< |ln det Qr - ln det Q|: 0 but for rounding.
  Matrix reversed_jacobian;          ///< Jr (n, n).
  Matrix reversed_noise;             ///< Qr (n, n).
  StationaryCovariance stationary;
  GaussianStatus status = GaussianStatus::converged;
};

/// J, Q (n, n), Q symmetric positive definite. Throws std::invalid_argument on a wrong size. For a
/// saddle, see `stable_part`.
EntropyProduction entropy_production(In<Matrix> J, In<Matrix> Q);

}  // namespace nullcline::dynamics
