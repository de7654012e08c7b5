// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/detail/speed_descent.hpp"

namespace nullcline::dynamics::detail {

/// The result of K descents: slow points merged and sorted. dt, merge_distance: of the options.
SlowPoints collect_slow_points(const Map& map, const std::vector<Descent>& descents, double dt,
                               double merge_distance);

/// `radius`, or if that is 0 ten times the largest norm of a finite start, and at least 10.
double escape_radius(In<Matrix> starts, double radius);

}  // namespace nullcline::dynamics::detail
