// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/readout.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>

#include <cmath>
#include <numbers>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/training/force.hpp"

#include "tests/training/uniforms.hpp"

namespace nullcline::training {
namespace {

struct Samples {
  Matrix r = uniforms(6, 40, 1), y = uniforms(2, 40, 2);
  Matrix w = (uniforms(1, 40, 3).array() + 0.6).max(0.0);
};

TEST(RidgeReadout, IsTheLeastSquaresSolutionOfTheAugmentedSystem) {
  const Samples s;
  const double lambda = 0.3;
  RidgeReadout ridge(6, 2);
  ridge.add(s.r.leftCols(15), s.y.leftCols(15), s.w.leftCols(15));
  ridge.add(s.r.rightCols(25), s.y.rightCols(25), s.w.rightCols(25));
  const Matrix solution = ridge.solve(lambda).value();
  // Rows sqrt(w) [r 1 | y] above sqrt(lambda) [I 0 | 0], by normal equations.
  Matrix X = Matrix::Zero(46, 7), Y = Matrix::Zero(46, 2);
  const Vector root = s.w.row(0).array().sqrt();
  X.topRows(40) << root.asDiagonal() * s.r.transpose(), root;
  Y.topRows(40) = root.asDiagonal() * s.y.transpose();
  X.block(40, 0, 6, 6) = std::sqrt(lambda) * Matrix::Identity(6, 6);
  const Matrix expected = (X.transpose() * X).ldlt().solve(X.transpose() * Y).transpose();
  EXPECT_LE((solution - expected).norm(), 1e-12);
}

TEST(RidgeReadout, IsStationaryForItsLoss) {
  const Samples s;
  RidgeReadout ridge(6, 2);
  ridge.add(s.r, s.y, s.w);
  for (const bool penalize : {false, true}) {
    const Matrix V = ridge.solve(0.5, penalize).value();
    const Matrix D = V.leftCols(6);
    const Vector c = V.col(6);
    const Matrix error = ((D * s.r).colwise() + c) - s.y;
    const Matrix weighted = error * s.w.row(0).asDiagonal();
    EXPECT_LE((weighted * s.r.transpose() + 0.5 * D).norm(), 1e-12);
    EXPECT_LE((Vector(weighted.rowwise().sum()) + (penalize ? 0.5 : 0.0) * c).norm(), 1e-12);
  }
}

TEST(RidgeReadout, SaysThatItHasNoSolution) {
  RidgeReadout ridge(3, 1);
  ridge.add(Matrix::Constant(3, 2, std::nan("")), Matrix::Zero(1, 2), Matrix::Ones(1, 2));
  EXPECT_FALSE(ridge.solve(1).has_value());
}

TEST(RecursiveReadout, IsRidgeRegressionAfterTheSameSamples) {
  const Samples s;
  RidgeReadout ridge(6, 2);
  RecursiveReadout recursive(Matrix::Zero(2, 7), 0.3);
  for (Index k = 0; k < 40; ++k) {
    ridge.add(s.r.col(k), s.y.col(k), s.w.col(k));
    recursive.learn(s.r.col(k), s.y.col(k), s.w(0, k));
    // Condition about 40 / 0.3 of the normal equations.
    EXPECT_LE((recursive.readout() - ridge.solve(0.3, true).value()).norm(), 1e-11) << k;
  }
  Matrix A = ridge.gram();
  A.diagonal().array() += 0.3;
  EXPECT_LE((recursive.inverse() * A - Matrix::Identity(7, 7)).norm(), 1e-11);
}

cells::Network reservoir(Index units, Index n_in, double gain, const char* activation = "tanh") {
  RandomStream stream({7, 1, Purpose::initial_weights, 0});
  return cells::make_network(
      "leaky_rate",
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", std::int64_t{units}},
                                                       {"activation", activation},
                                                       {"gain", gain},
                                                       {"tau", 0.1},
                                                       {"dt", 0.01},
                                                       {"sigma", 0.0},
                                                       {"bias_sd", 0.0}}),
      n_in, 1, stream);
}

/// One trial of a sine of one second, without input.
tasks::Trials sine(Index steps) {
  tasks::Trials trials;
  trials.steps = steps;
  trials.batch = 1;
  trials.inputs = Matrix::Zero(1, steps);
  trials.targets.resize(1, steps);
  for (Index t = 0; t < steps; ++t) {
    trials.targets(0, t) = std::sin(2 * std::numbers::pi * 0.01 * static_cast<double>(t));
  }
  trials.weights = Matrix::Ones(1, steps);
  return trials;
}

Matrix feedback(Index units) {
  RandomStream stream({7, 1, Purpose::initial_weights, 1});
  Matrix Q(units, 1);
  for (Index i = 0; i < units; ++i) Q(i) = 2 * stream.uniform() - 1;
  return Q;
}

TEST(Force, LearnsToGenerateASine) {
  const Index units = 150;
  Force<double> force(reservoir(units, 1, 1.5), feedback(units), 1.0);
  // Errors before the updates are small from early on: that is the idea of FORCE.
  for (int trial = 0; trial < 6; ++trial) EXPECT_LT(force.learn(sine(2000), nullptr), 0.02);
  // Then it goes on alone, five periods from rest: within 4 % of the variance of the sine, 1/2,
  // most of it a phase that drifts.
  EXPECT_LT(force.loss(sine(500), nullptr), 0.02);
}

TEST(Force, ClosesIntoAnOrdinaryNetworkThatDoesTheSame) {
  const Index units = 40;
  const auto trials = sine(60);
  Force<double> force(reservoir(units, 1, 1.2), feedback(units), 1.0);
  force.learn(trials, nullptr);
  force.loss(trials, nullptr);
  const cells::Network network = force.closed();
  EXPECT_TRUE(network.settings.flag("self_connections"));
  const Matrix z =
      cells::outputs(network, cells::simulate(network, trials.inputs, Matrix::Zero(units, 1)));
  // Rounding grows with the exponents of a network of gain 1.2 over 60 steps of tau / 10.
  EXPECT_LE((z - force.outputs()).norm(), 1e-9 * z.norm());
}

TEST(Force, WithoutFeedbackIsRidgeRegressionOnTheReservoir) {
  const auto trials = sine(120);
  cells::Network network = reservoir(30, 1, 0.9);
  network.parameters["readout"].setZero();
  network.parameters["bias"] = Vector::LinSpaced(30, 0.1, 0.5);
  Force<double> force(network, Matrix(30, 0), 1e-2);
  force.learn(trials, nullptr);
  const Matrix r = cells::simulate(network, trials.inputs, Matrix::Zero(30, 1));
  RidgeReadout ridge(30, 1);
  ridge.add(r, trials.targets, trials.weights);
  const Matrix expected = ridge.solve(1e-2, true).value();
  EXPECT_LE((force.readout().readout() - expected).norm(), 1e-7 * expected.norm());
}

TEST(Force, DoesNotLearnWhereNothingIsWeighted) {
  auto trials = sine(50);
  trials.weights.rightCols(49).setZero();
  Force<double> force(reservoir(10, 1, 1.0), Matrix(10, 0), 1.0);
  const Matrix before = force.readout().readout();
  force.learn(trials, nullptr);
  EXPECT_LE((force.readout().readout() - before).norm(), 1e-2);  // r_1 is small, from rest
  trials.weights.setZero();
  const Matrix between = force.readout().readout();
  force.learn(trials, nullptr);
  EXPECT_EQ(force.readout().readout(), between);
}

}  // namespace
}  // namespace nullcline::training
