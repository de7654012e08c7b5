// SPDX-License-Identifier: Apache-2.0
// How alike all pairs of networks of a study represent the same conditions, by one metric a part:
// distances, their maps, their tree, and how labels cluster [Maheswaranathan et al. 2019].
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/over_items.hpp"
#include "nullcline/representation/similarity/compare_all.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/study/joins/distance_summary.hpp"
#include "nullcline/study/joins/objects.hpp"

namespace nullcline::study {
namespace {

using representation::PopulationDistances;
using representation::PopulationOptions;

constexpr double states_part = 0.1;  // of the progress: states are made once to see them,
constexpr double map_part = 0.1;     // and at last the distances make a map
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

SharedConditions conditions_of(const Study& study,
                               const std::vector<const Population*>& populations,
                               const Settings& settings) {
  return shared_conditions(study, populations, settings.integer("trials"), "joins.similarity");
}

std::vector<const Population*> populations(const Study& study, const Settings& settings) {
  const auto chosen = chosen_populations(study, settings, "joins.similarity");
  (void)conditions_of(study, chosen, settings);
  return chosen;
}

double cost(const Study& study, const Settings& settings, const std::string& metric) {
  double objects = 0, n = 0;
  const auto chosen = populations(study, settings);
  for (const Population* population : chosen) {
    objects += static_cast<double>(population->networks * (settings.flag("untrained") ? 2 : 1));
    n = std::max(n, static_cast<double>(population->cell.settings.integer("units")));
  }
  const SharedConditions conditions = conditions_of(study, {chosen.front()}, settings);
  const auto m = static_cast<double>(conditions.steps * conditions.count);
  const double pairs = objects * (objects - 1) / 2;
  if (metric == "dsa") {
    const double rows = n * static_cast<double>(settings.integer("delays"));
    return objects * 10 * m * rows * std::min(m, rows) + pairs * 3e8;
  }
  const bool kernel = metric.starts_with("rbf") || metric.starts_with("rsa");
  return objects * 20 * m * n * n +
         pairs * (2 * m * n * n + 30 * n * n * n + (kernel ? m * m * n : 0));
}

PopulationOptions options_of(const Study& study, const Settings& settings, Threads threads) {
  PopulationOptions options;
  options.similarity.variance = settings.number("variance");
  options.similarity.dim = settings.integer("dim");
  auto& dsa = options.similarity.dsa;
  dsa.dmd.delays = settings.integer("delays");
  dsa.dmd.interval = settings.integer("interval");
  dsa.dmd.rank = settings.integer("rank");
  dsa.alignment.starts = settings.integer("starts");
  dsa.alignment.pad = settings.flag("pad");
  dsa.alignment.group = representation::alignment_group(settings.text("group"));
  dsa.alignment.seed = study.seed;
  options.memory = 1e9 * settings.number("memory");
  options.threads = threads;
  return options;
}

/// Which objects are compared, and why the others are not.
struct Compared {
  std::vector<Index> places;  // in the list of all objects
  std::vector<Index> units;   // of each
  io::Json left_out = io::Json::array();
  bool cancelled = false;
};

const StudiedNetwork& network_of(const JoinContext& context, const Object& object) {
  return context.networks[static_cast<std::size_t>(object.network)];
}

void leave_out(Compared& compared, const JoinContext& context, const Object& object,
               const char* why) {
  compared.left_out.push_back(
      {{"object", name_of(network_of(context, object), object.trained)}, {"why", why}});
}

/// Not those whose training diverged, which are no trained networks, nor states that are infinite
/// or not a number.
Compared comparable_ones(const JoinContext& context, const std::vector<Object>& objects,
                         const SharedConditions& conditions) {
  std::vector<Index> units(objects.size(), 0);  // 0: not finite, -1: diverged
  Compared compared;
  compared.cancelled = !over_items(
      std::ssize(objects), context.threads,
      [&](double part) { return context.progress(states_part * part, "states"); },
      [&](Index i) {
        const Object& object = objects[static_cast<std::size_t>(i)];
        const StudiedNetwork& network = network_of(context, object);
        if (object.trained && has_diverged(network)) {
          units[static_cast<std::size_t>(i)] = -1;
          return;
        }
        const Matrix states = states_of(network, object.trained, conditions);
        if (states.allFinite()) units[static_cast<std::size_t>(i)] = states.rows();
      });
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (units[i] <= 0) {
      leave_out(compared, context, objects[i],
                units[i] < 0 ? "its training diverged" : "its states are not finite");
      continue;
    }
    compared.places.push_back(static_cast<Index>(i));
    compared.units.push_back(units[i]);
  }
  return compared;
}

representation::Population population_of(const JoinContext& context,
                                         const std::vector<Object>& objects,
                                         const Compared& compared,
                                         const SharedConditions& conditions) {
  representation::Population population;
  population.units = compared.units;
  population.samples = conditions.inputs.cols();
  population.trials.assign(static_cast<std::size_t>(conditions.count), conditions.steps);
  population.data = [&context, &objects, &compared, &conditions](Index i) {
    const Index place = compared.places[static_cast<std::size_t>(i)];
    const Object& object = objects[static_cast<std::size_t>(place)];
    return states_of(network_of(context, object), object.trained, conditions);
  };
  return population;
}

/// Distances of the objects at `places`, NaN of pairs with others.
Matrix spread_pairs(In<Matrix> values, const std::vector<Index>& places, Index K) {
  Matrix all = Matrix::Constant(K, K, nan);
  all(places, places) = values;
  return all;
}

io::Dataset compare_networks(const JoinContext& context) {
  const SharedConditions conditions =
      conditions_of(context.study, populations(context.study, context.settings), context.settings);
  const std::vector<Object> objects =
      objects_of(std::ssize(context.networks), context.settings.flag("untrained"));
  const std::vector<Label> labels = labels_of(context.study, context.networks, objects);
  const auto K = static_cast<Index>(objects.size());

  Compared compared = comparable_ones(context, objects, conditions);
  if (compared.cancelled) return {};
  PopulationDistances found;
  if (compared.places.size() >= 2) {
    const auto population = population_of(context, objects, compared, conditions);
    PopulationOptions options = options_of(context.study, context.settings, context.threads);
    const auto plan = representation::plan_comparison(population, context.part, options);
    const std::string now =
        fmt::format("{} pairs, at most {:.2g} GB", plan.pairs, plan.bytes / 1e9);
    options.progress = [&](double fraction) {
      return context.progress(states_part + (1 - states_part - map_part) * fraction, now);
    };
    if (!options.progress(0)) return {};
    found = representation::compare_all(population, context.part, options);
    if (found.cancelled) return {};
  }

  io::Dataset result;
  const Matrix D = spread_pairs(found.distances, compared.places, K);
  result.arrays["distances"] = Array::matrix(D);
  if (found.bounds.size() > 0) {
    result.arrays["bounds"] = Array::matrix(spread_pairs(found.bounds, compared.places, K));
  }
  for (const Index place : compared.places) {
    if (!std::isnan(D(place, place))) continue;
    leave_out(compared, context, objects[static_cast<std::size_t>(place)],
              "its states do not vary");
  }
  for (const auto& info : representation::similarity_metrics()) {
    if (info.name != context.part) continue;
    result.attributes["metric"] = {{"name", info.name},
                                   {"meaning", info.meaning},
                                   {"distance", info.distance},
                                   {"invariance", info.invariance},
                                   {"triangle_inequality", info.triangle},
                                   {"symmetric", info.symmetric}};
  }
  result.attributes["conditions"] = conditions.count;
  result.attributes["steps"] = conditions.steps;
  result.attributes["permutations"] = context.settings.integer("permutations");
  result.attributes["left_out"] = compared.left_out;
  result.attributes["metrics"] = {{"compared", K - std::ssize(compared.left_out)},
                                  {"left_out", compared.left_out.size()}};
  put_objects(result, context.networks, objects, labels);
  SummaryOptions options = summary_options(context);
  options.progress = [&](double part) {
    return context.progress(1 - map_part + map_part * part, "map");
  };
  const bool complete = put_distance_summary(result, D, objects, labels, options);
  return complete ? result : io::Dataset{};
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const auto& metric : representation::similarity_metrics()) names.push_back(metric.name);
  return names;
}

}  // namespace

