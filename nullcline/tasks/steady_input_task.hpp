// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

/// Tasks of noisy inputs that are constant but for switches within the trial, whose target is a
/// function of the present levels. Perception and decision of "RNN Initial Hypotheses" (2021) are
/// of this kind; the note gives neither durations, switching times nor input noise, so these
/// settings are our choice.
class SteadyInputTask : public Task {
 public:
  SteadyInputTask(const Settings& settings, double dt);

  Index steps() const override { return steps_; }
  Vector input_noise() const override;
  void fill(Trials& trials, Index batch, RandomStream& stream) const override;

  /// The settings that all such tasks have: duration, switches, noise, loss weights.
  static Schema common_schema();

 protected:
  virtual Vector target(In<Vector> levels) const = 0;

  /// Random levels for the first segment (`previous` empty) or after a switch.
  virtual Vector draw_levels(In<Vector> previous, RandomStream& stream) const = 0;

  /// A condition that holds `first`, and from the middle of the trial on `second`.
  Condition condition(const std::string& name, In<Vector> first, In<Vector> second) const;

 private:
  /// The step of each switch, ascending, behind the onset at step 0.
  std::vector<Index> draw_onsets(RandomStream& stream) const;

  Index steps_, switches_, grace_, settling_;
  double first_switch_, last_switch_, input_noise_;
};

}  // namespace nullcline::tasks
