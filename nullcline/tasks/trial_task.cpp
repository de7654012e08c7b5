// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/trial_task.hpp"

#include <numeric>

namespace nullcline::tasks {

void TrialWriter::add_input(Index channel, Index from, Index to, double value) {
  for (Index t = from; t < cut(to); ++t) add_input(channel, t, value);
}

void TrialWriter::set_target(Index channel, Index from, Index to, double value) {
  for (Index t = from; t < cut(to); ++t) target(channel, t) = value;
}

void TrialWriter::set_weight(Index from, Index to, double value) {
  for (Index t = from; t < cut(to); ++t) trials_.weights(0, column(t)) = value;
}

void TrialWriter::set_scored(Index from, Index to) {
  for (Index t = from; t < cut(to); ++t) trials_.scored(0, column(t)) = 1;
}

void TrialWriter::end_at(Index length) {
  for (Index t = length; t < trials_.steps; ++t) {
    trials_.inputs.col(column(t)).setZero();
    trials_.targets.col(column(t)).setZero();
    trials_.weights(0, column(t)) = 0;
    trials_.scored(0, column(t)) = 0;
  }
}

void blank_trials(const Task& task, Index batch, RandomStream& stream, Trials& trials) {
  const Vector sd = task.input_noise();
  const Index columns = task.steps() * batch;
  trials.steps = task.steps();
  trials.batch = batch;
  trials.inputs.resize(sd.size(), columns);
  trials.targets.setZero(static_cast<Index>(task.outputs().size()), columns);
  trials.weights.setZero(1, columns);
  trials.scored.setZero(1, columns);
  fill_noise(sd, stream, trials.inputs);
}

Condition as_condition(const std::string& name, Trials trial, Index length) {
  return {name,
          std::move(trial.inputs),
          std::move(trial.targets),
          std::move(trial.scored),
          std::move(trial.weights),
          length};
}

std::vector<Index> shuffled(Index n, Index count, RandomStream& stream) {
  std::vector<Index> order(static_cast<std::size_t>(n)), all;
  all.reserve(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  while (static_cast<Index>(all.size()) < count) {
    // Fisher and Yates, as far as the batch reaches.
    for (std::size_t i = 0; i < order.size() && static_cast<Index>(all.size()) < count; ++i) {
      std::swap(order[i], order[i + stream.below(order.size() - i)]);
      all.push_back(order[i]);
    }
  }
  return all;
}

}  // namespace nullcline::tasks
