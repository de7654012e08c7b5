// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/geometry/manifolds/driven_slice.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {

/// The input manifold of a task as input functions at any kappa, for geodesics and distances on
/// what they drive (geometry sees no tasks).
geometry::InputFunctions input_functions(const tasks::InputManifold& manifold);

}  // namespace nullcline::study
