// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/branches/continuation.hpp"
#include "nullcline/dynamics/branches/detail/curve.hpp"

namespace nullcline::dynamics::detail {

/// The special points between two neighbors, in order; `index` is not set, and `arclength` is the
/// distance from a. Those that need eigenvalues are looked for where both points have them.
std::vector<SpecialPoint> special_points(const Segment& segment);

/// The multipliers of a branch, by kinds: what test functions are made of.
struct MultiplierCounts {
  Index above = 0;  ///< Real, > 1.
  Index below = 0;  ///< Real, < -1.
  Index pairs = 0;  ///< Complex pairs outside the unit circle, by 1e-12 at least.
};
MultiplierCounts count_multipliers(const ComplexVector& eigenvalues);

/// How many complex pairs left the unit circle between two neighbors, if at most one real
/// eigenvalue crossed +1 and one -1: pairs that became two real ones are not counted.
Index pairs_that_left(const MultiplierCounts& before, const MultiplierCounts& after);

}  // namespace nullcline::dynamics::detail
