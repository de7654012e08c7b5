// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/geometry/topology.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/warp.hpp"

namespace nullcline::study {

/// What is asked of slices of the states, each at one step: whether they are still the manifold
/// that the inputs are.
struct SliceTopology {
  std::vector<Index> steps;  ///< (P)
  Vector immersion;          ///< (P) least sigma_m / sigma_1 over the points (geometry::immersion).
  /// (P) least chord over distance along the slice (geometry::injectivity), of all pairs more than
  /// 1e-6 of the largest distance apart; distances by grid_graph and shortest_paths. NaN without a
  /// grid, of more than `most_pairs` points, and where something is not finite.
  Vector injectivity;
  /// (min(m, 2) + 1, P) persistent Betti numbers of the points: classes of the Vietoris-Rips
  /// complex with edges up to e = 1.1 times the longest chord within a cell of the grid that are
  /// still there at 1.25 e [Chazal & Oudot 2008 have 4 e, which asks for finer grids; both factors
  /// are our choice]. Holes smaller than that are not seen. NaN as above, and where the complex has
  /// more than ten million simplices, as where the grid is coarse for how the slice is bent.
  Matrix betti;
  bool cancelled = false;
};

struct SliceTopologyOptions {
  std::vector<Index> steps = {};  ///< (P) t, ascending.
  Index most_pairs = 1000;        ///< Points.
  double memory = 128e6;          ///< Bytes; one step is always taken.
  Threads threads = Threads{0};
};

/// Of the `warp` of the network at the points, which has the steps asked for. `grid` may be null,
/// where the points are not those of one. For what a grid is needed for, runs the network once
/// more, or several times where states and tangents of all steps take more than `memory`. Throws
/// std::invalid_argument on a step that the warp does not have.
SliceTopology slice_topology(const cells::Network& network, const Warp& warp,
                             const InputPoints& points, const geometry::Grid* grid,
                             const SliceTopologyOptions& options, const Progress& progress = {});

/// Ranks of the tangents at all kept steps (geometry::rank_history).
geometry::RankHistory ranks_of(const Warp& warp);

/// `count` of the kept steps, evenly spaced, the last one among them; all if there are fewer.
std::vector<Index> chosen_steps(const std::vector<Index>& steps, Index count);

/// Puts `prefix`topology/immersion (P), injectivity (P) and betti (P, B), of the steps
/// `prefix`topology/steps (P); and `prefix`ranks (S, 2), the least and the greatest over the
/// points.
void put_topology(io::Dataset& result, const std::string& prefix, const SliceTopology& topology);
void put_ranks(io::Dataset& result, const std::string& prefix, const geometry::RankHistory& ranks);

/// {last_input: s or null, changes: how many (point, step) after it have another rank}
io::Json describe(const geometry::RankHistory& ranks, double dt);

}  // namespace nullcline::study
