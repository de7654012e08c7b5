// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "nullcline/dynamics/connections/connections.hpp"
#include "nullcline/dynamics/connections/detail/leaving.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics::detail {

/// By (from, to).
using Edges = std::map<std::pair<Index, Index>, Connection>;

/// Follows the boundaries between sampled orbits with different ends (edge.hpp), and adds what they
/// lead to and how many there are. Returns the saddles found that were not given, which are
/// numbered from `nodes` on.
Matrix follow_edges(const Map& map, const Landmarks& landmarks,
                    const std::vector<Leaving>& leavings, const Settled& settled, Index nodes,
                    const ConnectionOptions& options, Cancellation& cancellation,
                    std::vector<Departures>& departures, Edges& edges);

/// Aims at each saddle of lower index that has no edge yet (aim.hpp).
void aim_at_saddles(const Map& map, const Landmarks& landmarks,
                    const std::vector<UnstableSpaces>& spaces, const std::vector<Leaving>& leavings,
                    const Settled& settled, const ConnectionOptions& options,
                    Cancellation& cancellation, Edges& edges);

}  // namespace nullcline::dynamics::detail
