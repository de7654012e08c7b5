// SPDX-License-Identifier: Apache-2.0
// An input on for the first half of a trial, whose level the output holds to the end.
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

/// A trial is one number, the level.
class Hold final : public TrialTask<double> {
 public:
  Hold(const Settings& settings, double dt)
      : steps_(steps_in(settings.number("duration"), dt)),
        input_noise_(settings.number("input_noise")) {}

  std::vector<Channel> inputs() const override { return {{"cue", "the level, then 0"}}; }
  std::vector<Channel> outputs() const override { return {{"memory", "the level"}}; }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(1, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no input", Vector::Zero(1)}};
  }

  std::vector<InputManifold> input_manifolds() const override {
    const auto at = [T = steps_](In<Vector> level) {
      InputManifold::Point point = blank_point(1, T, 1);
      point.inputs.leftCols(T / 2).setConstant(level(0));
      point.first[0].leftCols(T / 2).setOnes();
      return point;
    };
    return {{{{"level", -1, 1}}, at}};
  }

 protected:
  std::vector<double> draw(RandomStream& stream, Index batch) const override {
    std::vector<double> levels(static_cast<std::size_t>(batch));
    for (double& level : levels) level = 2 * stream.uniform() - 1;
    return levels;
  }

  Index write(const double& level, TrialWriter& trial) const override {
    trial.add_input(0, 0, steps_ / 2, level);
    trial.set_target(0, 0, steps_, level);
    trial.set_weight(0, steps_, 1);
    trial.set_scored(0, steps_);
    return steps_;
  }

  Named named() const override { return {{"down", -1}, {"up", 1}}; }

 private:
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

}  // namespace nullcline::tasks::kinds
