// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nullcline::dynamics {

/// How the search from one start ended. The searches minimize the speed q = |F(x) - x|^2 / 2 dt^2;
/// every end but the first five says why no point came of the start.
enum class SearchStatus {
  fixed_point,       ///< |F(x) - x| <= tolerance.
  rounding_limited,  ///< A fixed point as near as doubles come: above the tolerance, at rounding.
  slow_point,        ///< A strict local minimum of q > 0: dq/dx = 0, Hessian positive definite.
  kink,              ///< A local minimum of q > 0 to first order where the Jacobian jumps.
  flat,              ///< dq/dx = 0 at q > 0, with a singular Hessian.
  stalled,           ///< No step reduces q any more, or not enough; none of the above.
  escaped,           ///< Left the ball of the escape radius, or the box of Map::state_bound.
  max_iterations,    ///< Was still moving after the last iteration.
  not_finite,        ///< The start, the map or its Jacobian is not finite there.
  cancelled,         ///< The progress callback asked to stop.
};

const char* name_of(SearchStatus status);  ///< "fixed_point", ...

/// The two ends that are fixed points.
constexpr bool is_fixed_point(SearchStatus status) {
  return status == SearchStatus::fixed_point || status == SearchStatus::rounding_limited;
}

/// The three ends that are stationary points of q which are not fixed points.
constexpr bool is_slow_point(SearchStatus status) {
  return status == SearchStatus::slow_point || status == SearchStatus::kink ||
         status == SearchStatus::flat;
}

}  // namespace nullcline::dynamics
