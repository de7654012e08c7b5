// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/trajectories.hpp"

#include "nullcline/representation/pca.hpp"

namespace nullcline::study {
namespace {

/// The network's initial state for each trial of a batch.
Matrix starts(const cells::Network& network, Index batch) {
  return cells::initial_state(network).replicate(1, batch);
}

}  // namespace

Matrix Trajectories::trial(Index number) const {
  Matrix X(states.rows(), trials.steps);
  for (Index t = 0; t < trials.steps; ++t) X.col(t) = states.col(t * trials.batch + number);
  return X;
}

std::vector<Matrix> Trajectories::all_trials() const {
  std::vector<Matrix> all;
  for (Index b = 0; b < trials.batch; ++b) all.push_back(trial(b));
  return all;
}

Trajectories noisy_trajectories(const AnalysisContext& context, const cells::Network& network,
                                Index repeats) {
  RandomStream trial_stream({context.seed, context.stream, Purpose::test_trials, 0});
  RandomStream noise({context.seed, context.stream, Purpose::analysis_noise, 0});
  Trajectories runs;
  runs.trials = tasks::noisy_conditions(context.task, repeats, trial_stream);
  runs.repeats = repeats;
  runs.conditions = runs.trials.batch / repeats;
  runs.states =
      cells::simulate(network, runs.trials.inputs, starts(network, runs.trials.batch), &noise);
  return runs;
}

Matrix condition_inputs(const tasks::Task& task) {
  const auto conditions = task.conditions();
  const Index count = std::ssize(conditions), steps = task.steps();
  Matrix inputs(std::ssize(task.inputs()), steps * count);
  for (Index c = 0; c < count; ++c) {
    for (Index t = 0; t < steps; ++t) {
      inputs.col(t * count + c) = conditions[static_cast<std::size_t>(c)].inputs.col(t);
    }
  }
  return inputs;
}

Trajectories quiet_trajectories(const AnalysisContext& context, const cells::Network& network) {
  Trajectories runs;
  runs.trials.inputs = condition_inputs(context.task);
  runs.trials.steps = context.task.steps();
  runs.conditions = runs.trials.batch = runs.trials.inputs.cols() / runs.trials.steps;
  runs.repeats = 1;
  runs.states = cells::simulate(network, runs.trials.inputs, starts(network, runs.conditions));
  return runs;
}

Matrix grid_states(const AnalysisContext& context, const cells::Network& network, Index times) {
  const tasks::InputGrid grid = context.task.grid();
  const Index G1 = grid.levels1.size(), G2 = grid.levels2.size(), pairs = G1 * G2;
  if (pairs == 0) return Matrix(network.state_dim(), 0);
  Matrix inputs(2, pairs);
  for (Index i = 0; i < G1; ++i) {
    for (Index j = 0; j < G2; ++j) inputs.col(i * G2 + j) << grid.levels1(i), grid.levels2(j);
  }
  Matrix states = starts(network, pairs);
  for (Index i = 0; i < times; ++i) {
    states = cells::simulate(network, inputs.replicate(1, context.task.steps()), states)
                 .rightCols(pairs)
                 .eval();
  }
  return states;
}

Array by_condition(In<Matrix> values, Index steps, Index batch) {
  const Index k = values.rows();
  std::vector<double> entries;
  entries.reserve(static_cast<std::size_t>(values.size()));
  for (Index b = 0; b < batch; ++b) {
    for (Index t = 0; t < steps; ++t) {
      for (Index i = 0; i < k; ++i) entries.push_back(values(i, t * batch + b));
    }
  }
  return {{batch, steps, k}, std::move(entries)};
}

void put_projections(io::Dataset& result, const std::string& prefix, const AnalysisContext& context,
                     const cells::Network& network, In<Vector> mean, In<Matrix> basis) {
  const Trajectories quiet = quiet_trajectories(context, network);
  result.arrays[prefix + "_mean"] = Array::vector(mean);
  result.arrays[prefix + "_basis"] = Array::matrix(basis);
  result.arrays[prefix + "_trajectories"] = by_condition(
      representation::project(quiet.states, mean, basis), quiet.trials.steps, quiet.trials.batch);
  const tasks::InputGrid grid = context.task.grid();
  if (grid.levels1.size() == 0) return;
  Array final_states =
      Array::sequence(representation::project(grid_states(context, network), mean, basis),
                      grid.levels1.size(), grid.levels2.size());
  result.arrays[prefix + "_grid"] = std::move(final_states);
  result.arrays["grid_levels1"] = Array::vector(grid.levels1);
  result.arrays["grid_levels2"] = Array::vector(grid.levels2);
}

}  // namespace nullcline::study
