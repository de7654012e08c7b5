// SPDX-License-Identifier: Apache-2.0
// How far the metrics of all pairs of networks of a study are apart, over the input manifolds of
// their task, and the metric of each population: its Frechet mean and the spread about it
// (geometry/population.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/over_items.hpp"
#include "nullcline/geometry/comparison.hpp"
#include "nullcline/geometry/population.hpp"
#include "nullcline/study/analyses/geometry.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/study/joins/distance_summary.hpp"
#include "nullcline/study/joins/objects.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::study {
namespace {

constexpr Index most_points = 10'000;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* here = "joins.warps";

std::vector<ManifoldGrid> grids_of(const Population& population, const Settings& settings) {
  const auto task = tasks::task_kind(population.task.name)
                        .make(population.task.settings, population.cell.settings.number("dt"));
  return manifold_grids(*task, settings, most_points);
}

io::Json described(const std::vector<ManifoldGrid>& grids) {
  io::Json all = io::Json::array();
  for (const ManifoldGrid& grid : grids) all.push_back(describe(grid));
  return all;
}

std::vector<const Population*> populations(const Study& study, const Settings& settings) {
  const auto chosen = chosen_populations(study, settings, here);
  (void)shared_conditions(study, chosen, 0, here);
  const io::Json first = described(grids_of(*chosen.front(), settings));
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

/// The metrics of one object, one a manifold; empty where its training diverged.
using Metrics = std::vector<geometry::PullbackMetric>;

/// The part of the last step's points, of all manifolds, that are immersed.
double immersed_part(const Metrics& metrics, Index steps) {
  double immersed = 0, points = 0;
  for (const auto& metric : metrics) {
    const Index K = metric.metric.cols() / steps;
    const auto last = metric.status.end() - K;
    immersed += static_cast<double>(
        std::count(last, metric.status.end(), geometry::MetricStatus::immersed));
    points += static_cast<double>(K);
  }
  return points > 0 ? immersed / points : 0;
}

/// Distances of the last step, the mean over manifolds, of the objects at `places`; NaN of others.
Matrix distances(const std::vector<Metrics>& metrics, const std::vector<Index>& places,
                 const std::vector<ManifoldGrid>& grids, const std::string& part) {
  const auto K = static_cast<Index>(metrics.size()), N = std::ssize(places);
  Matrix mean = Matrix::Zero(N, N);
  for (std::size_t c = 0; c < grids.size(); ++c) {
    Metrics of_manifold;
    for (const Index place : places) {
      of_manifold.push_back(metrics[static_cast<std::size_t>(place)][c]);
    }
    const auto found = geometry::distances_of_networks(of_manifold, grids[c].points.count);
    const Matrix& all = part == "affine_invariant" ? found.affine_invariant : found.spectral_ratio;
    mean += all.col(all.cols() - 1).reshaped(N, N) / static_cast<double>(grids.size());
  }
  Matrix result = Matrix::Constant(K, K, nan);
  result(places, places) = mean;
  return result;
}

/// Puts dispersion/NAME (S, 3, manifolds): 5 %, 50 % and 95 % over the points, and mean/C/NAME
/// (S, K, m m), the mean metric over manifold C in single precision. Returns the median dispersion
/// of the last step, the mean over manifolds.
double put_mean(io::Dataset& result, const std::string& name, const std::vector<Metrics>& metrics,
                const std::vector<std::size_t>& objects, const std::vector<ManifoldGrid>& grids,
                Index steps) {
  const auto manifolds = static_cast<Index>(grids.size());
  Matrix bands(manifolds, 3 * steps);
  double last = 0;
  for (Index c = 0; c < manifolds; ++c) {
    const auto place = static_cast<std::size_t>(c);
    Metrics of_manifold;
    for (const std::size_t object : objects) of_manifold.push_back(metrics[object][place]);
    const geometry::MeanMetric mean = geometry::mean_metric(of_manifold);
    const Index K = grids[place].points.count;
    const Matrix quantiles =
        geometry::over_points(mean.dispersion.transpose(), K).quantiles;  // (3, S)
    bands.row(c) = quantiles.reshaped().transpose();
    last += quantiles(1, steps - 1) / static_cast<double>(manifolds);
    result.arrays[fmt::format("mean/{}/{}", c, name)] =
        Array::sequence(MatrixX<float>(mean.metric.cast<float>()), steps, K);
  }
  result.arrays["dispersion/" + name] = Array::sequence(bands, steps, 3);
  return last;
}

/// The metric of each population, before and after training, of the objects that are `kept`.
void put_populations(io::Dataset& result, const JoinContext& context,
                     const std::vector<Object>& objects, const std::vector<Metrics>& metrics,
                     const std::vector<char>& kept, const std::vector<ManifoldGrid>& grids,
                     Index steps) {
  for (const bool trained : {true, false}) {
    double sum = 0;
    int counted = 0;
    for (const Population* population : populations(context.study, context.settings)) {
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
}

io::Dataset compare_warps(const JoinContext& context) {
  const auto chosen = populations(context.study, context.settings);
  const auto grids = grids_of(*chosen.front(), context.settings);
  WarpOptions options{.steps = warp_steps(context.settings, grids.front().points.steps),
                      .curvature = false,
                      .threads = Threads{1}};
  const std::vector<Object> objects =
      objects_of(std::ssize(context.networks), context.settings.flag("untrained"));
  std::vector<Metrics> metrics(objects.size());
  const bool finished = over_items(
      std::ssize(objects), context.threads,
      [&](double fraction) { return context.progress(fraction, "metrics"); },
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
    // Two objects that are immersed at more than half of the points share one.
    if (immersed_part(metrics[i], S) > 0.5) {
      places.push_back(static_cast<Index>(i));
      kept[i] = 1;
      continue;
    }
    const auto& network = context.networks[static_cast<std::size_t>(objects[i].network)];
    result.attributes["left_out"].push_back(
        {{"object", name_of(network, objects[i].trained)},
         {"why", metrics[i].empty() ? "its training diverged"
                                    : "its states are immersed at half of the points or fewer"}});
  }
  const std::vector<Label> labels = labels_of(context.study, context.networks, objects);
  Matrix D = Matrix::Constant(std::ssize(objects), std::ssize(objects), nan);
  if (places.size() >= 2) D = distances(metrics, places, grids, context.part);
  result.arrays["distances"] = Array::matrix(D);
  result.arrays["time"] =
      Array::vector(warp_times(options.steps, chosen.front()->cell.settings.number("dt")));
  result.attributes["metrics"] = {{"compared", places.size()},
                                  {"left_out", result.attributes["left_out"].size()}};
  result.attributes["manifolds"] = described(grids);
  if (context.part == "affine_invariant") {
    put_populations(result, context, objects, metrics, kept, grids, S);
  }
  put_objects(result, context.networks, objects, labels);
  put_distance_summary(result, D, objects, labels, summary_options(context));
  return result;
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
      {"permutations", std::int64_t{999}, "of the labels, for p values (our choice)", 0, 1e7}};
  for (const Setting& setting : warp_schema()) {
    if (setting.name != "curvature") all.push_back(setting);
  }
  return all;
}

}  // namespace

JoinKind warps_join() {
  return {"warps",
          "how alike all pairs of networks warp the input manifolds of their task, and the mean "
          "metric of each population",
          schema(),
          {"metrics"},
          [](const Settings& settings) { return settings.texts("metrics"); },
          populations,
          cost,
          compare_warps};
}

}  // namespace nullcline::study
