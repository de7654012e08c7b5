// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/tasks/task.hpp"

namespace nullcline {

/// Three levels in (0, 1) held for T steps under fresh white noise; the targets are the levels in
/// another order. step_torch.py draws the same.
class Levels final : public tasks::Task {
 public:
  static constexpr Index channels = 3;
  static constexpr double input_sd = 0.05;

  explicit Levels(Index steps) : steps_(steps) {}

  std::vector<tasks::Channel> inputs() const override {
    return {{"input 1", "a level"}, {"input 2", "a level"}, {"input 3", "a level"}};
  }
  std::vector<tasks::Channel> outputs() const override {
    return {{"output 1", "level 2"}, {"output 2", "level 3"}, {"output 3", "level 1"}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(channels, input_sd); }
  std::vector<tasks::Condition> conditions() const override { return {}; }
  std::vector<tasks::SteadyInput> steady_inputs() const override { return {}; }

  void fill(tasks::Trials& trials, Index batch, RandomStream& stream) const override {
    Matrix levels(channels, batch), targets(channels, batch);
    for (double& level : levels.reshaped()) level = stream.uniform();
    for (Index i = 0; i < channels; ++i) targets.row(i) = levels.row((i + 1) % channels);
    const Index columns = steps_ * batch;
    trials.steps = steps_;
    trials.batch = batch;
    trials.inputs.resize(channels, columns);
    trials.targets.resize(channels, columns);
    trials.weights.setOnes(1, columns);
    trials.scored.setOnes(1, columns);
    tasks::fill_noise(input_noise(), stream, trials.inputs);
    for (Index t = 0; t < steps_; ++t) {
      trials.inputs.middleCols(t * batch, batch) += levels;
      trials.targets.middleCols(t * batch, batch) = targets;
    }
  }

 private:
  Index steps_;
};

}  // namespace nullcline
