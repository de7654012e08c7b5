// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/fixed_points.hpp"

#include <algorithm>

#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

/// What is known of completeness, over all inputs: each degree sum is 1 where none is missing and
/// the map takes a box into itself.
void put_completeness(io::Dataset& result) {
  Index degree = 0, missing = 0, certified = 0;
  double unseen = 0;
  for (const io::Json& input : result.attributes["completeness"]) {
    degree += input["degree_sum"].get<Index>();
    certified += input.value("certified", Index{0});
    missing += input.value("points_missing", false);
    if (input.contains("unseen")) unseen += input["unseen"]["estimate"].get<double>();
  }
  result.attributes["metrics"].update({{"certified_points", certified},
                                       {"degree_sum", degree},
                                       {"inputs_with_points_missing", missing},
                                       {"unseen_points", unseen}});
}

SteadySearch search_of(const AnalysisContext& context) {
  const Settings& settings = context.settings;
  SteadySearch options;
  options.search.tolerance = settings.number("tolerance");
  options.search.slow_points = settings.flag("slow_points");
  options.complete = settings.flag("complete");
  options.max_starts = settings.integer("max_starts");
  options.starts = {.states = settings.integer("states"),
                    .mixes = settings.integer("mixes"),
                    .noisy = settings.integer("noisy"),
                    .seed = context.seed,
                    .network = context.stream};
  return options;
}

io::Dataset run(const AnalysisContext& context) {
  const SteadySearch options = search_of(context);
  const Matrix states =
      noisy_trajectories(context, context.trained, context.settings.integer("trials")).states;
  const auto inputs = context.task.steady_inputs();
  std::vector<SteadyPoints> all;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Progress progress = part_of(context.progress, i, inputs.size());
    if (progress && !progress(0)) break;
    all.push_back(find_steady_points(context.trained, inputs[i], states, options, progress));
  }
  io::Dataset result = steady_points(all, context.trained);

  for (const auto& channel : context.task.inputs()) {
    result.attributes["input_names"].push_back(channel.name);
  }
  const auto& kinds = std::get<std::vector<std::int64_t>>(result.arrays["kind"].data);
  const auto count = [&](std::int64_t kind) {
    return std::count(kinds.begin(), kinds.end(), kind);
  };
  result.attributes["metrics"] = {{"stable_points", count(0)},
                                  {"saddles", count(1)},
                                  {"repelling_points", count(2)},
                                  {"marginal_points", count(3)},
                                  {"slow_points", count(4)}};
  put_completeness(result);
  return result;
}

}  // namespace

AnalysisKind fixed_points_analysis() {
  return {
      "fixed_points",
      "fixed and slow points at the steady inputs of the task, linearized",
      {{"trials", std::int64_t{4}, "noisy trials of each condition that starts come from", 1, 1e5},
       {"states", std::int64_t{16}, "starts on trajectories", 0, 1e6},
       {"mixes", std::int64_t{32}, "starts that are convex mixes of two states", 0, 1e6},
       {"noisy", std::int64_t{16}, "starts that are mixes with noise", 0, 1e6},
       {"slow_points", true, "look for slow points where no fixed point was reached"},
       {"tolerance", 1e-12, "of |F(x) - x|", 1e-300, 1},
       {"complete", false,
        "search in rounds of fresh starts until the degree sum is what it must be and no point is "
        "likely to be unseen; states, mixes and noisy do not count then"},
       {"max_starts", std::int64_t{8192}, "of a complete search at one input", 1, 1e7}},
      run};
}

}  // namespace nullcline::study
