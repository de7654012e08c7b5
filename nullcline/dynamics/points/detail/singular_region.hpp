// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/dynamics/points/piecewise_linear_points.hpp"

namespace nullcline::dynamics::detail {

/// The continuum of fixed points in the interior of a region with a singular I - J; nullopt if
/// (I - J) x = d has no solution there.
///
/// With the solutions x = p + N t, the region asks s_i (C_i N t + C_i p + c_i) > 0. Together with
/// 1 > 0 these are homogeneous in (t, 1), and have a solution exactly if 0 is not in the convex
/// hull of their normals (Gordan), where the point of the hull nearest to 0 is one. Units that are
/// 0 on all solutions, within rounding, are left out.
std::optional<FixedContinuum> continuum_in(const PiecewiseLinearMap& map, const Region& region);

}  // namespace nullcline::dynamics::detail
