// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

/// Writes one trial into a batch. Steps are half-open intervals [from, to), cut at the batch's T;
/// inputs are added to the noise that is there already.
class TrialWriter {
 public:
  TrialWriter(Trials& trials, Index number) : trials_(trials), number_(number) {}

  Index steps() const { return trials_.steps; }

  void add_input(Index channel, Index step, double value) {
    trials_.inputs(channel, column(step)) += value;
  }
  double& target(Index channel, Index step) { return trials_.targets(channel, column(step)); }

  void add_input(Index channel, Index from, Index to, double value);
  void set_target(Index channel, Index from, Index to, double value);
  void set_weight(Index from, Index to, double value);
  void set_scored(Index from, Index to);

  /// Zeros everywhere from step `length` on.
  void end_at(Index length);

 private:
  Index column(Index step) const { return step * trials_.batch + number_; }
  Index cut(Index step) const { return step < trials_.steps ? step : trials_.steps; }

  Trials& trials_;
  Index number_;
};

/// Makes `trials` `batch` trials of the task's shape: zeros, but for the input noise.
void blank_trials(const Task& task, Index batch, RandomStream& stream, Trials& trials);

/// One trial of a batch of one as a condition.
Condition as_condition(const std::string& name, Trials trial, Index length);

/// 0 .. n - 1 in random order, again and again, `count` in all: a batch of a multiple of n is the
/// whole grid of n combinations, smaller ones have none twice.
std::vector<Index> shuffled(Index n, Index count, RandomStream& stream);

/// A task whose trial is determined by a few numbers, its `Script`: what is drawn for training and
/// named for analysis is a script, and one function writes any of them.
template <class Script>
class TrialTask : public Task {
 public:
  void fill(Trials& trials, Index batch, RandomStream& stream) const final {
    blank_trials(*this, batch, stream, trials);
    const std::vector<Script> scripts = draw(stream, batch);
    for (Index b = 0; b < batch; ++b) {
      TrialWriter trial(trials, b);
      trial.end_at(write(scripts[static_cast<std::size_t>(b)], trial));
    }
    trials.output_weights = output_weights();
  }

  std::vector<Condition> conditions() const final {
    std::vector<Condition> all;
    for (const auto& [name, script] : named()) {
      Trials trials{.steps = steps(),
                    .batch = 1,
                    .inputs = Matrix::Zero(static_cast<Index>(inputs().size()), steps()),
                    .targets = Matrix::Zero(static_cast<Index>(outputs().size()), steps()),
                    .weights = Matrix::Zero(1, steps()),
                    .scored = Matrix::Zero(1, steps())};
      TrialWriter trial(trials, 0);
      const Index length = write(script, trial);
      all.push_back(as_condition(name, std::move(trials), length));
    }
    return all;
  }

 protected:
  using Named = std::vector<std::pair<std::string, Script>>;

  virtual std::vector<Script> draw(RandomStream& stream, Index batch) const = 0;

  /// Writes everything but the noise; returns the steps of the trial.
  virtual Index write(const Script& script, TrialWriter& trial) const = 0;

  virtual Named named() const = 0;

  virtual Vector output_weights() const { return {}; }
};

}  // namespace nullcline::tasks
