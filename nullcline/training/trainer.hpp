// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/tasks/task.hpp"
#include "nullcline/training/adam.hpp"
#include "nullcline/training/backpropagation.hpp"

namespace nullcline::training {

/// The settings of a training: steps, batch, learning rate, which parameters, precision, ...
Schema training_schema();

enum class TrainingStatus {
  running,   ///< Steps are left.
  finished,  ///< All steps are done.
  diverged,  ///< The loss of step `steps_taken` + 1 was not finite; parameters are those before.
};
const char* name_of(TrainingStatus status);

/// Trains one network on one task by Adam on fresh trials each step. Everything random in step k is
/// addressed by (seed, id, purpose, k): a training continued from a checkpoint, alone or beside
/// others, on any number of threads, takes the same steps bit for bit.
template <std::floating_point Real>
class Trainer {
 public:
  /// `task` must outlive the trainer. Throws Error when a setting does not fit the network.
  Trainer(const cells::Network& start, const tasks::Task& task, const Settings& settings,
          std::uint64_t seed, std::uint64_t id);

  void step();

  TrainingStatus status() const { return status_; }
  Index steps_taken() const { return static_cast<Index>(losses_.size()); }
  const std::vector<double>& losses() const { return losses_; }  ///< Of each step, before it.
  cells::Network network() const;                                ///< As it is now.

  /// All that a later trainer, made with the same arguments, needs to go on.
  io::Dataset checkpoint() const;
  void restore(const io::Dataset& checkpoint, const std::filesystem::path& path);

 private:
  cells::Network start_;
  const tasks::Task& task_;
  Index steps_, batch_;
  AdamOptions adam_;
  std::uint64_t seed_, id_;
  Backpropagation<Real> model_;
  std::vector<cells::Parameter<Real>> parameters_;
  std::vector<MatrixX<Real>> gradients_;  // empty: not trained
  std::vector<AdamMoments<Real>> moments_;
  std::vector<double> losses_;
  TrainingStatus status_ = TrainingStatus::running;
};

}  // namespace nullcline::training
