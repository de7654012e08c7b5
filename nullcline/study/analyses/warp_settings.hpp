// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/manifold_grid.hpp"

namespace nullcline::study {

/// Which points and when: `grid`, `times`, `steps`.
Schema grid_schema();
/// What the analysis and the command have in common: these, `curvature` and `topology`.
Schema warp_schema();

/// `geodesics`, `windings`, `nodes` and `metric_error`: geodesics at `times` of the times, if not
/// asked for others.
Schema geodesic_schema(std::int64_t times);

/// The t to look at, of T: `steps`, or `times` of them. Throws std::invalid_argument on steps that
/// are not whole, do not ascend or are not in 0 .. T.
std::vector<Index> warp_steps(const Settings& settings, Index T);

/// The input manifolds of a task on the grid of the settings, of at most `max_points`.
std::vector<ManifoldGrid> manifold_grids(const tasks::Task& task, const Settings& settings,
                                         Index max_points);

/// dt times the steps.                                                      (S)
Vector warp_times(const std::vector<Index>& steps, double dt);

/// {name, coordinates: [{name, lowest, highest, periodic}], grid: [K_1, ..]}
io::Json describe(const ManifoldGrid& grid);

}  // namespace nullcline::study
