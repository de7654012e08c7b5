// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tuple>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

using Edge = std::tuple<int, int, double>;  // i < j, length

/// min_i max_j D_ij
double enclosing_radius(const Matrix& D);

/// Those of length <= longest.
std::vector<Edge> edges_within(const Matrix& D, double longest);

/// Of the graph of `edges` on `points`, the cliques of 1 .. most_vertices points, or limit + 1 if
/// there are more than `limit`. None is stored.
Index count_cliques(Index points, const std::vector<Edge>& edges, Index most_vertices, Index limit);

}  // namespace nullcline::representation::detail
