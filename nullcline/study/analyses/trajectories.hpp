// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/study/analysis.hpp"

namespace nullcline::study {

/// The states that a network goes through under the conditions of its task.
struct Trajectories {
  tasks::Trials trials;  ///< Trial r of condition c is number c repeats + r.
  Index conditions = 0, repeats = 0;
  Matrix states;  ///< (n, T B)

  /// The states of one trial, (n, T).
  Matrix trial(Index number) const;
  std::vector<Matrix> all_trials() const;
};

/// With noise in inputs and network, `repeats` trials a condition. The same trials and noise for
/// trained and untrained networks, and for every analysis.
Trajectories noisy_trajectories(const AnalysisContext& context, const cells::Network& network,
                                Index repeats);

/// The inputs of the conditions of a task, (n_in, T C), without noise.
Matrix condition_inputs(const tasks::Task& task);

/// Without any noise, one trial a condition.
Trajectories quiet_trajectories(const AnalysisContext& context, const cells::Network& network);

/// The states after some times a trial's duration of each constant input of the task's grid,
/// without noise: (n, G1 G2), pair (i, j) in column i G2 + j. Empty without a grid.
Matrix grid_states(const AnalysisContext& context, const cells::Network& network, Index times = 1);

/// A batch over time (k, T B), trials as conditions, as an array (B, T, k).
Array by_condition(In<Matrix> values, Index steps, Index batch);

/// Everything that PCA and DCA have in common: of one network, the projections into `basis`.
void put_projections(io::Dataset& result, const std::string& prefix, const AnalysisContext& context,
                     const cells::Network& network, In<Vector> mean, In<Matrix> basis);

}  // namespace nullcline::study
