// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "apps/commands.hpp"
#include "apps/geodesic_options.hpp"
#include "apps/geodesic_tables.hpp"
#include "apps/geometry_tables.hpp"
#include "apps/manifold_input.hpp"
#include "apps/network_options.hpp"
#include "apps/setting_options.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/study/analyses/geodesic_arrays.hpp"
#include "nullcline/study/analyses/geometry.hpp"

namespace nullcline::apps {
namespace {

using study::Warp;

struct Arguments {
  NetworkOptions network;
  ManifoldOption manifold;
  GeodesicOptions geodesics;
  bool initial = false;
  std::optional<Index> relevant = {};
  std::optional<double> boundary = {};
  std::unique_ptr<SettingOptions> settings;
};

/// The networks to look at, "trained" and "untrained".
struct Stage {
  std::string name;
  NetworkInput input;
};

/// A point of the manifold in each row, a kept step in each block: (S, K, r) and (S, K, m, m).
Array by_step(const Matrix& values, const Warp& warp, std::vector<Index> shape) {
  Array array = Array::sequence(values, warp.count(), warp.points);
  array.shape.resize(2);
  array.shape.insert(array.shape.end(), shape.begin(), shape.end());
  return array;
}

void put_points(io::Dataset& result, const std::string& prefix, const Warp& warp) {
  const Index m = warp.dim;
  result.arrays[prefix + "metric"] = by_step(warp.metric.metric, warp, {m, m});
  if (warp.readout_metric.size() > 0) {
    result.arrays[prefix + "readout_metric"] = by_step(warp.readout_metric, warp, {m, m});
  }
  for (const auto& quantity : study::quantities_of(warp)) {
    const Index r = quantity.values.rows();
    result.arrays[prefix + quantity.name] = by_step(
        quantity.values, warp, quantity.single ? std::vector<Index>{} : std::vector<Index>{r});
  }
  std::vector<std::uint8_t> statuses;
  for (const auto status : warp.metric.status) {
    statuses.push_back(static_cast<std::uint8_t>(status));
  }
  result.arrays[prefix + "status"] = {{warp.count(), warp.points}, std::move(statuses)};
}

io::Dataset dataset_of(const std::vector<WarpedManifold>& all, const std::vector<Stage>& stages) {
  io::Dataset result;
  const Warp& first = all[0].warps[0];
  result.arrays["time"] =
      Array::vector(study::warp_times(first.steps, stages[0].input.network().dt()));
  result.arrays["steps"] = Array::integers({first.steps.begin(), first.steps.end()});
  result.attributes["manifolds"] = io::Json::array();
  for (std::size_t c = 0; c < all.size(); ++c) {
    result.attributes["manifolds"].push_back(all[c].manifold.about);
    if (all[c].manifold.kappa.rows() > 0) {
      result.arrays[fmt::format("{}/kappa", c)] = Array::matrix(all[c].manifold.kappa.transpose());
    }
    for (std::size_t n = 0; n < stages.size(); ++n) {
      const std::string prefix = fmt::format("{}/{}/", c, stages[n].name);
      put_points(result, prefix, all[c].warps[n]);
      study::put_summary(result, prefix, all[c].warps[n], all[c].manifold.weights);
      study::put_extras(result, prefix, all[c].extras[n], all[c].warps[n]);
      study::put_course(result, prefix,
                        study::course_of(all[c].warps[n],
                                         n == 0 && stages.size() > 1 ? &all[c].warps[1] : nullptr));
      if (!all[c].geodesics.empty()) {
        study::put_geodesics(result, prefix, all[c].geodesics[n]);
        study::put_distances_of_points(result, prefix, all[c].geodesics[n]);
      }
      result.attributes["ranks"][stages[n].name].push_back(
          study::describe(all[c].extras[n].ranks, stages[n].input.network().dt()));
    }
    if (stages.size() < 2) continue;
    const std::string prefix = fmt::format("{}/trained/", c);
    study::put_distances(result, prefix, all[c].warps[0], all[c].warps[1]);
    for (const auto& quantity : study::distances_of(all[c].warps[0], all[c].warps[1])) {
      result.arrays[prefix + quantity.name] = by_step(quantity.values, all[c].warps[0], {});
    }
  }
  using geometry::MetricStatus;
  for (const auto status : {MetricStatus::immersed, MetricStatus::degenerate,
                            MetricStatus::collapsed, MetricStatus::not_finite}) {
    result.attributes["statuses"].push_back(name_of(status));
  }
  result.attributes["geodesic_statuses"] = study::geodesic_statuses();
  return result;
}

std::vector<Stage> stages_of(const Arguments& arguments) {
  std::vector<Stage> stages;
  const bool after = arguments.network.parameters == "parameters";
  stages.push_back({after ? "trained" : "untrained", arguments.network.load()});
  if (!arguments.initial) return stages;
  if (!after) {
    throw Error("", "--initial", "--parameters initial", "one of them");
  }
  stages.push_back({"untrained", NetworkInput::load(arguments.network.file, "initial")});
  return stages;
}

/// What --relevant and --boundary say of the points of --manifold.
std::optional<study::DecisionPoints> asked_decision(const Arguments& arguments,
                                                    const std::vector<Manifold>& manifolds) {
  if (!arguments.relevant) {
    if (arguments.boundary) throw Error("", "--boundary", "no --relevant", "both");
    return std::nullopt;
  }
  const std::string& file = arguments.manifold.file;
  if (file.empty()) throw Error("", "--relevant", "a task's manifold", "--manifold FILE");
  const Manifold& manifold = manifolds.front();
  const Index m = manifold.points.dim, coordinate = *arguments.relevant;
  if (manifold.kappa.rows() == 0) {
    throw Error(file, "kappa", "nothing", "an array (K, m), as --relevant needs it");
  }
  if (coordinate < 0 || coordinate >= m) {
    throw Error("", "--relevant", std::to_string(coordinate),
                fmt::format("a coordinate of {}, from 0 to {}", file, m - 1));
  }
  const Vector kappa = manifold.kappa.row(coordinate);
  const double boundary = arguments.boundary.value_or(0);
  if (!(boundary >= kappa.minCoeff() && boundary <= kappa.maxCoeff())) {
    throw Error(
        "", "--boundary", fmt::format("{:g}", boundary),
        fmt::format("between {:g} and {:g}, as kappa is", kappa.minCoeff(), kappa.maxCoeff()));
  }
  return study::DecisionPoints{coordinate, Vector(kappa.array() - boundary)};
}

/// Every state is finite, and at the end some of the manifold is one; geodesics were found.
bool good(const WarpedManifold& found) {
  return std::all_of(found.geodesics.begin(), found.geodesics.end(), found_all) &&
         std::all_of(found.warps.begin(), found.warps.end(), [](const Warp& warp) {
           Index lost = 0;
           for (Index s = 0; s < warp.count(); ++s) lost += study::statuses_of(warp, s).not_finite;
           return lost == 0 && study::statuses_of(warp, warp.count() - 1).immersed > 0;
         });
}

int run(const Arguments& arguments) {
  const Settings settings = arguments.settings->settings();
  const std::vector<Stage> stages = stages_of(arguments);
  auto manifolds = arguments.manifold.load(stages[0].input, arguments.network.file, settings);
  if (const auto decision = asked_decision(arguments, manifolds)) {
    manifolds.front().decision = decision;
  }
  study::WarpOptions options;
  options.curvature = settings.flag("curvature");
  options.threads = arguments.network.threads();
  Watch watch;
  std::vector<WarpedManifold> all;
  const double parts = static_cast<double>(manifolds.size() * stages.size());
  double part = 0;
  for (const Manifold& manifold : manifolds) {
    options.steps = study::warp_steps(settings, manifold.points.steps);
    const auto geodesics =
        arguments.geodesics.of(manifold, settings, options.steps, options.threads);
    // Of the progress, where there are no geodesics half for the topology.
    const double to_metric = geodesics.steps.empty() ? 0.5 : 0.3, to_topology = 2 * to_metric;
    all.push_back({manifold, {}, {}});
    for (const Stage& stage : stages) {
      const std::string now =
          manifold.name.empty() ? stage.name : manifold.name + ", " + stage.name;
      all.back().warps.push_back(
          study::warp_of(stage.input.network(), manifold.points, options,
                         watch.progress(now, part / parts, (part + to_metric) / parts)));
      if (watch.interrupted()) break;
      all.back().extras.push_back(study::extras_of(
          stage.input.network(), all.back().warps.back(), manifold.points,
          manifold.grid ? &*manifold.grid : nullptr, manifold.decision, settings, options.threads,
          watch.progress(now + ", topology", (part + to_metric) / parts,
                         (part + to_topology) / parts)));
      if (watch.interrupted()) break;
      if (!geodesics.steps.empty()) {
        all.back().geodesics.push_back(study::slice_geodesics(
            stage.input.network(), all.back().warps.back(), *manifold.functions, *manifold.grid,
            geodesics,
            watch.progress(now + ", geodesics", (part + to_topology) / parts, (part + 1) / parts)));
      }
      ++part;
      if (watch.interrupted()) break;
    }
    if (watch.interrupted()) break;
  }
  if (!watch.finish()) return watch.exit_code();
  std::vector<std::string> names;
  for (const Stage& stage : stages) names.push_back(stage.name);
  std::string text;
  for (const WarpedManifold& found : all) {
    text += warp_tables(found, names, stages[0].input.network().dt());
  }
  io::Dataset result = dataset_of(all, stages);
  result.attributes.update(arguments.network.attributes(stages[0].input));
  deliver(arguments.network.results, text, result);
  return std::all_of(all.begin(), all.end(), good) ? done : look;
}

const char* const footer =
    "The input functions of the task, u(t; kappa), are put on a grid over kappa, for each of its\n"
    "contexts, and the network runs from where its trials start, without noise. The tables, over\n"
    "time, medians over the grid: volume sqrt(det G) of the metric G_ij = dx/dkappa_i .\n"
    "dx/dkappa_j; ratio of its largest to its smallest stretch, where every change of kappa moves\n"
    "something; effective dimension; stretch sqrt(G_ii) of each coordinate and cosines\n"
    "between them; the part of the metric that the readout sees; at how many points the states\n"
    "are a manifold. Then the eigenvalues of G, and of surfaces the curvature: its integral, "
    "which\n"
    "is 0 on a torus, and where it is least and greatest (0 of piecewise linear networks, which "
    "are\n"
    "flat but for creases). With --initial how far training moved the metric: |log mu| over the\n"
    "stretches mu of one as the other sees them, and 1 - sqrt(least / greatest mu).\n"
    "Then, at --topology of the times, whether the states are still that manifold: least ratio of\n"
    "stretches (0: not immersed), least ratio of a chord to the way along the manifold (0: double\n"
    "point; 0.64 on a circle), Betti numbers (1 2 1 of a torus, 1 1 of a circle, 1 0 0 of a "
    "patch;\n"
    "fewer, beside ratios that are not 0: the grid is too coarse for the thinnest part);\n"
    "of a task that decides by a coordinate its stretch near the boundary of the decision over\n"
    "that far from it, and of the others over it. The file has all of it, curvatures beyond K, "
    "distances\n"
    "of the metric at all pairs of times, and the defect of the gridlines.\n"
    "\n"
    "Geodesics are of the states at one time, which are interpolated from --nodes: --geodesics N\n"
    "for those across each coordinate, --geodesic and --ray for others. The table has the "
    "shortest\n"
    "of all --windings, the part that it is of the straight line in the coordinates, how many\n"
    "others there are, and how far the metric of the interpolated states is from theirs (|log "
    "mu|;\n"
    "lengths are off by half of it at most). Exit code 1 where one of the last time is not found.\n"
    "\n"
    "--manifold takes arrays u (K, T, inputs), du (K, m, T, inputs), for the curvature d2u\n"
    "(K, m (m + 1) / 2, T, inputs), and kappa (K, m) to name the points; --relevant and "
    "--boundary\n"
    "say by which of its coordinates a decision is, and where it changes. Exit code 1 where "
    "states\n"
    "are not finite, or no point at the last time is immersed.\n"
    "\n"
    "Examples:\n"
    "  nullcline geometry runs/x/networks/ID.h5 --initial\n"
    "  nullcline geometry network.h5 --grid 41 --times 50 --npz geometry.npz\n"
    "  nullcline geometry network.npz --task context_decision\n"
    "  nullcline geometry network.h5 --geodesic 0,0:1,2 --ray 0,0:0.5,0 --distances --npz g.npz\n"
    "  nullcline geometry network.npz --manifold inputs.npz --relevant 0 --json -";

Schema command_schema() {
  Schema schema = study::warp_schema();
  for (const Setting& setting : study::geodesic_schema(0)) schema.push_back(setting);
  return schema;
}

}  // namespace

void add_geometry(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "geometry", "How a network warps the inputs of its task: metric, spectrum, curvature");
  arguments->network.add_to(*command);
  arguments->manifold.add_to(*command);
  arguments->geodesics.add_to(*command);
  command->add_flag("--initial", arguments->initial, "The network before training beside it");
  command
      ->add_option("--relevant", arguments->relevant,
                   "Of --manifold: the coordinate of kappa by which a decision is, counted from 0")
      ->type_name("I");
  command
      ->add_option("--boundary", arguments->boundary,
                   "The value of that coordinate where the decision changes; if not given, 0")
      ->type_name("X");
  arguments->settings = std::make_unique<SettingOptions>(*command, command_schema());
  command->footer(footer);
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
