// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/manifolds/grid.hpp"

namespace nullcline::geometry {

/// The curvature formula of the supplement of Pellegrino & Chadwick 2025, with D = E G - F^2,
///
///     K = D^(-1/2) [ d/du ((F_v - G_u / 2) D^(-1/2)) + d/dv ((F_u - E_v / 2) D^(-1/2)) ],
///
/// which is the Gaussian curvature where F = 0 and something else where it is not. For comparison
/// with the paper alone; `curvature` is right.
double legacy_curvature(const MetricDerivatives& metric);

/// The same as it was computed: by differences over a grid, with 1e-5 added to sqrt(D).
struct LegacyCurvature {
  Vector values;                  ///< (K)
  Vector difference;              ///< (K) values - gaussian
  double largest_difference = 0;  ///< Its largest magnitude; 0 without one that is finite.
  Index where = -1;               ///< The point of it.
};

/// metric (4, K) of a surface at the points of `grid`, gaussian (K) the right curvature there. The
/// differences are forward ones, backward at the last node of an interval: which side the
/// supplement takes is our guess. Throws std::invalid_argument on other sizes.
LegacyCurvature legacy_curvature(const Grid& grid, In<Matrix> metric, In<Vector> gaussian);

}  // namespace nullcline::geometry
