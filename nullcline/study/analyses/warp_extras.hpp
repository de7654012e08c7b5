// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nullcline/study/analyses/warp_course.hpp"
#include "nullcline/study/analyses/warp_settings.hpp"
#include "nullcline/study/analyses/warp_topology.hpp"

namespace nullcline::study {

/// What the analysis and the command ask of a warp beyond its metric, as the settings of
/// `warp_schema` have it.
struct WarpExtras {
  geometry::RankHistory ranks;
  SliceTopology topology;
  std::vector<WarpQuantity> defect;      ///< Of gridlines; of a grid alone.
  std::optional<WarpDecision> decision;  ///< Of a task that decides by a coordinate.
};

/// `grid` may be null. `progress` is that of the topology, which says whether it was cancelled.
WarpExtras extras_of(const cells::Network& network, const Warp& warp, const InputPoints& points,
                     const geometry::Grid* grid, const std::optional<DecisionPoints>& decision,
                     const Settings& settings, Threads threads = Threads{0},
                     const Progress& progress = {});

/// put_ranks, put_topology, put_decision, and the bands of the defect.
void put_extras(io::Dataset& result, const std::string& prefix, const WarpExtras& extras,
                const Warp& warp);

}  // namespace nullcline::study
