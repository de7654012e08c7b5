// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics::detail {

/// Orbits that leave a point: x_0 = origin + E s, E (n, k) spanning its unstable directions,
/// scaled so that |s| = 1 is where they are still linear.
struct AimDeparture {
  Vector origin;  // (n)
  Matrix E;       // (n, k)
};

/// A saddle to arrive at.
struct AimTarget {
  Vector point;       // (n)
  Matrix jacobian;    // (n, n)
  Matrix unstable;    // (n, m) an orthonormal basis of the unstable left eigenvectors
  double growth = 2;  // > 1, modulus of the largest multiplier
  double reach = 0;   // arrived within this distance
};

struct AimedShot {
  bool arrived = false;
  double distance = 0;  // of the last state from the target
  Index steps = 0;      // of that orbit
  Vector s;             // (k) its direction
};

/// Looks for s such that the orbit ends at the target, by Gauss-Newton on the unstable part of
/// where it stands after T steps,
///
///     c(s) = U' (F^T(origin + E s) - x*) = 0,     A = U' DF^T E,     ds = -A^+ c,
///
/// for growing T, from `steps` on: each T starts at the solution of the last. Arrived: |d| <= reach
/// and |c| <= |d| / 100, or, where rounding (which grows as growth^T) allows no larger T, this and
/// |F(x) - x* - J d| <= |d| / 100: there the stable manifold is as near as the linear part says.
/// It never makes more than `budget` steps in all.
AimedShot aim(const Map& map, const AimDeparture& departure, const AimTarget& target, In<Vector> s,
              Index steps, Index budget);

}  // namespace nullcline::dynamics::detail
