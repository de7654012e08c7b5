// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/tasks/task.hpp"
#include "nullcline/training/curriculum.hpp"
#include "nullcline/training/settings.hpp"

namespace nullcline::training {

enum class TrainingStatus {
  running,    ///< Steps are left.
  finished,   ///< All steps are done, or L-BFGS has nothing left to gain.
  criterion,  ///< The task's performance has reached the criterion, and the training stops there.
  diverged,   ///< The loss or gradient of step `steps_taken` + 1 was not finite; the parameters are
              ///< those of the last finite loss, before the step that led there.
};
const char* name_of(TrainingStatus status);

/// A score of the network after some steps.
struct Score {
  Index step;    ///< Steps taken.
  double value;  ///< Task::score on test trials.
};

/// Trains one network on one task. Everything random in step k = 0, 1, ... is addressed by (seed,
/// id, purpose, k): a training continued from a checkpoint, alone or beside others, on any number
/// of threads, takes the same steps bit for bit.
///
/// Every `evaluate_every` steps the network is scored on trials of its own (purpose test_trials,
/// step 2^40 + k, apart from those of analyses), of the task as the curriculum has it then.
template <std::floating_point Real>
class Trainer {
 public:
  /// `task` must outlive the trainer. Throws Error (field training.NAME) when a setting does not
  /// fit the network or another, or asks for a curriculum.
  Trainer(const cells::Network& start, const tasks::Task& task, const Settings& training,
          std::uint64_t seed, std::uint64_t id);

  /// The task by its kind and settings, which a curriculum changes.
  Trainer(const cells::Network& start, const std::string& task, const Settings& task_settings,
          const Settings& training, std::uint64_t seed, std::uint64_t id);
  ~Trainer();
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;

  void step();

  TrainingStatus status() const;
  Index steps_taken() const { return static_cast<Index>(losses().size()); }
  const std::vector<double>& losses() const;     ///< Of the task at each step, before it.
  const std::vector<double>& penalties() const;  ///< What regularizers added to it.
  const std::vector<Score>& scores() const;
  cells::Network network() const;  ///< As it is now.

  /// All that a later trainer, made with the same arguments, needs to go on.
  io::Dataset checkpoint() const;

  /// Goes on from there. Throws Error that names `path` and the array at fault.
  void restore(const io::Dataset& checkpoint, const std::filesystem::path& path);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nullcline::training
