// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/manifold_grid.hpp"
#include "nullcline/study/analyses/warp_summary.hpp"

namespace nullcline::study {

/// What the analysis and the command have in common: `grid`, `times`, `steps`, `curvature`.
Schema warp_schema();

/// The t to look at, of T: `steps`, or `times` of them. Throws std::invalid_argument on steps that
/// are not whole, do not ascend or are not in 0 .. T.
std::vector<Index> warp_steps(const Settings& settings, Index T);

/// The input manifolds of a task on the grid of the settings, of at most `max_points`.
std::vector<ManifoldGrid> manifold_grids(const tasks::Task& task, const Settings& settings,
                                         Index max_points);

/// dt times the steps.                                                      (S)
Vector warp_times(const std::vector<Index>& steps, double dt);

/// Puts `prefix`summary/NAME (S, 3, r) of all quantities, the 3 being 5 %, 50 % and 95 % over the
/// grid, and `prefix`curvature_total (S).
void put_summary(io::Dataset& result, const std::string& prefix, const Warp& warp,
                 In<Vector> weights);
/// The same of how far the metric of the trained network is from that of the untrained one.
void put_distances(io::Dataset& result, const std::string& prefix, const Warp& trained,
                   const Warp& untrained);

/// {name, coordinates: [{name, lowest, highest, periodic}], grid: [K_1, ..]}
io::Json describe(const ManifoldGrid& grid);

}  // namespace nullcline::study
