// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "nullcline/study/analyses/line_attractors.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

io::Json metrics_of(const std::vector<RelaxedLine>& all) {
  io::Json metrics;
  double alignment = 0, length = 0;
  Index lines = 0;
  for (const RelaxedLine& each : all) {
    if (each.line.verdict != dynamics::LineVerdict::line) continue;
    ++lines;
    alignment += std::abs(each.line.readout_alignment);
    length += each.line.length;
  }
  metrics["line_attractors"] = lines;
  if (lines > 0) {
    metrics["line_readout_alignment"] = alignment / static_cast<double>(lines);
    metrics["line_length"] = length / static_cast<double>(lines);
  }
  return metrics;
}

io::Dataset run(const AnalysisContext& context) {
  const Matrix states =
      noisy_trajectories(context, context.trained, context.settings.integer("trials")).states;
  const auto all = relaxed_lines(context.trained, context.task.steady_inputs(), states,
                                 context.settings, context.seed, context.stream, context.progress);
  io::Dataset result = line_attractors(all, context.trained);
  for (const auto& channel : context.task.inputs()) {
    result.attributes["input_names"].push_back(channel.name);
  }
  for (const auto& channel : context.task.outputs()) {
    result.attributes["output_names"].push_back(channel.name);
  }
  result.attributes["metrics"] = metrics_of(all);
  return result;
}

}  // namespace

AnalysisKind line_attractor_analysis() {
  Schema schema = line_schema();
  schema.insert(schema.begin(), {"trials", std::int64_t{4},
                                 "noisy trials of each condition that states come from", 1, 1e5});
  return {"line_attractor",
          "whether states relax to a line at the steady inputs of the task, and the drift along it",
          schema, run};
}

}  // namespace nullcline::study
