// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"
#include "nullcline/dynamics/linear/modes.hpp"

namespace nullcline::dynamics {

/// How a computation about noisy linear dynamics ended,
///
///     x_{t+1} = J x_t + xi_t,   xi ~ N(0, Q) independent,   J, Q (n, n),
///
/// the linearized dynamics around a point under noise: a VAR(1) process.
enum class GaussianStatus {
  converged,
  unstable,        ///< Some |lambda| >= 1: no stationary state; or one beyond the range of doubles.
  singular_noise,  ///< Q, or what follows from it, is not positive definite to rounding.
  not_finite,      ///< J or Q is not finite.
  not_converged,   ///< LAPACK gave up on the eigenvalues of J.
};

const char* name_of(GaussianStatus status);  ///< "converged", ...

/// The covariance of the stationary state, the solution of the discrete Lyapunov equation
///
///     S = J S J' + Q = sum_k J^k Q J'^k,
///
/// by doubling [Smith 1968; Anderson 1978]: S <- S + A S A', A <- A^2 from S = Q, A = J. The number
/// of steps is about log2(18 / (1 - max |lambda|)) + 1, of three matrix products each.
struct StationaryCovariance {
  Matrix covariance;    ///< S (n, n), symmetric; empty unless converged.
  double residual = 0;  ///< |J S J' + Q - S|_F / |S|_F (0 for S = 0).
  Index iterations = 0;
  GaussianStatus status = GaussianStatus::converged;
};

/// Q symmetric, positive semidefinite (not checked; its symmetric part is used). Throws
/// std::invalid_argument on a wrong size.
StationaryCovariance stationary_covariance(In<Matrix> J, In<Matrix> Q);

/// How much the past of the noisy linear dynamics tells of their future, in nats:
///
///     PI = I(past; future) = I(x_t; x_{t+1}) = (log det S - log det Q) / 2,
///
/// exact for a VAR(1), whose past acts through the last state alone; the same for windows of any
/// length T >= 1. Invariant under x -> C x. AR(1) with coefficient a: -ln(1 - a^2) / 2.
struct LinearPredictiveInformation {
  double nats = 0;  ///< >= 0; 0 unless converged.
  StationaryCovariance stationary;
  GaussianStatus status = GaussianStatus::converged;
};

/// Q symmetric positive definite. Throws std::invalid_argument on a wrong size.
LinearPredictiveInformation predictive_information(In<Matrix> J, In<Matrix> Q);

/// The same dynamics seen along the modes with |lambda| < 1 alone. At a saddle x has no stationary
/// state, but these coordinates y = R x (rows Re l_a and, of a pair, Im l_a) have: y_{t+1} =
/// A y_t + R xi. Where all modes are stable nothing but the coordinates has changed.
struct StablePart {
  Matrix coordinates;  ///< R (s, n).
  Matrix jacobian;     ///< A (s, s), block diagonal: lambda, or [a, b; -b, a] for a +- i b.
  Matrix noise;        ///< R Q R' (s, s).
};

/// Modes with a left vector and |lambda| < 1 - margin, margin >= 0. Throws std::invalid_argument
/// on a wrong size or a negative margin.
StablePart stable_part(const Modes& modes, In<Matrix> Q, double margin = 0);

}  // namespace nullcline::dynamics
