// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::dynamics::detail {

/// |x_i - x_j| for the columns of X (n, P), by one matrix product: absolute errors up to about
/// 1e-8 times the extent of the set. (P, P), symmetric, zero diagonal.
Matrix pairwise_distances(In<Matrix> X);

/// One column of each group of columns nearer than `distance` to its first member, ascending.
std::vector<Index> distinct_columns(In<Matrix> distances, double distance);

/// The largest set of points that are connected by steps of at most `reach`, ascending.
std::vector<Index> largest_component(In<Matrix> distances, double reach);

/// Weighted, undirected: each point with its k nearest, and the minimum spanning tree, so that the
/// graph is connected.
struct NeighborGraph {
  struct Edge {
    Index to;
    double length;
  };
  std::vector<std::vector<Edge>> edges;     // of each point
  std::vector<std::vector<Index>> nearest;  // (P)(k), by increasing distance
};
NeighborGraph neighbor_graph(In<Matrix> distances, Index k);

/// The length of the shortest path from `source` to each point [Dijkstra 1959] that avoids points
/// with `blocked` != 0 (none if empty); infinite where there is none.
Vector path_lengths(const NeighborGraph& graph, Index source,
                    const std::vector<std::uint8_t>& blocked = {});

/// The participation ratio (tr C)^2 / tr C^2 of the covariance C of each point and its neighbors:
/// about d where they lie along d directions, 0 where they coincide. Of many neighbors a part.
Vector local_dimensions(In<Matrix> X, const NeighborGraph& graph, Threads threads);

}  // namespace nullcline::dynamics::detail
