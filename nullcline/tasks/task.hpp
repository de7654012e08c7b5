// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nullcline/core/random.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::tasks {

/// An input or an output of a task: its name, and what it means, with the unit.
struct Channel {
  std::string name;
  std::string meaning;
};

/// A batch of B trials of T steps; step t is the columns t B .. (t + 1) B - 1.
struct Trials {
  Index steps = 0, batch = 0;
  Matrix inputs;   ///< (n_in, T B), with input noise
  Matrix targets;  ///< (n_out, T B)
  Matrix weights;  ///< (1, T B), of the squared errors in the loss, >= 0
  Matrix scored;   ///< (1, T B), 1 where performance is judged, 0 where transients are forgiven
};

/// A trial that analyses look at: without input noise.
struct Condition {
  std::string name;
  Matrix inputs;   ///< (n_in, T)
  Matrix targets;  ///< (n_out, T)
  Matrix scored;   ///< (1, T)
};

/// A constant input at which fixed points are sought.
struct SteadyInput {
  std::string name;
  Vector input;  ///< (n_in)
};

/// The constant inputs of a grid of pairs, for tasks of two inputs; empty for the others.
struct InputGrid {
  Vector levels1, levels2;
};

/// A task: where trials come from, and which trials and inputs analyses look at.
class Task {
 public:
  virtual ~Task() = default;

  virtual std::vector<Channel> inputs() const = 0;
  virtual std::vector<Channel> outputs() const = 0;
  virtual Index steps() const = 0;         ///< T
  virtual double input_noise() const = 0;  ///< Standard deviation a step, white.

  /// `batch` random trials, all drawn from `stream`.
  virtual Trials sample(RandomStream& stream, Index batch) const = 0;

  virtual std::vector<Condition> conditions() const = 0;
  virtual std::vector<SteadyInput> steady_inputs() const = 0;
  virtual InputGrid grid() const { return {}; }
};

/// Every condition `repeats` times with input noise: trial r of condition c is column
/// c * repeats + r of each step. All conditions must have T steps.
Trials noisy_conditions(const Task& task, Index repeats, RandomStream& stream);

/// Mean squared error over the scored steps, divided by the variance of the targets there: 0 is
/// perfect, 1 what the best constant reaches. The criterion of this project, not of a paper.
double normalized_error(const Trials& trials, In<Matrix> outputs);

/// What the rest of nullcline knows of a kind of task. A task's steps last `dt` seconds.
struct TaskKind {
  std::string name;
  std::string meaning;
  Schema schema;
  std::function<std::unique_ptr<Task>(const Settings&, double dt)> make;
};

const std::vector<TaskKind>& task_kinds();
const TaskKind& task_kind(const std::string& name);  ///< Throws Error on an unknown name.

}  // namespace nullcline::tasks
