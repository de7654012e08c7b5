// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/geodesics/status.hpp"
#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

namespace nullcline::geometry {

/// A curve kappa(s), s in [0, 1], and its derivative by s. (m) each
struct CurvePoint {
  Vector kappa, velocity;
};
using Curve = std::function<CurvePoint(double s)>;

struct TransportOptions {
  double tolerance = 1e-11;   ///< Of a step, relative to the size of the vectors; > 0.
  Index max_steps = 100'000;  ///< Tried, > 0.
};

struct Transport {
  Matrix vectors;      ///< (m, r) at the end of the curve, or where it could go on no more.
  double reached = 0;  ///< s of these.
  /// The largest of |g(w_i, w_j) - g(w_i0, w_j0)| / sqrt(g(w_i0, w_i0) g(w_j0, w_j0)): transport
  /// keeps lengths and angles.
  double error = 0;
  GeodesicStatus status = GeodesicStatus::not_converged;
};

/// Carries vectors w (m, r) along a curve without turning them, w' = -G^-1 A' x_vw (see
/// geodesic_rays); around a closed curve on a surface they come back turned by the integral of the
/// curvature within (on the unit sphere: its area). Throws std::invalid_argument on sizes that do
/// not fit or an option out of range.
[[nodiscard]] Transport parallel_transport(const ImmersedManifold& manifold, const Curve& curve,
                                           In<Matrix> vectors,
                                           const TransportOptions& options = {});

/// The angle in (-pi, pi] from v to w, tangent vectors of a surface at kappa, positive from the
/// first coordinate to the second. Throws std::invalid_argument unless m = 2 and both are (2).
double angle_between(const ImmersedManifold& manifold, In<Vector> kappa, In<Vector> v,
                     In<Vector> w);

}  // namespace nullcline::geometry
