// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics {

struct CycleStartOptions {
  Index min_period = 1;       ///< >= 1, steps.
  Index max_period = 16;      ///< >= min_period.
  Index recurrences = 16;     ///< >= 0; of each period, the nearest returns of the orbit.
  Index shuffled = 0;         ///< >= 0; of each period, sequences of states drawn at random.
  std::uint64_t seed = 0;     ///< Of the study.
  std::uint64_t network = 0;  ///< Of the network in it.
};

/// Guesses for find_cycles from one orbit (n, T) of a map, T > max_period, x_{t+1} = F(x_t): for
/// each period k the pieces x_t, ..., x_{t+k-1} for which |x_{t+k} - x_t| is a local minimum in t,
/// nearest returns first (a saddle cycle is left so slowly that orbits recur near it), then
/// sequences of k states drawn from the orbit, which lead to cycles that it does not come near.
///
/// A minimum of 0, an orbit that rests on a cycle, gives one guess. Random draws are streams of
/// Purpose 26. O(n T max_period) time. Throws std::invalid_argument on a wrong size or option, or
/// states that are not finite.
std::vector<Matrix> draw_cycle_starts(In<Matrix> orbit, const CycleStartOptions& options = {});

}  // namespace nullcline::dynamics
