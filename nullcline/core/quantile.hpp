// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline {

/// The value below which a part `probability` of the values lies, between two of them by their
/// distance (R's type 7, NumPy's default). `ascending`: not empty, sorted; probability in [0, 1].
double quantile(In<Vector> ascending, double probability);

}  // namespace nullcline
