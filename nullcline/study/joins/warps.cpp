// SPDX-License-Identifier: Apache-2.0
// How far the metrics of all pairs of networks of a study are apart, over the input manifolds of
// their task, and the metric of each population: its Frechet mean and the spread about it
// (geometry/population.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/over_items.hpp"
#include "nullcline/study/analyses/warp.hpp"
#include "nullcline/study/analyses/warp_settings.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/study/joins/distance_summary.hpp"
#include "nullcline/study/joins/objects.hpp"
#include "nullcline/study/joins/warp_metrics.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::study {
namespace {

constexpr Index most_points = 10'000, most_columns = 1'000'000;  // the latter with times
// Of the progress: all metrics, distances of all pairs, the populations; the map has the rest.
constexpr double metrics_part = 0.7, pairs_part = 0.1, populations_part = 0.1;
constexpr double map_part = 1 - metrics_part - pairs_part - populations_part;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* here = "joins.warps";

std::vector<ManifoldGrid> grids_of(const Population& population, const Settings& settings) {
  const auto task = tasks::task_kind(population.task.name)
                        .make(population.task.settings, population.cell.settings.number("dt"));
  try {
    return manifold_grids(*task, settings, most_points);
  } catch (const std::invalid_argument& error) {
    throw Error("", here, error.what(),
                fmt::format("settings that fit the input manifolds of {}", population.name));
  }
}

/// Distances by the ratio of stretches are of the last step alone.
std::vector<Index> steps_of(const std::vector<ManifoldGrid>& grids, const Settings& settings,
                            const std::string& part) {
  const auto steps = warp_steps(settings, grids.front().points.steps);
  return part == "affine_invariant" ? steps : std::vector<Index>{steps.back()};
}

/// Networks, and with `untrained` each of them twice.
Index objects_in(const std::vector<const Population*>& chosen, const Settings& settings) {
  Index objects = 0;
  for (const Population* population : chosen) objects += population->networks;
  return settings.flag("untrained") ? 2 * objects : objects;
}

/// Bytes of the metrics of all objects, which are kept until all pairs are compared.
double bytes_of(Index objects, const std::vector<ManifoldGrid>& grids, Index steps) {
  double bytes = 0;
  for (const ManifoldGrid& grid : grids) {
    const auto columns = static_cast<double>(grid.points.count * steps);
    const auto m = static_cast<double>(grid.points.dim);
    bytes += columns * (8 * (2 * m * m + 2 * m + m * (m - 1) / 2 + 3) + 1);  // a PullbackMetric
  }
  return static_cast<double>(objects) * bytes;
}

/// Throws Error on settings that do not fit the manifolds, and where there would be too much.
void check_settings(const std::vector<const Population*>& chosen, const Settings& settings,
                    const std::vector<ManifoldGrid>& grids) {
  Index steps = 0;
  try {
    for (const std::string& part : settings.texts("metrics")) {
      steps = std::max(steps, std::ssize(steps_of(grids, settings, part)));
    }
    for (const ManifoldGrid& grid : grids) check_size(grid.points, steps, most_columns);
  } catch (const std::invalid_argument& error) {
    throw Error("", here, error.what(), "settings that fit the input manifolds");
  }
  const double bytes = bytes_of(objects_in(chosen, settings), grids, steps);
  if (bytes > 1e9 * settings.number("memory")) {
    throw Error("", fmt::format("{}.memory", here), fmt::format("{:g}", settings.number("memory")),
                fmt::format("{:.3g} GB or more, or fewer points, times or networks", bytes / 1e9));
  }
}

io::Json described(const std::vector<ManifoldGrid>& grids) {
  io::Json all = io::Json::array();
  for (const ManifoldGrid& grid : grids) all.push_back(describe(grid));
  return all;
}

std::vector<const Population*> populations(const Study& study, const Settings& settings) {
  const auto chosen = chosen_populations(study, settings, here);
  (void)shared_conditions(study, chosen, 0, here);
  const std::vector<ManifoldGrid> grids = grids_of(*chosen.front(), settings);
  const io::Json first = described(grids);
  for (const Population* population : chosen) {
    const io::Json own = described(grids_of(*population, settings));
    if (own.empty()) {
      throw Error("", here,
                  fmt::format("{} of the population {}, which has no input manifold",
                              population->task.name, population->name),
                  "tasks with one; `populations` chooses");
    }
    if (own != first) {
      throw Error("", here, fmt::format("other input manifolds of {}", population->name),
                  fmt::format("those of {}; `populations` chooses", chosen.front()->name));
    }
  }
  check_settings(chosen, settings, grids);
  return chosen;
}

double cost(const Study& study, const Settings& settings, const std::string&) {
  double operations = 0;
  for (const Population* population : populations(study, settings)) {
    const auto n = static_cast<double>(population->cell.settings.integer("units"));
    const double networks =
        static_cast<double>(population->networks * (settings.flag("untrained") ? 2 : 1));
    for (const ManifoldGrid& grid : grids_of(*population, settings)) {
      const auto columns = static_cast<double>(grid.points.count * grid.points.steps);
      operations += 2 * networks * columns * n * n * static_cast<double>(1 + grid.points.dim);
    }
  }
  return operations;
}

Progress between(const JoinContext& context, double from, double part, const char* now) {
  return [&context, from, part, now](double fraction) {
    return context.progress(from + part * fraction, now);
  };
}

/// Distances of all pairs of the objects at `places`; NaN of others. Nothing when cancelled.
std::optional<Matrix> distances(const JoinContext& context, const std::vector<Metrics>& metrics,
                                const std::vector<Index>& places,
                                const std::vector<ManifoldGrid>& grids) {
  const auto K = static_cast<Index>(metrics.size()), N = std::ssize(places);
  Matrix result = Matrix::Constant(K, K, nan);
  if (N < 2) return result;
  std::vector<std::pair<Index, Index>> pairs;
  for (Index i = 0; i < N; ++i) {
    const Index place = places[static_cast<std::size_t>(i)];
    result(place, place) = 0;
    for (Index j = 0; j < i; ++j) pairs.emplace_back(place, places[static_cast<std::size_t>(j)]);
  }
  const bool finished =
      over_items(std::ssize(pairs), context.threads,
                 between(context, metrics_part, pairs_part, "pairs"), [&](Index p) {
                   const auto [i, j] = pairs[static_cast<std::size_t>(p)];
                   result(i, j) = result(j, i) =
                       metric_distance(metrics[static_cast<std::size_t>(i)],
                                       metrics[static_cast<std::size_t>(j)], grids, context.part);
                 });
  if (!finished) return std::nullopt;
  return result;
}

/// The metric of each population, before and after training, of the objects that are `kept`. False
/// when cancelled.
bool put_populations(io::Dataset& result, const JoinContext& context,
                     const std::vector<Object>& objects, const std::vector<Metrics>& metrics,
                     const std::vector<char>& kept, const std::vector<ManifoldGrid>& grids,
                     Index steps) {
  const auto chosen = populations(context.study, context.settings);
  const Progress progress =
      between(context, metrics_part + pairs_part, populations_part, "populations");
  double done = 0;
  result.attributes["not_converged"] = io::Json::object();
  for (const bool trained : {true, false}) {
    double sum = 0;
    int counted = 0;
    for (const Population* population : chosen) {
      if (!progress(done++ / static_cast<double>(2 * chosen.size()))) return false;
      std::vector<std::size_t> members;
      for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto& network = context.networks[static_cast<std::size_t>(objects[i].network)];
        if (kept[i] != 0 && objects[i].trained == trained &&
            network.population == population->name) {
          members.push_back(i);
        }
      }
      if (members.size() < 2) continue;
      const std::string name = population->name + (trained ? "/trained" : "/untrained");
      sum += put_mean(result, name, metrics, members, grids, steps);
      ++counted;
    }
    if (counted > 0 && std::isfinite(sum)) {
      result.attributes["metrics"][trained ? "dispersion_trained" : "dispersion_untrained"] =
          sum / counted;
    }
  }
  return true;
}

