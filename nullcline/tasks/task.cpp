// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/task.hpp"

#include <array>
#include <span>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::tasks {

namespace {

/// White noise, row i of standard deviation sd(i). Rows alike are filled in one go: these are the
/// numbers that tasks with one noise for all inputs have always had.
Matrix white_noise(In<Vector> sd, Index columns, RandomStream& stream) {
  Matrix noise = Matrix::Zero(sd.size(), columns);
  if ((sd.array() == 0).all()) return noise;
  const bool alike = (sd.array() == sd(0)).all();
  stream.fill_normal(std::span<double>(noise.data(), static_cast<std::size_t>(noise.size())),
                     alike ? sd(0) : 1);
  if (!alike) noise.array().colwise() *= sd.array();
  return noise;
}

}  // namespace

Trials Task::sample(RandomStream& stream, Index batch) const {
  Trials trials;
  fill(trials, batch, stream);
  return trials;
}

void fill_noise(In<Vector> sd, RandomStream& stream, Matrix& inputs) {
  require(sd.size() == inputs.rows(), "fill_noise: one standard deviation for each row");
  inputs.setZero();
  std::array<float, 1024> normals;  // whole groups: the numbers of one draw of whole blocks
  std::size_t used = normals.size();
  for (Index k = 0; k < inputs.cols(); ++k) {
    for (Index i = 0; i < sd.size(); ++i) {
      if (sd(i) == 0) continue;
      if (used == normals.size()) {
        stream.fill_normal(std::span<float>(normals));
        used = 0;
      }
      inputs(i, k) = sd(i) * static_cast<double>(normals[used++]);
    }
  }
}

Trials noisy_conditions(const Task& task, Index repeats, RandomStream& stream) {
  const auto conditions = task.conditions();
  require(repeats > 0 && !conditions.empty(), "noisy_conditions: needs conditions and repeats > 0");
  Trials trials;
  trials.steps = task.steps();
  trials.batch = static_cast<Index>(conditions.size()) * repeats;
  const Index columns = trials.steps * trials.batch;
  trials.inputs = white_noise(task.input_noise(), columns, stream);
  trials.targets.resize(conditions.front().targets.rows(), columns);
  trials.weights.resize(1, columns);
  trials.scored.resize(1, columns);
  for (Index t = 0; t < trials.steps; ++t) {
    for (Index b = 0; b < trials.batch; ++b) {
      const Condition& condition = conditions[static_cast<std::size_t>(b / repeats)];
      const Index column = t * trials.batch + b;
      if (condition.length > 0 && t >= condition.length) trials.inputs.col(column).setZero();
      trials.inputs.col(column) += condition.inputs.col(t);
      trials.targets.col(column) = condition.targets.col(t);
      trials.weights(0, column) = condition.weights.size() > 0 ? condition.weights(0, t) : 1;
      trials.scored(0, column) = condition.scored(0, t);
    }
  }
  return trials;
}

double normalized_error(const Trials& trials, In<Matrix> outputs) {
  require(outputs.rows() == trials.targets.rows() && outputs.cols() == trials.targets.cols(),
          "normalized_error: outputs must have the shape of the targets");
  const double count = trials.scored.sum();
  require(count > 0, "normalized_error: no step is scored");
  const Vector mean = trials.targets * trials.scored.transpose() / count;
  const Matrix error = (outputs - trials.targets).array().square();
  const Matrix spread = (trials.targets.colwise() - mean).array().square();
  return (error * trials.scored.transpose()).sum() / (spread * trials.scored.transpose()).sum();
}

Performance Task::performance() const {
  return {normalized_error_name,
          "mean squared error over the scored steps, relative to the variance of the targets there "
          "(measure and criterion are our choice)",
          0.05};
}

double Task::score(const Trials& trials, In<Matrix> outputs) const {
  return normalized_error(trials, outputs);
}

std::optional<InputManifold> Task::input_manifold() const {
  auto all = input_manifolds();
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

}  // namespace nullcline::tasks
