// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/steady_input_task.hpp"

#include <algorithm>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks {

Schema SteadyInputTask::common_schema() {
  return {
      {"duration", 1.0, "s, of a trial (our choice)", 1e-3, 1e6},
      {"switches", std::int64_t{1},
       "most switches of the input in a trial, each number from 0 on equally likely: without "
       "trials that stay, networks learn to expect the switch (our choice)",
       0, 1000},
      {"first_switch", 0.2, "earliest switch, as a fraction of the trial (our choice)", 0, 1},
      {"last_switch", 0.8, "latest switch, as a fraction of the trial (our choice)", 0, 1},
      {"input_noise", 0.05, "standard deviation of the white input noise a step (our choice)", 0,
       1e6},
      {"grace", 0.0, "s without loss after onset and switches; the note's loss covers all steps", 0,
       1e6},
      {"settling", 0.3, "s after onset and switches that the error does not count (our choice)", 0,
       1e6},
  };
}

SteadyInputTask::SteadyInputTask(const Settings& settings, double dt)
    : steps_(steps_in(settings.number("duration"), dt)),
      switches_(settings.integer("switches")),
      grace_(steps_in(settings.number("grace"), dt)),
      settling_(steps_in(settings.number("settling"), dt)),
      first_switch_(settings.number("first_switch")),
      last_switch_(settings.number("last_switch")),
      input_noise_(settings.number("input_noise")) {
  if (steps_ < 1) throw Error("", "duration", "less than a step", "at least dt");
  if (first_switch_ > last_switch_) {
    throw Error("", "first_switch", std::to_string(first_switch_),
                "at most last_switch, " + std::to_string(last_switch_));
  }
  // Conditions switch in the middle: what follows must be judged at least at the last step.
  if (2 * settling_ >= steps_) {
    throw Error("", "settling", settings.number("settling") > 0 ? "half of the trial or more" : "0",
                "less than half of duration");
  }
  if (grace_ >= steps_) throw Error("", "grace", "the whole trial", "less than duration");
}

Vector SteadyInputTask::input_noise() const {
  return Vector::Constant(static_cast<Index>(inputs().size()), input_noise_);
}

std::vector<Index> SteadyInputTask::draw_onsets(RandomStream& stream) const {
  std::vector<Index> onsets = {0};
  const auto switches = stream.below(static_cast<std::uint64_t>(switches_) + 1);
  for (std::uint64_t i = 0; i < switches; ++i) {
    const double fraction = first_switch_ + (last_switch_ - first_switch_) * stream.uniform();
    onsets.push_back(static_cast<Index>(fraction * static_cast<double>(steps_)));
  }
  std::sort(onsets.begin(), onsets.end());
  return onsets;
}

void SteadyInputTask::fill(Trials& trials, Index batch, RandomStream& stream) const {
  blank_trials(*this, batch, stream, trials);
  for (Index b = 0; b < batch; ++b) {
    const std::vector<Index> onsets = draw_onsets(stream);
    Vector levels;
    for (std::size_t segment = 0; segment < onsets.size(); ++segment) {
      levels = draw_levels(levels, stream);
      const Vector goal = target(levels);
      const Index onset = onsets[segment];
      const Index end = segment + 1 < onsets.size() ? onsets[segment + 1] : steps_;
      for (Index t = onset; t < end; ++t) {
        const Index column = t * batch + b;
        trials.inputs.col(column) += levels;
        trials.targets.col(column) = goal;
        trials.weights(0, column) = t - onset >= grace_ ? 1 : 0;
        trials.scored(0, column) = t - onset >= settling_ ? 1 : 0;
      }
    }
  }
  trials.output_weights.resize(0);
}

Condition SteadyInputTask::condition(const std::string& name, In<Vector> first,
                                     In<Vector> second) const {
  const Index half = first == second ? steps_ : steps_ / 2;
  Condition condition;
  condition.name = name;
  condition.inputs.resize(first.size(), steps_);
  condition.targets.resize(static_cast<Index>(outputs().size()), steps_);
  condition.scored.resize(1, steps_);
  for (Index t = 0; t < steps_; ++t) {
    const Vector levels = t < half ? Vector(first) : Vector(second);
    condition.inputs.col(t) = levels;
    condition.targets.col(t) = target(levels);
    condition.scored(0, t) = (t < half ? t : t - half) >= settling_ ? 1 : 0;
  }
  return condition;
}

}  // namespace nullcline::tasks
