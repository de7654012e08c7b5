// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/map.hpp"
#include "nullcline/dynamics/points/slow_points.hpp"

namespace nullcline::dynamics::detail {

/// Where the descent of q from one start ended, in the units of the map (dt = 1).
struct Descent {
  Vector state;                    ///< (n)
  double residual = 0;             ///< |F(x) - x|
  double gradient = 0;             ///< |dq/dx|; at a kink of the shortest one-sided combination.
  double smallest_eigenvalue = 0;  ///< Of the Hessian; computed for slow points only.
  Index iterations = 0;            ///< Hessians computed.
  SearchStatus status = SearchStatus::stalled;
};

struct DescentLimits {
  double tolerance;           ///< Of |F(x) - x|: a fixed point.
  double gradient_tolerance;  ///< Of |dq/dx| with a positive definite Hessian, dt = 1.
  double step_tolerance;
  Index max_iterations;
  double escape_radius;
};

/// Local minimization of q = |F(x) - x|^2 / 2 by the method told at find_slow_points.
Descent descend(const Map& map, In<Vector> start, const DescentLimits& limits,
                const std::function<bool()>& keep_going);

}  // namespace nullcline::dynamics::detail
