// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/connections/connections.hpp"
#include "nullcline/dynamics/connections/detail/junctions.hpp"
#include "nullcline/dynamics/connections/detail/leaving.hpp"
#include "nullcline/dynamics/connections/detail/saddle_nodes.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics::detail {

/// The search for saddles at which orbits of sampled directions arrive, and what it adds to.
struct SaddleSearch {
  const Map& map;
  const Landmarks& landmarks;
  const std::vector<Leaving>& leavings;
  const Settled& settled;  // their sampled orbits
  const ConnectionOptions& options;
  Cancellation& cancellation;
  std::vector<Departures>& departures;
  Edges& edges;
  SaddleNodes& nodes;
};

/// Follows the boundaries between sampled orbits with different ends (edge.hpp), and adds what they
/// lead to and how many there are. Returns the directions of those of each point that led to a
/// saddle, twice, as seen from both sides.
std::vector<std::vector<Wall>> follow_edges(SaddleSearch& search);

/// Aims at each saddle of lower index that has no edge yet (aim.hpp).
void aim_at_saddles(SaddleSearch& search, const std::vector<UnstableSpaces>& spaces);

/// Of points with three unstable directions and more: saddles of index 2 and more where boundaries
/// meet (junctions.hpp), between walls whose saddles nothing found so far explains.
void follow_junctions(SaddleSearch& search, const std::vector<std::vector<Wall>>& walls);

}  // namespace nullcline::dynamics::detail
