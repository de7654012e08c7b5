// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

namespace nullcline::geometry {

/// Surfaces of which geodesics, distances and curvature have closed forms: what results of networks
/// can be held against.

/// The sphere of radius r by polar angle, in [0.02, pi - 0.02] as there is no metric at the poles,
/// and longitude. K = 1 / r^2.
FunctionManifold sphere(double r);
/// The length of the great circle between two of its points (polar angle, longitude).
double sphere_distance(double r, In<Vector> p, In<Vector> q);

/// The pseudosphere (sech u cos v, sech u sin v, u - tanh u), u in [0.1, 4], unrolled to v in
/// [-3, 3]: a patch of the hyperbolic plane, K = -1. (v, cosh u) are coordinates of the upper
/// half-plane.
FunctionManifold pseudosphere();
/// arcosh(1 + |p - q|^2 / (2 p_y q_y)) of two of its points (u, v).
double pseudosphere_distance(In<Vector> p, In<Vector> q);

/// ((R + r cos v) cos u, (R + r cos v) sin u, r sin v), R > r. K = cos v / (r (R + r cos v)).
FunctionManifold ring_torus(double R, double r);

/// (r1 cos a, r1 sin a, r2 cos b, r2 sin b), which is flat: distances are those of a rectangle of
/// 2 pi r1 by 2 pi r2 with its sides glued.
FunctionManifold clifford_torus(double r1, double r2);

}  // namespace nullcline::geometry
