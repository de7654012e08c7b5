// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/geodesics/status.hpp"
#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

namespace nullcline::geometry {

struct RayOptions {
  double until = 1;     ///< The affine parameter s goes from 0 to this, > 0.
  Index intervals = 1;  ///< Kept are s = until p / intervals, p = 0 .. intervals.
  double tolerance =
      1e-11;  ///< Of a step, of each coordinate in extents, each velocity in |v|; > 0.
  Index max_steps = 100'000;  ///< Tried, > 0.
  /// (m, B r) vectors to transport along, those of ray b in b r .. (b + 1) r - 1; empty: none.
  Matrix frames = {};
};

/// Geodesics from B points; knot p of ray b stands in column b (intervals + 1) + p, NaN where the
/// ray did not get there.
struct Rays {
  Index knots = 0;    ///< intervals + 1
  Matrix points;      ///< (m, B knots) kappa(s); periodic coordinates go on, they do not jump back.
  Matrix velocities;  ///< (m, B knots) v = dkappa / ds
  Matrix frames;      ///< (m, B knots r) those of a column c in c r .. (c + 1) r - 1
  Vector reached;     ///< (B) s of the last knot that was reached, or where the domain was left.
  /// (B) the largest of |g(v, v) / g(v_0, v_0) - 1| over the knots, and with frames w of
  /// |g(w_i, w_j) - g(w_i0, w_j0)| / sqrt(g(w_i0, w_i0) g(w_j0, w_j0)): both would be conserved.
  Vector error;
  std::vector<GeodesicStatus> status;  ///< (B)

  auto end(Index b) const { return points.col((b + 1) * knots - 1); }
};

/// Solves the geodesic equation from the columns of `points` (m, B) in the directions of
/// `velocities` (m, B), and transports `frames` w in parallel:
///
///     v' = -G^-1 A' x_vv,    w' = -G^-1 A' x_vw,    x_vw = sum_ij b_ij v_i w_j,
///
/// with A = (a_1 .. a_m), the least-squares solutions of A v' = -x_vv and A w' = -x_vw: the
/// Christoffel symbols of an immersion are Gamma^k_ij = g^kl a_l . b_ij. By the method of Dormand
/// and Prince with step control, all rays with the same steps, so that each stage is one batch.
/// At s = 1 it is the exponential map: `end(b)` = exp of velocity b.
///
/// Of the error the conserved products see what stays in the tangent space, so they tell its order,
/// not a bound. Throws std::invalid_argument on sizes that do not fit, points outside the domain or
/// an option out of range.
[[nodiscard]] Rays geodesic_rays(const ImmersedManifold& manifold, In<Matrix> points,
                                 In<Matrix> velocities, const RayOptions& options = {});

}  // namespace nullcline::geometry
