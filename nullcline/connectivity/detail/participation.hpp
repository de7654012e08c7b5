// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity::detail {

/// (sum v^2)^2 / sum v^4: 1 if one value stands alone, n if n are equal; 0 if all are 0. Scaled
/// against under- and overflow.
double participation(In<Vector> values);

}  // namespace nullcline::connectivity::detail
