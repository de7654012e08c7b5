// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/fixed_points.hpp"

#include <algorithm>

#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

io::Dataset run(const AnalysisContext& context) {
  dynamics::FixedPointOptions options;
  options.tolerance = context.settings.number("tolerance");
  options.slow_points = context.settings.flag("slow_points");
  options.progress = context.progress;
  io::Dataset result =
      steady_points(context.trained, context.task.steady_inputs(), steady_starts(context), options);

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
       {"tolerance", 1e-12, "of |F(x) - x|", 1e-300, 1}},
      run};
}

}  // namespace nullcline::study
