// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_settings.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/study/analyses/warp.hpp"

namespace nullcline::study {

Schema grid_schema() {
  return {{"grid", std::vector<double>{},
           "points of each coordinate of the input manifold, or one number for all; none: 61 of a "
           "curve (60 of a circle), 15 of each of a surface, 7 in three dimensions (our choice)",
           2, 1e6},
          {"times", std::int64_t{21}, "evenly spaced over the trial, the last one its end", 1, 1e6},
          {"steps", std::vector<double>{},
           "of the trial to look at in place of `times`, ascending; 0 is the start", 0, 1e9}};
}

Schema warp_schema() {
  Schema schema = grid_schema();
  schema.push_back({"curvature", true, "of the slices, by the equation of Gauss"});
  schema.push_back(
      {"topology", std::int64_t{3},
       "of the times, evenly spaced: at how many to look for double points, pieces, loops and "
       "voids; grids of up to 1000 points (our choice)",
       0, 1e6});
  return schema;
}

Schema geodesic_schema(std::int64_t times) {
  return {
      {"geodesics", times,
       "of the times, evenly spaced: at how many to look for geodesics of the states", 0, 1e6},
      {"windings", std::int64_t{1},
       "of geodesics around each circle, more than the shorter way, either way around", 0, 20},
      {"nodes", std::vector<double>{},
       "of each coordinate that the states are interpolated from for geodesics, or one number "
       "for all; none: 49 of a curve, 21 x 21, 9 x 9 x 9, then 5 (our choice)",
       2, 1e4},
      {"metric_error", 0.1,
       "|log mu|, how far the metric of the interpolated states may be from theirs; slices where "
       "it is further are left out (our choice)",
       0}};
}

std::vector<Index> warp_steps(const Settings& settings, Index T) {
  const auto& asked = settings.numbers("steps");
  if (asked.empty()) return even_steps(T, settings.integer("times"));
  std::vector<Index> steps;
  for (const double step : asked) {
    const auto t = static_cast<Index>(step);
    if (step != std::floor(step) || step > static_cast<double>(T) ||
        (!steps.empty() && t <= steps.back())) {
      throw std::invalid_argument(fmt::format(
          "steps: must be whole numbers that ascend within 0 .. {}, found {}", T, step));
    }
    steps.push_back(t);
  }
  return steps;
}

Vector warp_times(const std::vector<Index>& steps, double dt) {
  Vector times(static_cast<Index>(steps.size()));
  for (Index s = 0; s < times.size(); ++s) {
    times(s) = dt * static_cast<double>(steps[static_cast<std::size_t>(s)]);
  }
  return times;
}

std::vector<ManifoldGrid> manifold_grids(const tasks::Task& task, const Settings& settings,
                                         Index max_points) {
  std::vector<ManifoldGrid> grids;
  for (const tasks::InputManifold& manifold : task.input_manifolds()) {
    grids.push_back(manifold_grid(manifold, settings.numbers("grid"), max_points));
  }
  return grids;
}

io::Json describe(const ManifoldGrid& grid) {
  io::Json coordinates = io::Json::array(), sizes = io::Json::array();
  for (std::size_t i = 0; i < grid.grid.nodes.size(); ++i) {
    const auto& coordinate = grid.coordinates[i];
    coordinates.push_back({{"name", coordinate.name},
                           {"lowest", coordinate.lowest},
                           {"highest", coordinate.highest},
                           {"periodic", coordinate.periodic}});
    sizes.push_back(grid.grid.nodes[i].size());
  }
  return {{"name", grid.name}, {"coordinates", coordinates}, {"grid", sizes}};
}

}  // namespace nullcline::study
