// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <filesystem>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/training/detail/method.hpp"
#include "nullcline/training/regularizer.hpp"

namespace nullcline::training::detail {

/// What gradient methods minimize, the loss with its penalties, under what they must respect: the
/// masks of pruned parameters, and the soft threshold of a proximal L1.
template <std::floating_point Real>
class Objective {
 public:
  Objective(Model<Real>& model, const Settings& training);

  /// Prunes if k is the step before which that happens.
  void prune(Index k);

  /// Leaves the gradient of what is minimized, `task_weight` loss + penalty, in the model.
  StepResult evaluate(const tasks::Trials& trials, RandomStream& noise);
  double value(const StepResult& result) const {
    return task_weight_ * result.loss + result.penalty;
  }

  /// To be called after parameters were moved at this rate, before parameters_changed().
  void constrain(double rate);

  void save(io::Dataset& checkpoint) const;
  void restore(const io::Dataset& checkpoint, const std::filesystem::path& path);

 private:
  double add_metric();

  Model<Real>& model_;
  ParameterPenalty penalty_;
  double task_weight_, metric_weight_;
  std::vector<Matrix> metric_gradients_;  // in double, of the parameters that are trained
  double density_;
  Index prune_at_;
  std::vector<std::string> pruned_;
  std::vector<MatrixX<Real>> masks_;  // of each parameter, empty: all is free
};

}  // namespace nullcline::training::detail
