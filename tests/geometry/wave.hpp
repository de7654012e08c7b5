// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "nullcline/geometry/curvature.hpp"

namespace nullcline::geometry::testing {

/// The metric of (x, y, sin x cos y), whose coordinates are oblique: E = 1 + f_x^2, F = f_x f_y,
/// G = 1 + f_y^2.
inline MetricDerivatives wave_metric(double x, double y) {
  const double sx = std::sin(x), cx = std::cos(x), sy = std::sin(y), cy = std::cos(y);
  const double fx = cx * cy, fy = -sx * sy, fxx = -sx * cy, fxy = -cx * sy, fyy = -sx * cy;
  const double fxxy = sx * sy, fxyy = -cx * cy;
  return {.E = 1 + fx * fx,
          .F = fx * fy,
          .G = 1 + fy * fy,
          .E_u = 2 * fx * fxx,
          .E_v = 2 * fx * fxy,
          .F_u = fxx * fy + fx * fxy,
          .F_v = fxy * fy + fx * fyy,
          .G_u = 2 * fy * fxy,
          .G_v = 2 * fy * fyy,
          .E_vv = 2 * (fxy * fxy + fx * fxyy),
          .F_uv = fxxy * fy + fxx * fyy + fxy * fxy + fx * fxyy,
          .G_uu = 2 * (fxy * fxy + fy * fxxy)};
}

}  // namespace nullcline::geometry::testing
