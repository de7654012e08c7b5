// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/hold.hpp"

#include <cmath>

namespace nullcline::tasks {
namespace {

class Hold final : public Task {
 public:
  Hold(const Settings& settings, double dt)
      : steps_(std::lround(settings.number("duration") / dt)),
        input_noise_(settings.number("input_noise")) {}

  std::vector<Channel> inputs() const override { return {{"cue", "the level, then 0"}}; }
  std::vector<Channel> outputs() const override { return {{"memory", "the level"}}; }
  Index steps() const override { return steps_; }
  double input_noise() const override { return input_noise_; }

  Trials sample(RandomStream& stream, Index batch) const override {
    Trials trials{.steps = steps_,
                  .batch = batch,
                  .inputs = Matrix(1, steps_ * batch),
                  .targets = Matrix(1, steps_ * batch),
                  .weights = Matrix::Ones(1, steps_ * batch),
                  .scored = Matrix::Ones(1, steps_ * batch)};
    for (Index b = 0; b < batch; ++b) {
      const double level = 2 * stream.uniform() - 1;
      for (Index t = 0; t < steps_; ++t) {
        trials.inputs(0, t * batch + b) = cue(level, t) + input_noise_ * stream.normal();
        trials.targets(0, t * batch + b) = level;
      }
    }
    return trials;
  }

  std::vector<Condition> conditions() const override {
    return {condition("down", -1), condition("up", 1)};
  }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no input", Vector::Zero(1)}};
  }

 private:
  double cue(double level, Index t) const { return t < steps_ / 2 ? level : 0; }

  Condition condition(const std::string& name, double level) const {
    Matrix inputs(1, steps_);
    for (Index t = 0; t < steps_; ++t) inputs(0, t) = cue(level, t);
    return {name, inputs, Matrix::Constant(1, steps_, level), Matrix::Ones(1, steps_)};
  }

  Index steps_;
  double input_noise_;
};

}  // namespace

TaskKind hold() {
  return {"hold",
          "hold the level of an input after it has gone",
          {{"duration", 1.0, "s, of a trial", 0.02, 1e4},
           {"input_noise", 0.1, "standard deviation a step", 0, 1e6}},
          [](const Settings& settings, double dt) { return std::make_unique<Hold>(settings, dt); }};
}

}  // namespace nullcline::tasks
