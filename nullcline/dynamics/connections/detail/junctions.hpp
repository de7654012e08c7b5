// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "nullcline/dynamics/connections/detail/leaving.hpp"
#include "nullcline/dynamics/connections/detail/saddle_nodes.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics::detail {

/// A direction on the boundary of the basin of `end`, from which the orbit goes to `saddle`.
struct Wall {
  Index end = 0;     // of the orbits on this side of it
  Index saddle = 0;  // node
  Vector u;          // (k) unit vector
};

/// Two walls of one basin that lead to different saddles, and an orbit inside of it.
struct WallPair {
  const Leaving* leaving = nullptr;
  Index end = 0;
  Vector inside;      // (k) unit vector
  Vector u, v;        // (k) directions of the walls
  Vector at_u, at_v;  // (n) their saddles
};

/// Where the walls that one basin has on the sphere of directions meet.
///
/// On the unit sphere of the k unstable directions of p, the boundaries of basins are cut out by
/// the stable manifolds of saddles of index 1 (walls, of k - 2 dimensions); the stable manifold of
/// a saddle q of index 2 is where two of them meet (k - 3). On the way along the boundary of one
/// basin from a wall of the saddle r to one of r', the saddle that the boundary leads to changes
/// just there: the edge of the edge.
///
///     look from a direction inside of the basin along a great circle with the tangent w: the first
///     boundary on it leads to r(w) (edge.hpp);
///     bisect w between those towards the two walls until r(w) has index 2 or more, which it has
///     where the boundary passes q within reach. A third saddle of index 1 splits the way in two;
///     then the other way around is tried too.
///
/// The boundary pauses near q long before that: from each pause Newton's method proposes a saddle,
/// which counts if an orbit that leaves p arrives at it (aim.hpp).
///
/// Saddles of index 3 and more are where junctions meet; these are not looked for.
struct Junction {
  std::optional<Vector> saddle;  // none: lost
  double distance = -1;          // of the orbit that arrived, if it was aimed; else negative
};
std::vector<Junction> find_junctions(const Map& map, const Landmarks& landmarks,
                                     const WallPair& pair, const ConnectionOptions& options,
                                     const Cancellation& cancellation);

/// The pairs of walls of each basin between which no known saddle explains the change: none of
/// index 2 or more that p leads to, and that leads to both saddles. Those of the nearest directions
/// first, up to 64, the others of which are counted in `skipped`. Basins without a sampled orbit,
/// which have no inside, have none.
std::vector<WallPair> unexplained_pairs(const Landmarks& landmarks, const Leaving& leaving,
                                        const std::vector<Index>& ends,
                                        const std::vector<Wall>& walls, const SaddleNodes& nodes,
                                        const Edges& edges, Index& skipped);

}  // namespace nullcline::dynamics::detail
