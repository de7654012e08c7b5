// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "products.hpp"

namespace nullcline::amx {

/// Binds this thread to the CPU that takes the least time for a product by tiles, for a sibling
/// that other guests keep busy shares its caches and its tiles; prints the times of all.
void move_to_quiet_cpu(const Kernels& kernels);

}  // namespace nullcline::amx
