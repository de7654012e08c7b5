// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "products.hpp"
#include "tables.hpp"

namespace nullcline::amx {

struct TimedPlan {
  Plan plan;
  double seconds;
};

/// Those that this program compares.
std::vector<Plan> known_plans();
std::string name_of(const Plan& plan);

/// The product C (rows, columns) of random factors that are split before, by every known plan in
/// turns; the fastest first.
std::vector<TimedPlan> timed_plans(const Kernels& kernels, const Effort& effort, Index rows,
                                   Index inner, Index columns, int products);

/// Binds this thread to the CPU that takes the least time for a product by tiles, for a sibling
/// that other guests keep busy shares its caches and its tiles; prints the times of all.
void move_to_quiet_cpu(const Kernels& kernels);

}  // namespace nullcline::amx