JoinKind similarity_join() {
  return {
      "similarity",
      "how alike all pairs of networks represent the conditions of their task: distances, maps, "
      "clusters",
      {{"metrics", std::vector<std::string>{"svcca", "cka", "procrustes_angular", "dsa"},
        "one part each, of 'nullcline list metrics'", 0, 0, metric_names()},
       {"populations", std::vector<std::string>{}, "whose networks; none named: all"},
       {"trials", std::int64_t{0},
        "random trials, the same for all networks, beside the conditions of the task", 0, 1e5},
       {"untrained", true, "compare the networks before training too, as a control"},
       {"variance", 0.0, "of CCA: part that the components keep; 0 is the metric's own", 0, 1},
       {"dim", std::int64_t{0}, "of CCA: components at most; 0: no limit", 0, 1e6},
       {"delays", std::int64_t{10}, "of dsa: time steps that make a state", 1, 1e5},
       {"interval", std::int64_t{1}, "of dsa: steps between two of them", 1, 1e5},
       {"rank", std::int64_t{10}, "of dsa: dimensions of the dynamics; 0: all", 0, 1e5},
       {"starts", std::int64_t{10}, "of dsa: random starts of each alignment", 0, 1e5},
       {"group",
        std::string("orthogonal"),
        "of dsa: changes of coordinates that are free",
        0,
        0,
        {"orthogonal", "rotations"}},
       {"pad", false, "of dsa: fill up the dynamics of lower rank"},
       {"mds_starts", std::int64_t{4}, "random starts of the map (our choice)", 0, 1e5},
       {"neighbors", std::int64_t{1}, "that vote for a label (our choice)", 1, 1e5},
       {"permutations", std::int64_t{999}, "of the labels, for p values (our choice)", 0, 1e7},
       {"memory", 4.0, "GB that comparing may use at most", 1e-3, 1e6}},
      {"metrics", "memory"},
      [](const Settings& settings) { return settings.texts("metrics"); },
      populations,
      cost,
      compare_networks};
}

}  // namespace nullcline::study