/// As the join "similarity" describes its metrics. Medians over points keep no triangle inequality.
io::Json about_metric(const std::string& part) {
  const bool scaled = part == "affine_invariant";
  return {
      {"name", part},
      {"meaning", "how far the metrics of two networks over the same inputs are apart"},
      {"distance", scaled ? "|log mu| over the stretches mu of one metric as the other sees them"
                          : "1 - sqrt(least mu / greatest mu) of these stretches mu"},
      {"invariance", scaled ? "rotations of the states or other coordinates of the inputs"
                            : "rotations of the states, other coordinates of the inputs or "
                              "scale"},
      {"triangle_inequality", false},
      {"symmetric", true}};
}

io::Dataset compare_warps(const JoinContext& context) {
  const auto chosen = populations(context.study, context.settings);
  const auto grids = grids_of(*chosen.front(), context.settings);
  const WarpOptions options{.steps = steps_of(grids, context.settings, context.part),
                            .curvature = false,
                            .most = most_columns,
                            .threads = Threads{1}};
  const std::vector<Object> objects =
      objects_of(std::ssize(context.networks), context.settings.flag("untrained"));
  std::vector<Metrics> metrics(objects.size());
  const bool finished = over_items(
      std::ssize(objects), context.threads, between(context, 0, metrics_part, "metrics"),
      [&](Index i) {
        const auto place = static_cast<std::size_t>(i);
        const auto& network = context.networks[static_cast<std::size_t>(objects[place].network)];
        if (objects[place].trained && has_diverged(network)) return;
        const cells::Network loaded =
            training::load_network(network.file, objects[place].trained ? "parameters" : "initial");
        for (const ManifoldGrid& grid : grids) {
          metrics[place].push_back(warp_of(loaded, grid.points, options).metric);
        }
      });
  if (!finished) return {};

  io::Dataset result;
  const Index S = std::ssize(options.steps);
  std::vector<Index> places;
  std::vector<char> kept(objects.size(), 0);
  result.attributes["left_out"] = io::Json::array();
  for (std::size_t i = 0; i < objects.size(); ++i) {
    // Two objects that are immersed at more than half of the points share one, of each manifold.
    if (immersed_part(metrics[i], grids) > 0.5) {
      places.push_back(static_cast<Index>(i));
      kept[i] = 1;
      continue;
    }
    const auto& network = context.networks[static_cast<std::size_t>(objects[i].network)];
    result.attributes["left_out"].push_back(
        {{"object", name_of(network, objects[i].trained)},
         {"why", metrics[i].empty() ? "its training diverged"
                                    : "its states are immersed at half of the points or fewer of "
                                      "an input manifold"}});
  }
  const std::vector<Label> labels = labels_of(context.study, context.networks, objects);
  const std::optional<Matrix> D = distances(context, metrics, places, grids);
  if (!D) return {};
  result.arrays["distances"] = Array::matrix(*D);
  result.arrays["time"] =
      Array::vector(warp_times(options.steps, chosen.front()->cell.settings.number("dt")));
  result.attributes["metrics"] = {{"compared", places.size()},
                                  {"left_out", result.attributes["left_out"].size()}};
  result.attributes["manifolds"] = described(grids);
  result.attributes["metric"] = about_metric(context.part);
  if (context.part == "affine_invariant" &&
      !put_populations(result, context, objects, metrics, kept, grids, S)) {
    return {};
  }
  put_objects(result, context.networks, objects, labels);
  SummaryOptions summary = summary_options(context);
  summary.progress = between(context, 1 - map_part, map_part, "map");
  const bool complete = put_distance_summary(result, *D, objects, labels, summary);
  return complete ? result : io::Dataset{};
}

Schema schema() {
  Schema all = {
      {"metrics",
       std::vector<std::string>{"affine_invariant", "spectral_ratio"},
       "distances of two metrics, one part each",
       0,
       0,
       {"affine_invariant", "spectral_ratio"}},
      {"populations", std::vector<std::string>{}, "whose networks; none named: all"},
      {"untrained", true, "the networks before training too, as a control"},
      {"mds_starts", std::int64_t{4}, "random starts of the map (our choice)", 0, 1e5},
      {"neighbors", std::int64_t{1}, "that vote for a label (our choice)", 1, 1e5},
      {"permutations", std::int64_t{999}, "of the labels, for p values (our choice)", 0, 1e7},
      {"memory", 4.0, "GB that the metrics of all networks may take at most", 1e-3, 1e6}};
  for (const Setting& setting : grid_schema()) all.push_back(setting);
  return all;
}

}  // namespace

JoinKind warps_join() {
  return {"warps",
          "how alike all pairs of networks warp the input manifolds of their task, and the mean "
          "metric of each population",
          schema(),
          {"metrics", "memory"},
          [](const Settings& settings) { return settings.texts("metrics"); },
          populations,
          cost,
          compare_warps};
}

}  // namespace nullcline::study
