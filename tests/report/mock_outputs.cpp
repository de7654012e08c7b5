// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "mock_results.hpp"

namespace nullcline::report::mock {

Dataset training(RandomStream& random) {
  std::vector<std::int64_t> step;
  std::vector<double> loss;
  for (std::int64_t s = 0; s <= 2000; s += 20) {
    step.push_back(s);
    loss.push_back((0.3 * std::exp(-static_cast<double>(s) / 150) + 4e-4) *
                   std::exp(0.15 * random.normal()));
  }
  Dataset result;
  result.arrays["step"] = Array::integers(step);
  result.arrays["loss"] = list(loss);
  result.attributes = {{"steps", 2000}, {"batch", 64}, {"learning_rate", 0.001}};
  return result;
}

Dataset outputs(const Task& task, RandomStream& random) {
  const auto C = static_cast<Index>(task.conditions.size());
  std::vector<double> time, inputs, targets, trained, deviation, untrained, error;
  for (Index t = 0; t < steps; ++t) time.push_back(dt * static_cast<double>(t));
  for (Index c = 0; c < C; ++c) {
    double z = 0.1 * random.normal(), flat = 0.2 * random.normal(), sum = 0;
    for (Index t = 0; t < steps; ++t) {
      const auto u = task.input(c, static_cast<double>(t) / steps);
      const double target = task.target(u);
      z += 0.15 * (target - z) + 0.003 * random.normal();
      flat += 0.05 * (0.3 * u[0] - flat);
      inputs.insert(inputs.end(), u.begin(), u.end());
      targets.push_back(target);
      trained.push_back(z);
      deviation.push_back(0.02 + 0.01 * random.uniform());
      untrained.push_back(flat);
      sum += (z - target) * (z - target);
    }
    error.push_back(sum / steps);
  }
  std::vector<std::string> names;
  for (Index i = 0; i < task.inputs; ++i) names.push_back("input " + std::to_string(i + 1));
  const std::vector<Index> shape{C, steps, 1};
  Dataset result;
  result.arrays = {{"time", list(time)},
                   {"inputs", {{C, steps, task.inputs}, inputs}},
                   {"targets", {shape, targets}},
                   {"trained", {shape, trained}},
                   {"trained_sd", {shape, deviation}},
                   {"untrained", {shape, untrained}},
                   {"error", list(error)}};
  result.attributes = {{"conditions", task.conditions},
                       {"input_names", names},
                       {"output_names", {"output"}},
                       {"trials", 64}};
  return result;
}

}  // namespace nullcline::report::mock
