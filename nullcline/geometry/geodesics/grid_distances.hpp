// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/geometry/geodesics/geodesic.hpp"
#include "nullcline/geometry/manifolds/grid.hpp"

namespace nullcline::geometry {

/// The graph of a grid: each point is tied to those up to `reach` nodes away in every coordinate
/// that no other node lies between, by the length of the straight line in kappa.
struct GridGraph {
  struct Edge {
    Index to;
    double length;
  };
  std::vector<std::vector<Edge>> edges;  ///< (K), symmetric
};

/// points (n, K) and tangents (n, K m) at the points of the grid. The length of an edge is
/// Simpson's rule of the speed |x'| at both ends and the middle of the cubic through the ends and
/// their derivatives, in error by the fourth power of the step; on intervals and circles alike.
///
/// Throws std::invalid_argument on other sizes, entries not finite, or reach < 1.
GridGraph grid_graph(const Grid& grid, In<Matrix> points, In<Matrix> tangents, Index reach);

/// Shortest paths of a graph from one point [Dijkstra 1959].
struct ShortestPaths {
  Vector lengths;               ///< (K), infinite where nothing leads
  std::vector<Index> previous;  ///< (K) the point before on the path; the source itself: -1
  std::vector<Index> to(Index target) const;  ///< Points from the source to the target.
};
ShortestPaths shortest_paths(const GridGraph& graph, Index source);

struct GridDistanceOptions {
  /// Directions of edges: 1: 8 on a surface, 2: 16, 3: 32. On a flat square grid paths are then too
  /// long by at most 8.2, 2.7 and 1.3 %; more where the metric squeezes a direction.
  Index reach = 3;
  /// Pairs, drawn with the seed, to measure by geodesics_between how much too long; 0: none.
  Index checked = 0;
  std::vector<std::pair<Index, Index>> refined = {};  ///< Pairs to measure besides.
  GeodesicOptions geodesic = {.tolerance = 1e-6};     ///< Of these; its starts are the paths.
  std::uint64_t seed = 0;
  Threads threads = {};
};

/// A pair of points of which the geodesic was sought.
struct RefinedPair {
  Index from = 0, to = 0;
  double along_grid = 0;  ///< The entry of `lengths`.
  Geodesic geodesic =
      {};  ///< The shortest that was found, from the grid's path and straight lines.
};

struct GridDistances {
  /// (K, K) lengths of the shortest paths along edges: each that of a curve on the manifold, so
  /// upper bounds, to the error of the edges.
  Matrix lengths;
  std::vector<RefinedPair> pairs;  ///< The checked ones, then the refined.
  /// Of along_grid / length - 1 over the checked pairs of which a geodesic converged.
  double mean_excess = 0, largest_excess = 0;
  Index unchecked = 0;  ///< Checked pairs of which none did.
  bool cancelled = false;
};

/// Distances on the manifold between all points of a grid. Throws std::invalid_argument as
/// grid_graph and geodesics_between do, on a grid of another domain, or a pair out of range.
[[nodiscard]] GridDistances grid_distances(const ImmersedManifold& manifold, const Grid& grid,
                                           const GridDistanceOptions& options = {},
                                           const Progress& progress = {});

}  // namespace nullcline::geometry
