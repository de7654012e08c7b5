// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics::detail {

/// The w that minimizes w' K w / 2 + c' w on the simplex w >= 0, sum w = 1, for a positive
/// semidefinite K (m, m): a primal active-set method, which for c = 0 is Wolfe's for the point of
/// a polytope nearest to the origin [Wolfe 1976].
Vector simplex_minimum(In<Matrix> K, In<Vector> c);

}  // namespace nullcline::dynamics::detail
