// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "nullcline/core/types.hpp"

namespace nullcline::tasks {

/// A duration in steps of `dt`, both in seconds, to the nearest step.
inline Index steps_in(double seconds, double dt) {
  return static_cast<Index>(std::lround(seconds / dt));
}

}  // namespace nullcline::tasks
