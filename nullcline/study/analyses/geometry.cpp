// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/geometry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/study/analyses/geodesic_arrays.hpp"
#include "nullcline/study/analyses/steady_points.hpp"
#include "nullcline/study/analyses/warp_extras.hpp"
#include "nullcline/study/analyses/warp_pictures.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::study {
namespace {

constexpr Index grid_points = 10'000;  // at most, in a study
constexpr Index columns = 1'000'000;   // of points and times together

/// A network at one stage on all manifolds of its task.
struct Stage {
  std::string name;
  const cells::Network& network;
  std::vector<Warp> warps = {};
  std::vector<SliceGeodesics> geodesics = {};
};

/// The median over the manifold of a quantity of one number at the last step; NaN if it is not
/// there.
double last_median(const std::vector<WarpQuantity>& quantities, const char* name,
                   const Warp& warp) {
  for (const WarpQuantity& quantity : quantities) {
    if (quantity.name == name) return bands(quantity, warp.points)(1, warp.count() - 1);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Of the last step: medians over each manifold, averaged over manifolds.
io::Json metrics_of(const Stage& trained, const Stage& untrained) {
  io::Json metrics = io::Json::object();
  const auto put = [&](const char* name, const auto& of) {
    double sum = 0;
    for (std::size_t c = 0; c < trained.warps.size(); ++c) sum += of(c);
    const double mean = sum / static_cast<double>(trained.warps.size());
    if (std::isfinite(mean)) metrics[name] = mean;
  };
  const auto of = [](const Stage& stage, const char* name) {
    return [&stage, name](std::size_t c) {
      return last_median(quantities_of(stage.warps[c]), name, stage.warps[c]);
    };
  };
  put("manifold_volume", of(trained, "volume"));
  put("manifold_volume_untrained", of(untrained, "volume"));
  put("manifold_condition", of(trained, "condition"));
  put("manifold_dim", of(trained, "effective_dim"));
  put("manifold_visible", of(trained, "visible"));
  put("metric_distance", [&](std::size_t c) {
    return last_median(distances_of(trained.warps[c], untrained.warps[c]), "affine_invariant",
                       trained.warps[c]);
  });
  return metrics;
}

std::int64_t bytes_of(const io::Dataset& result) {
  std::size_t bytes = 0;
  for (const auto& [name, array] : result.arrays) {
    bytes += std::visit([](const auto& data) { return data.size() * sizeof(data[0]); }, array.data);
  }
  return static_cast<std::int64_t>(bytes);
}

/// Whether the study stores the maps of this network, not its summary alone.
bool keeps_maps(const AnalysisContext& context) {
  const auto number = context.file.attributes.find("number");
  const std::int64_t place = number != context.file.attributes.end() && number->is_number_integer()
                                 ? number->get<std::int64_t>()
                                 : 0;
  return place < context.settings.integer("maps");
}

void put_grid(io::Dataset& result, std::size_t c, const ManifoldGrid& grid) {
  result.attributes["manifolds"].push_back(describe(grid));
  for (std::size_t i = 0; i < grid.grid.nodes.size(); ++i) {
    result.arrays[fmt::format("{}/axis_{}", c, i)] = Array::vector(grid.grid.nodes[i]);
  }
}

/// What training did to the metric.
void put_change(io::Dataset& result, std::size_t c, const Warp& trained, const Warp& untrained,
                bool maps) {
  const std::string prefix = fmt::format("{}/trained/", c);
  put_distances(result, prefix, trained, untrained);
  put_course(result, prefix, course_of(trained, &untrained));
  put_course(result, fmt::format("{}/untrained/", c), course_of(untrained));
  for (const WarpQuantity& quantity : distances_of(trained, untrained)) {
    if (maps) result.arrays[prefix + quantity.name] = picture(quantity.values, trained);
  }
}

/// Of curves and surfaces, as pictures show them; distances over grids of up to 400 points.
SliceGeodesics geodesics_of(const AnalysisContext& context, const Stage& stage,
                            const ManifoldGrid& grid, const Progress& progress) {
  const Warp& warp = stage.warps.back();
  if (warp.dim > 2) return {};
  SliceGeodesicsOptions options = geodesic_options(context.settings, warp.steps);
  options.between = standard_ends(grid.functions.domain);
  options.distances = warp.dim == 2 && warp.points <= 400;
  return slice_geodesics(stage.network, warp, grid.functions, grid.grid, options, progress);
}

void check(const tasks::Task& task, const Settings& settings) {
  for (const ManifoldGrid& grid : manifold_grids(task, settings, grid_points)) {
    check_size(grid.points, std::ssize(warp_steps(settings, grid.points.steps)), columns);
    const auto m = static_cast<std::size_t>(grid.points.dim);
    if (m <= 2) (void)node_counts(settings.numbers("nodes"), m);
  }
}

io::Dataset run(const AnalysisContext& context) {
  io::Dataset result;
  const auto grids = manifold_grids(context.task, context.settings, grid_points);
  result.attributes["manifolds"] = io::Json::array();
  if (grids.empty()) return result;
  const bool maps = keeps_maps(context);
  WarpOptions options;
  options.steps = warp_steps(context.settings, grids.front().points.steps);
  options.curvature = context.settings.flag("curvature");
  options.keep_states = maps;
  options.most = columns;
  Stage stages[] = {{"trained", context.trained}, {"untrained", context.untrained}};
  std::size_t part = 0;
  // Of both stages the metric, the topology and, for pictures, geodesics.
  const std::size_t parts = (maps ? 6 : 4) * grids.size();
  for (Stage& stage : stages) {
    for (std::size_t c = 0; c < grids.size(); ++c) {
      stage.warps.push_back(warp_of(stage.network, grids[c].points, options,
                                    part_of(context.progress, part++, parts)));
      if (stage.warps.back().cancelled) return result;
      const std::string prefix = fmt::format("{}/{}/", c, stage.name);
      put_summary(result, prefix, stage.warps.back(), grids[c].grid.quadrature());
      const ManifoldGrid& grid = grids[c];
      const WarpExtras extras = extras_of(stage.network, stage.warps.back(), grid.points,
                                          &grid.grid, decision_points(grid), context.settings,
                                          Threads{0}, part_of(context.progress, part++, parts));
      if (extras.topology.cancelled) return result;
      put_extras(result, prefix, extras, stage.warps.back());
      for (const WarpQuantity& each : extras.defect) {
        if (maps) result.arrays[prefix + each.name] = picture(each.values, stage.warps.back());
      }
      result.attributes["ranks"][stage.name].push_back(describe(extras.ranks, stage.network.dt()));
      if (!maps) continue;
      put_maps(result, prefix, stage.warps.back());
      stage.geodesics.push_back(
          geodesics_of(context, stage, grid, part_of(context.progress, part++, parts)));
      if (stage.geodesics.back().cancelled) return result;
      put_geodesics(result, prefix, stage.geodesics.back());
      put_drawings(result, prefix, stage.geodesics.back(), grid.functions.domain);
    }
    if (maps) put_projections(result, stage.name, stage.warps, stage.geodesics);
  }
  result.arrays["time"] = Array::vector(warp_times(options.steps, context.trained.dt()));
  for (std::size_t c = 0; c < grids.size(); ++c) {
    put_grid(result, c, grids[c]);
    put_change(result, c, stages[0].warps[c], stages[1].warps[c], maps);
  }
  for (const auto& channel : context.task.outputs()) {
    result.attributes["output_names"].push_back(channel.name);
  }
  result.attributes["maps"] = maps;
  result.attributes["geodesic_statuses"] = geodesic_statuses();
  result.attributes["bytes"] = bytes_of(result);
  result.attributes["metrics"] = metrics_of(stages[0], stages[1]);
  return result;
}

}  // namespace

void put_summary(io::Dataset& result, const std::string& prefix, const Warp& warp,
                 In<Vector> weights) {
  put_quantities(result, prefix, quantities_of(warp), warp);
  if (warp.curvature.size() == 0) return;
  Vector total(warp.count());
  for (Index s = 0; s < total.size(); ++s) total(s) = curvature_at(warp, s, weights).total;
  result.arrays[prefix + "curvature_total"] = Array::vector(total);
}

void put_distances(io::Dataset& result, const std::string& prefix, const Warp& trained,
                   const Warp& untrained) {
  put_quantities(result, prefix, distances_of(trained, untrained), trained);
}

AnalysisKind geometry_analysis() {
  Schema schema = warp_schema();
  for (const Setting& setting : geodesic_schema(1)) schema.push_back(setting);
  schema.push_back({"maps", std::int64_t{3},
                    "networks of each population of which every point of the grid is stored, for "
                    "the pictures; of the others only medians and 5 and 95 % quantiles",
                    0, 1e6});
  return {"geometry",
          "how the network warps the input manifold of its task: the pullback metric over a grid "
          "and over time, curvature, what the readout sees; before and after training",
          schema, run, check};
}

}  // namespace nullcline::study
