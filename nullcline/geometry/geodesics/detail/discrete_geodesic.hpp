// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/geodesics/status.hpp"
#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

namespace nullcline::geometry::detail {

/// Knots kappa_0 .. kappa_P at which the energy of the polygon through their points,
///
///     E = P / 2 sum_p |x(kappa_{p+1}) - x(kappa_p)|^2,
///
/// is stationary with kappa_0 and kappa_P held.
struct DiscreteGeodesic {
  Matrix knots;  ///< (m, P + 1)
  double energy = 0;
  /// (m) velocities at the ends, from the momenta -dE/dkappa_0 and dE/dkappa_P: like the energy,
  /// they have errors in even powers of 1 / P alone.
  Vector start_velocity, end_velocity;
  bool minimum = false;  ///< The second derivative of E is positive definite.
  Index iterations = 0;
  GeodesicStatus status = GeodesicStatus::not_converged;
};

/// By Newton's method from `knots`, damped as Levenberg and Marquardt do wherever the second
/// derivative is not positive definite or the energy would not fall. With r_p = 2 x_p - x_{p-1} -
/// x_{p+1} the gradient is P A_p' r_p and the second derivative block tridiagonal,
///
///     H_pp = P (2 A_p' A_p + sum r_p . b_ij),    H_p,p+1 = -P A_p' A_{p+1},
///
/// so a step costs one batch of P - 1 second-order jets and O(P m^3).
DiscreteGeodesic relax(const ImmersedManifold& manifold, Matrix knots, Index max_iterations);

}  // namespace nullcline::geometry::detail
