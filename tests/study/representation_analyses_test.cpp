// SPDX-License-Identifier: Apache-2.0
// The analyses that look at the states as a set, on networks made by hand whose states are known.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/cells/registry.hpp"
#include "nullcline/representation/dimension.hpp"
#include "nullcline/study/analyses/rest_layout.hpp"
#include "nullcline/study/analyses/trajectories.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {
namespace {

constexpr double dt = 0.01, tau = 0.1;

/// One step of the network is x -> A x + (dt / tau) B u, without noise.
cells::Network linear(In<Matrix> A, In<Matrix> B, In<Vector> start) {
  const Index n = A.rows();
  cells::Network network{
      "leaky_rate",
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", n},
                                                       {"activation", std::string("identity")},
                                                       {"form", std::string("current")},
                                                       {"self_connections", true},
                                                       {"trained_start", true},
                                                       {"tau", tau},
                                                       {"dt", dt},
                                                       {"sigma", 0.0}}),
      {}};
  network.parameters["recurrent"] =
      Matrix::Identity(n, n) + (A - Matrix::Identity(n, n)) * (tau / dt);
  network.parameters["input"] = B;
  network.parameters["bias"] = Matrix::Zero(n, 1);
  network.parameters["readout"] = Matrix::Identity(B.cols(), n);
  network.parameters["readout_bias"] = Matrix::Zero(B.cols(), 1);
  network.parameters["initial_state"] = start;
  cells::validate(network);
  return network;
}

/// From (1, 0) along the regular polygon of m corners on the unit circle, whatever the input.
cells::Network polygon(double m) {
  const double angle = 2 * std::numbers::pi / m;
  Matrix A(2, 2);
  A << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  return linear(A, Matrix::Zero(2, 1), Vector::Unit(2, 0));
}

/// Leaks to what its inputs say, each through the column of B.
cells::Network follower(In<Matrix> B) {
  return linear(0.9 * Matrix::Identity(B.rows(), B.rows()), B, Vector::Zero(B.rows()));
}

struct Analyzed {
  std::unique_ptr<tasks::Task> task;
  io::Dataset file, result;
};

Analyzed analyze(const std::string& name, const cells::Network& trained,
                 const cells::Network& untrained, const std::map<std::string, Value>& given = {},
                 const Progress& progress = {}) {
  const auto& kind = tasks::task_kind("flip_flop");
  Analyzed all;
  all.task = kind.make(Settings(kind.schema, {{"bits", trained.input_dim()}}), trained.dt());
  const Settings settings(analysis_kind(name).schema, given);
  all.result =
      analysis_kind(name).run({*all.task, trained, untrained, all.file, settings, 1, 2, progress});
  return all;
}

TEST(RestLayout, TellsHowStableTheFixedPointsOfTheInputsAre) {
  Matrix A = Matrix::Zero(3, 3);  // A spiral of 0.95 a step, and a direction of 0.4.
  A.topLeftCorner(2, 2) << 0.95 * std::cos(1.0), -0.95 * std::sin(1.0), 0.95 * std::sin(1.0),
      0.95 * std::cos(1.0);
  A(2, 2) = 0.4;
  const cells::Network network = linear(A, Matrix::Ones(3, 1), Vector::Zero(3));
  const auto& kind = tasks::task_kind("perception");
  const auto task = kind.make(Settings(kind.schema), network.dt());
  const io::Dataset file;
  const Settings settings;
  const auto layout = rest_layout({*task, network, network, file, settings, 1, 2, {}}, network, 5);
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->moduli.size(), 2);  // The two levels of the task.
  EXPECT_NEAR(layout->moduli(0), 0.95, 1e-13);
  EXPECT_NEAR(layout->moduli(1), 0.95, 1e-13);
  for (const double level : {0.5, 0.8}) {  // One of the points is the fixed point at each.
    const Matrix stepped =
        (A * layout->points).colwise() + Vector(Vector::Constant(3, dt / tau * level));
    EXPECT_LT((stepped - layout->points).colwise().norm().minCoeff(), 1e-12);
  }
}

