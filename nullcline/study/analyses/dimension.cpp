// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dimension.hpp"

#include <cmath>

#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

using representation::DimensionEstimate;

io::Json json_of(const DimensionEstimate& estimate) {
  return {{"value", estimate.value},
          {"low", estimate.low},
          {"high", estimate.high},
          {"points", estimate.points}};
}

representation::DimensionOptions options_of(const AnalysisContext& context) {
  const Settings& settings = context.settings;
  representation::DimensionOptions options;
  options.surrogates = settings.integer("surrogates");
  options.max_points = settings.integer("max_points");
  options.exclude =
      static_cast<Index>(std::llround(settings.number("exclude") / context.trained.dt()));
  options.mle_first = settings.integer("first_neighbor");
  options.mle_last = settings.integer("last_neighbor");
  options.seed = context.seed ^ context.stream;
  return options;
}

/// Of one network; `prefix` is "trained" or "untrained".
void put(io::Dataset& result, const std::string& prefix, const AnalysisContext& context,
         const cells::Network& network) {
  const auto trials =
      noisy_trajectories(context, network, context.settings.integer("trials")).all_trials();
  const auto found = representation::dimension(trials, options_of(context));
  result.arrays[prefix + "_variances"] = Array::vector(found.variances);
  if (found.parallel >= 0) {
    result.arrays[prefix + "_null_variances"] = Array::vector(found.null_variances);
  }
  io::Json& of = result.attributes[prefix];
  of["participation_ratio"] = found.participation_ratio;
  of["parallel"] = found.parallel;
  of["two_nn"] = json_of(found.two_nn);
  of["mle"] = json_of(found.mle);

  io::Json& metrics = result.attributes["metrics"];
  metrics[prefix + "_participation_ratio"] = found.participation_ratio;
  if (found.parallel >= 0) metrics[prefix + "_parallel_dimension"] = found.parallel;
  if (found.two_nn.points > 0) metrics[prefix + "_two_nn_dimension"] = found.two_nn.value;
  if (found.mle.points > 0) metrics[prefix + "_mle_dimension"] = found.mle.value;
}

io::Dataset run(const AnalysisContext& context) {
  io::Dataset result;
  put(result, "trained", context, context.trained);
  if (context.progress && !context.progress(0.5)) return result;
  put(result, "untrained", context, context.untrained);
  return result;
}

}  // namespace

AnalysisKind dimension_analysis() {
  return {
      "dimension",
      "how many dimensions the states have, trained and untrained, by variance and by neighbors",
      {{"trials", std::int64_t{16}, "noisy trials of each condition", 1, 1e5},
       {"surrogates", std::int64_t{20},
        "of the parallel analysis: units shifted in time against each other; 0 leaves it out", 0,
        1e4},
       {"max_points", std::int64_t{2000}, "states for the neighbor estimates, drawn at random", 100,
        1e5},
       {"exclude", 0.1,
        "s: states of the same trial this near in time are no neighbors (our choice)", 0, 1e6},
       {"first_neighbor", std::int64_t{10}, "of those that the maximum likelihood averages over", 2,
        1e3},
       {"last_neighbor", std::int64_t{20}, "the last of them", 2, 1e3}},
      run};
}

}  // namespace nullcline::study
