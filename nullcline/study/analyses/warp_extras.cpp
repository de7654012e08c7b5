// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_extras.hpp"

#include "nullcline/study/analyses/geometry.hpp"

namespace nullcline::study {

WarpExtras extras_of(const cells::Network& network, const Warp& warp, const InputPoints& points,
                     const geometry::Grid* grid, const std::optional<DecisionPoints>& decision,
                     const Settings& settings, Threads threads, const Progress& progress) {
  const std::vector<Index> steps = chosen_steps(warp.steps, settings.integer("topology"));
  WarpExtras extras{
      ranks_of(warp),
      slice_topology(network, warp, points, grid, {.steps = steps, .threads = threads}, progress),
      {},
      {}};
  if (grid != nullptr) extras.defect = gridline_defect(warp, *grid);
  if (decision) extras.decision = decision_of(warp, *decision, network.dt());
  return extras;
}

void put_extras(io::Dataset& result, const std::string& prefix, const WarpExtras& extras,
                const Warp& warp) {
  put_ranks(result, prefix, extras.ranks);
  put_topology(result, prefix, extras.topology);
  put_quantities(result, prefix, extras.defect, warp);
  if (extras.decision) put_decision(result, prefix, *extras.decision);
}

}  // namespace nullcline::study
