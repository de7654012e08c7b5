// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/trial_task.hpp"

#include <numeric>
#include <span>

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

Trials blank_trials(const Task& task, Index batch, RandomStream& stream) {
  const Vector sd = task.input_noise();
  const Index columns = task.steps() * batch;
  Trials trials{.steps = task.steps(),
                .batch = batch,
                .inputs = Matrix::Zero(sd.size(), columns),
                .targets = Matrix::Zero(static_cast<Index>(task.outputs().size()), columns),
                .weights = Matrix::Zero(1, columns),
                .scored = Matrix::Zero(1, columns)};
  std::vector<Index> noisy;
  for (Index i = 0; i < sd.size(); ++i) {
    if (sd(i) > 0) noisy.push_back(i);
  }
  if (noisy.empty()) return trials;
  // Only for the inputs that have noise, and in float, whose normals are vector code.
  MatrixX<float> noise(static_cast<Index>(noisy.size()), columns);
  stream.fill_normal(std::span<float>(noise.data(), static_cast<std::size_t>(noise.size())));
  for (Index k = 0; k < columns; ++k) {
    for (std::size_t i = 0; i < noisy.size(); ++i) {
      trials.inputs(noisy[i], k) =
          sd(noisy[i]) * static_cast<double>(noise(static_cast<Index>(i), k));
    }
  }
  return trials;
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
