// SPDX-License-Identifier: Apache-2.0
// The worked examples of docs/developing.
#include <gtest/gtest.h>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/finite_differences.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::cells::kinds {
CellKind integrator();
}
namespace nullcline::study {
AnalysisKind mean_activity_analysis();
}
namespace nullcline::tasks::kinds {
TaskKind hold();
}

namespace nullcline {
namespace {

cells::Network small_network() {
  const cells::CellKind kind = cells::kinds::integrator();
  const Settings settings(kind.schema, {{"units", std::int64_t{3}}});
  RandomStream stream({.seed = 1});
  return {kind.name, settings, kind.initialize(settings, 1, 1, stream)};
}

TEST(Example, CellHasTheGradientOfItsForwardPass) {
  cells::Network network = small_network();
  const Index T = 4, B = 2;
  const Matrix inputs = Vector::LinSpaced(T * B, -1, 1).transpose(), start = Matrix::Zero(3, B);
  const cells::Drive<double> drive{T, B, cells::view(inputs), cells::view(start)};

  // The loss is half of the sum of squares of all states: its gradient by them is themselves.
  const auto cell = cells::kinds::integrator().make_double(network);
  cell->forward(drive);
  const Matrix states = cell->features();
  const Matrix identity = Matrix::Identity(3, 3);
  cells::Gradients<double> gradients{{Matrix::Zero(3, 1)}};
  cell->backward({cells::view(identity), cells::view(states)}, gradients);

  const auto loss_of = [&](In<Vector> b) {
    network.parameters["input"] = b;
    const auto other = cells::kinds::integrator().make_double(network);
    other->forward(drive);
    return other->features().squaredNorm() / 2;
  };
  const Vector b = network.parameter("input");
  EXPECT_LT((gradients.parameters[0] - finite_difference_gradient(loss_of, b)).norm(), 1e-9);
}

TEST(Example, CellIsTheSameForAnalysisAsForTraining) {
  const cells::Network network = small_network();
  const auto map = cells::kinds::integrator().make_map(network);
  EXPECT_LT(check_derivatives(*map, Vector::LinSpaced(3, -1, 1), Vector::Ones(1)).largest(), 2e-9);

  const Matrix input = Matrix::Constant(1, 1, 0.7), start = Matrix::Ones(3, 1);
  const auto cell = cells::kinds::integrator().make_double(network);
  cell->forward({1, 1, cells::view(input), cells::view(start)});
  Matrix Y(3, 1);
  map->evaluate(start, input, Y);
  EXPECT_LT((Y - cell->features()).norm(), 1e-15);
}

TEST(Example, TaskAsksForTheLevelAfterTheCueHasGone) {
  const tasks::TaskKind kind = tasks::kinds::hold();
  const auto task = kind.make(Settings(kind.schema, {{"input_noise", 0.0}}), 0.01);
  RandomStream stream({.seed = 1, .purpose = Purpose::trials});
  const tasks::Trials trials = task->sample(stream, 5);
  EXPECT_EQ(trials.steps, 100);
  EXPECT_EQ(trials.inputs.leftCols(250), trials.targets.leftCols(250));
  EXPECT_EQ(trials.inputs.rightCols(250), Matrix::Zero(1, 250));
  EXPECT_EQ(trials.targets.leftCols(5), trials.targets.rightCols(5));
}

TEST(Example, AnalysisRegistersUnderItsFileName) {
  const study::AnalysisKind kind = study::mean_activity_analysis();
  EXPECT_EQ(kind.name, "mean_activity");
  EXPECT_NO_THROW(Settings(kind.schema));
}

}  // namespace
}  // namespace nullcline
