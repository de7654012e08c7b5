// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
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

/// How an output z is held against its target y at a step; see training/loss.hpp.
enum class Loss {
  squared_error,              ///< (z - y)^2
  binary_cross_entropy,       ///< z is a logit, y in [0, 1], each output by itself
  categorical_cross_entropy,  ///< z are logits, y the probabilities of the classes
};

/// A batch of B trials of T steps; step t is the columns t B .. (t + 1) B - 1. Trials may be of
/// different lengths: T is that of the longest, and behind its end a trial has zeros everywhere.
struct Trials {
  Index steps = 0, batch = 0;
  Matrix inputs;   ///< (n_in, T B), with input noise
  Matrix targets;  ///< (n_out, T B)
  Matrix weights;  ///< (1, T B), of each step in the loss, >= 0
  Matrix scored;   ///< (1, T B), 1 where performance is judged, 0 where transients are forgiven
  Vector output_weights = {};  ///< (n_out), of each output in the loss, >= 0; empty: all 1
};

/// A trial that analyses look at: without input noise. All of a task have the task's T steps, with
/// zeros behind the end of a shorter trial.
struct Condition {
  std::string name;
  Matrix inputs;        ///< (n_in, T)
  Matrix targets;       ///< (n_out, T)
  Matrix scored;        ///< (1, T)
  Matrix weights = {};  ///< (1, T), in the loss; empty: all 1
  Index length = 0;     ///< Steps of the trial itself; 0: T
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

/// The inputs of a task as a manifold: u(t; kappa), kappa in R^m, with derivatives by kappa, for
/// the geometry of the states that they drive. Without input noise.
struct InputManifold {
  struct Coordinate {
    std::string name;  ///< With its unit, where it has one.
    double lowest, highest;
    bool periodic = false;  ///< A circle: `highest` is `lowest` again.
  };
  /// At one kappa; matrices are (n_in, T).
  struct Point {
    Matrix inputs;
    std::vector<Matrix> first;   ///< du / dkappa_i, m of them
    std::vector<Matrix> second;  ///< d2u / dkappa_i dkappa_j, i <= j, in the order 11 12 .. 22 ..
  };
  /// Where a task decides by one coordinate.
  struct Decision {
    Index coordinate;
    /// Signed, of kappa from the boundary, in the unit of the coordinate; of several, the nearest.
    std::function<double(In<Vector> kappa)> distance;
  };
  std::vector<Coordinate> coordinates;
  std::function<Point(In<Vector> kappa)> at;
  std::string name = {};  ///< Where a task has several: "context 1".
  std::optional<Decision> decision = {};
};

/// What a task calls good: a number of its own, and from where on a network performs the task.
struct Performance {
  std::string name;     ///< "normalized error", "accuracy", ...
  std::string meaning;  ///< With its unit, and whose choice the criterion is.
  double criterion;
  bool higher_is_better = false;

  bool reached(double score) const {
    return higher_is_better ? score >= criterion : score <= criterion;
  }
};

/// A task: where trials come from, and which trials and inputs analyses look at.
class Task {
 public:
  virtual ~Task() = default;

  virtual std::vector<Channel> inputs() const = 0;
  virtual std::vector<Channel> outputs() const = 0;
  virtual Index steps() const = 0;         ///< T, of the longest trial.
  virtual Vector input_noise() const = 0;  ///< (n_in), standard deviation a step, white.

  /// `batch` random trials, all drawn from `stream`.
  Trials sample(RandomStream& stream, Index batch) const;

  /// The same into the memory that `trials` has: a training step needs no new.
  virtual void fill(Trials& trials, Index batch, RandomStream& stream) const = 0;

  virtual std::vector<Condition> conditions() const = 0;
  virtual std::vector<SteadyInput> steady_inputs() const = 0;
  virtual InputGrid grid() const { return {}; }

  /// The loss that the task is trained by unless the training says otherwise.
  virtual Loss loss() const { return Loss::squared_error; }

  /// How well `outputs` (n_out, T B) of `trials` do; by default the normalized error.
  virtual Performance performance() const;
  virtual double score(const Trials& trials, In<Matrix> outputs) const;

  /// The inputs as manifolds, one for each context or rule; empty where the inputs have no natural
  /// coordinates.
  virtual std::vector<InputManifold> input_manifolds() const { return {}; }

  /// The first of them.
  std::optional<InputManifold> input_manifold() const;
};

/// Makes `inputs` (n_in, any) white noise of standard deviation sd(i) in row i, and zero where that
/// is zero. Only rows with noise draw from `stream`.
void fill_noise(In<Vector> sd, RandomStream& stream, Matrix& inputs);

/// Every condition `repeats` times with input noise: trial r of condition c is column
/// c * repeats + r of each step. All conditions must have T steps.
Trials noisy_conditions(const Task& task, Index repeats, RandomStream& stream);

/// Mean squared error over the scored steps, divided by the variance of the targets there: 0 is
/// perfect, 1 what the best constant reaches. The criterion of this project, not of a paper.
double normalized_error(const Trials& trials, In<Matrix> outputs);

/// `Performance::name` of tasks that are scored by it.
inline constexpr const char* normalized_error_name = "normalized error";

/// What the rest of nullcline knows of a kind of task: each file nullcline/tasks/kinds/<name>.cpp
/// defines `TaskKind <name>()` in the namespace nullcline::tasks::kinds, and thereby is registered.
/// A task's steps last `dt` seconds.
struct TaskKind {
  std::string name;
  std::string meaning;
  Schema schema;
  std::function<std::unique_ptr<Task>(const Settings&, double dt)> make;
};

const std::vector<TaskKind>& task_kinds();           ///< By name.
const TaskKind& task_kind(const std::string& name);  ///< Throws Error on an unknown name.

}  // namespace nullcline::tasks