TEST(HomologyAnalysis, FindsTheLoopOfAPolygonAndNoneInAPoint) {
  // The loop of a regular 12-gon is there from edges of 2 sin(pi / 12) to sqrt 3.
  const cells::Network resting =
      linear(Matrix::Identity(2, 2), Matrix::Zero(2, 1), Vector::Ones(2));
  const io::Dataset result = analyze("homology", polygon(12), resting, {{"landmarks", 12}}).result;
  const Matrix loops = result.arrays.at("trained_h1").as_matrix();
  ASSERT_EQ(loops.rows(), 1);
  EXPECT_NEAR(loops(0, 0), 2 * std::sin(std::numbers::pi / 12), 1e-11);
  EXPECT_NEAR(loops(0, 1), std::sqrt(3), 1e-11);
  EXPECT_EQ(result.arrays.at("trained_h0").shape, (std::vector<Index>{12, 2}));
  EXPECT_EQ(result.arrays.at("trained_landmarks").size(), 12);
  // All states are landmarks, or as good as: each bar counts, the gaps between corners too.
  EXPECT_EQ(result.attributes["trained"]["betti_of_points"], io::Json({12, 1}));
  EXPECT_LT(result.attributes["trained"]["covering_radius"].get<double>(), 1e-11);
  EXPECT_EQ(result.attributes["trained"]["size"]["points"], 12);
  EXPECT_EQ(result.attributes["metrics"]["trained_betti_1"], 1);

  EXPECT_EQ(result.attributes["untrained"]["size"]["points"], 1);
  EXPECT_EQ(result.attributes["untrained"]["betti_of_points"], io::Json({1, 0}));
  EXPECT_EQ(result.attributes["metrics"]["untrained_betti_1"], 0);
}

TEST(HomologyAnalysis, TakesEveryFewthStateOfEachTrial) {
  const cells::Network network = polygon(24);
  const Analyzed all = analyze("homology", network, network, {{"every", 2}, {"landmarks", 24}});
  // Starting at the first state after a step, every other corner of 24.
  EXPECT_NEAR(all.result.arrays.at("trained_h1").as_matrix()(0, 0),
              2 * std::sin(std::numbers::pi / 12), 1e-11);
  const auto conditions = static_cast<Index>(all.task->conditions().size());
  EXPECT_EQ(all.result.attributes["trained"]["states"], conditions * ((all.task->steps() + 1) / 2));
  const Analyzed noisy =
      analyze("homology", network, network, {{"trials", 3}, {"every", 10}, {"landmarks", 24}});
  EXPECT_EQ(noisy.result.attributes["trained"]["states"],
            3 * conditions * ((all.task->steps() + 9) / 10));
}

TEST(HomologyAnalysis, RefusesMoreThanTheMemoryBeforeItBegins) {
  const cells::Network network = polygon(24 * std::sqrt(2.0));  // Never the same state twice.
  EXPECT_THROW(analyze("homology", network, network, {{"landmarks", 0}, {"memory", 1.0}}),
               std::invalid_argument);
}

TEST(DimensionAnalysis, CountsTheSignalsThatUnitsShare) {
  // Six units that follow two inputs, three each; before that one input and nothing else.
  Matrix two = Matrix::Zero(6, 2), one = Matrix::Zero(6, 2);
  two.col(0).head(3).setOnes();
  two.col(1).tail(3).setOnes();
  one.col(0).setOnes();
  const io::Dataset result = analyze("dimension", follower(two), follower(one)).result;
  const Vector variances = result.arrays.at("trained_variances").as_vector();
  EXPECT_LT(variances(2), 1e-12 * variances(1));
  EXPECT_EQ(result.attributes["trained"]["parallel"], 2);
  EXPECT_EQ(result.attributes["untrained"]["parallel"], 1);
  const double ratio = variances.sum() * variances.sum() / variances.squaredNorm();
  EXPECT_NEAR(result.attributes["trained"]["participation_ratio"].get<double>(), ratio, 1e-12);
  EXPECT_NEAR(result.attributes["untrained"]["participation_ratio"].get<double>(), 1, 1e-12);
  EXPECT_EQ(result.attributes["metrics"]["trained_parallel_dimension"], 2);
}

TEST(DimensionAnalysis, EstimatesFromNeighborsThatAreFarInTime) {
  const cells::Network network = follower(Matrix::Identity(2, 2));
  const std::map<std::string, Value> given = {{"exclude", 0.05}, {"surrogates", 0}};
  const Analyzed all = analyze("dimension", network, network, given);
  const Settings settings(analysis_kind("dimension").schema, given);
  const AnalysisContext context{*all.task, network, network, all.file, settings, 1, 2, {}};
  const auto direct =
      representation::dimension(noisy_trajectories(context, network, 16).all_trials(),
                                {.surrogates = 0, .max_points = 2000, .exclude = 5, .seed = 1 ^ 2});
  const io::Json& found = all.result.attributes["trained"];
  EXPECT_EQ(found["two_nn"]["value"], direct.two_nn.value);
  EXPECT_EQ(found["mle"]["high"], direct.mle.high);
  EXPECT_EQ(found["parallel"], -1);
  EXPECT_EQ(all.result.arrays.count("trained_null_variances"), 0u);
}

TEST(RepresentationAnalyses, EndBeforeTheUntrainedNetworkWhenTheyAreAskedToStop) {
  const cells::Network network = polygon(12);
  for (const std::string name : {"dimension", "homology"}) {
    const io::Dataset result =
        analyze(name, network, network, {}, [](double) { return false; }).result;
    EXPECT_TRUE(result.attributes.contains("trained")) << name;
    EXPECT_FALSE(result.attributes.contains("untrained")) << name;
  }
}

}  // namespace
}  // namespace nullcline::study
