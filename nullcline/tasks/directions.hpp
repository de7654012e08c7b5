// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

/// A unit vector of R^D, isotropic; in one dimension +1 or -1.
Vector random_direction(Index dimensions, RandomStream& stream);

/// D inputs that are the coordinates of a point: "point 1", "point 2", ...
std::vector<Channel> coordinates_of(const std::string& point, Index dimensions);

}  // namespace nullcline::tasks
