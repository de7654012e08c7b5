// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::geometry::detail {

/// The length of x(kappa_0 + t step), t in [0, 1], by its chord and its derivatives at both ends:
/// Simpson's rule of the speed, that in the middle being the one of the cubic through all four. The
/// error is of the fourth power of the step; of an arc of a circle of angle a, a^4 / 2880.
inline double line_length(In<Vector> chord, In<Vector> first, In<Vector> last) {
  const double middle = (1.5 * chord - 0.25 * (first + last)).norm();
  return (first.norm() + 4 * middle + last.norm()) / 6;
}

}  // namespace nullcline::geometry::detail
