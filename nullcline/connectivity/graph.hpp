// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// The directed graph of a square matrix: an edge j -> i where A_ij != 0, loops where A_ii != 0.

/// Whether every node reaches every other, that is, A is irreducible; true for n = 1.
bool is_strongly_connected(In<Matrix> A);

/// Whether there is a cycle or a loop. Without one, A is nilpotent.
bool has_cycle(In<Matrix> A);

}  // namespace nullcline::connectivity
