// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics::detail {

/// One point that several searches reached.
struct Cluster {
  Index best = 0;              ///< The member with the least `cost` (the first of equals).
  std::vector<Index> members;  ///< Columns of the states, ascending.
};

/// Clusters of the columns listed in `members` (ascending): each joins the nearest cluster whose
/// first member x is within distance (1 + |x|), or founds one. O(members x clusters) time.
std::vector<Cluster> merge_by_distance(In<Matrix> states, const std::vector<Index>& members,
                                       In<Vector> cost, double distance);

}  // namespace nullcline::dynamics::detail
