// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// The assignment of each row to a column of its own that minimizes the sum of costs (p, q),
/// p <= q, by shortest augmenting paths with potentials [Kuhn 1955; Jonker & Volgenant 1987]:
/// O(p^2 q). Costs must be finite.
std::vector<Index> minimum_assignment(In<Matrix> costs);

}  // namespace nullcline
