// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/task.hpp"

#include <span>

#include "nullcline/core/errors.hpp"

namespace nullcline::tasks {

Trials noisy_conditions(const Task& task, Index repeats, RandomStream& stream) {
  const auto conditions = task.conditions();
  require(repeats > 0 && !conditions.empty(), "noisy_conditions: needs conditions and repeats > 0");
  const Index n_in = conditions.front().inputs.rows(), n_out = conditions.front().targets.rows();
  Trials trials;
  trials.steps = task.steps();
  trials.batch = static_cast<Index>(conditions.size()) * repeats;
  const Index columns = trials.steps * trials.batch;
  trials.inputs.resize(n_in, columns);
  trials.targets.resize(n_out, columns);
  trials.weights.setOnes(1, columns);
  trials.scored.resize(1, columns);
  stream.fill_normal(
      std::span<double>(trials.inputs.data(), static_cast<std::size_t>(trials.inputs.size())),
      task.input_noise());
  for (Index t = 0; t < trials.steps; ++t) {
    for (Index b = 0; b < trials.batch; ++b) {
      const Condition& condition = conditions[static_cast<std::size_t>(b / repeats)];
      const Index column = t * trials.batch + b;
      trials.inputs.col(column) += condition.inputs.col(t);
      trials.targets.col(column) = condition.targets.col(t);
      trials.scored(0, column) = condition.scored(0, t);
    }
  }
  return trials;
}

double normalized_error(const Trials& trials, In<Matrix> outputs) {
  require(outputs.rows() == trials.targets.rows() && outputs.cols() == trials.targets.cols(),
          "normalized_error: outputs must have the shape of the targets");
  const double count = trials.scored.sum();
  require(count > 0, "normalized_error: no step is scored");
  const Vector mean = trials.targets * trials.scored.transpose() / count;
  const Matrix error = (outputs - trials.targets).array().square();
  const Matrix spread = (trials.targets.colwise() - mean).array().square();
  return (error * trials.scored.transpose()).sum() / (spread * trials.scored.transpose()).sum();
}

Performance Task::performance() const {
  return {"normalized error",
          "mean squared error over the scored steps, relative to the variance of the targets there "
          "(measure and criterion are our choice)",
          0.05};
}

double Task::score(const Trials& trials, In<Matrix> outputs) const {
  return normalized_error(trials, outputs);
}

}  // namespace nullcline::tasks
