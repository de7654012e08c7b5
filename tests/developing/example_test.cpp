// SPDX-License-Identifier: Apache-2.0
// The worked examples of docs/developing.
#include <gtest/gtest.h>

#include "nullcline/cells/integrator.hpp"
#include "nullcline/core/finite_differences.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {
AnalysisKind mean_activity_analysis();
}
namespace nullcline::tasks::kinds {
TaskKind hold();
}

namespace nullcline {
namespace {

cells::Network small_network() {
  const cells::CellKind kind = cells::integrator();
  const Settings settings(kind.schema, {{"units", std::int64_t{3}}});
  RandomStream stream({.seed = 1});
  return {kind.name, settings, kind.initialize(settings, 1, 1, stream)};
}

/// Sum of squares of all states of a short run.
double loss(const cells::Cell<double>& cell, cells::Tape<double>& tape) {
  cell.forward(tape, nullptr);
  return tape.states.squaredNorm() / 2;
}

TEST(Example, CellHasTheGradientOfItsForwardPass) {
  cells::Network network = small_network();
  cells::Tape<double> tape;
  tape.steps = 4;
  tape.batch = 2;
  tape.inputs = Vector::LinSpaced(tape.steps * tape.batch, -1, 1).transpose();
  tape.states = Matrix::Zero(3, (tape.steps + 1) * tape.batch);

  const auto cell = cells::integrator().make_double(network);
  loss(*cell, tape);
  std::vector<Matrix> gradients = {Matrix::Zero(3, 1)};
  const auto add_gradient = [&](Index t, Out<Matrix> G) {
    G += tape.states.middleCols(t * tape.batch, tape.batch);
  };
  cell->backward(tape, add_gradient, gradients);

  const auto loss_of = [&](In<Vector> B) {
    network.parameters["input"] = B;
    return loss(*cells::integrator().make_double(network), tape);
  };
  const Vector B = network.parameter("input");
  EXPECT_LT((gradients[0] - finite_difference_gradient(loss_of, B)).norm(), 1e-9);
}

TEST(Example, CellIsTheSameForAnalysisAsForTraining) {
  const cells::Network network = small_network();
  const auto map = cells::integrator().make_map(network);
  EXPECT_LT(check_derivatives(*map, Vector::LinSpaced(3, -1, 1), Vector::Ones(1)).largest(), 1e-6);

  cells::Tape<double> tape;
  tape.steps = tape.batch = 1;
  tape.inputs = Matrix::Constant(1, 1, 0.7);
  tape.states = Matrix::Ones(3, 2);
  cells::integrator().make_double(network)->forward(tape, nullptr);
  Matrix Y(3, 1);
  map->evaluate(Matrix::Ones(3, 1), tape.inputs, Y);
  EXPECT_LT((Y - tape.states.col(1)).norm(), 1e-15);
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
