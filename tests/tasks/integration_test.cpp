// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

/// Sums along time of one row of one trial.
Vector sums(const Matrix& values, Index row) {
  Vector all = values.row(row);
  for (Index t = 1; t < all.size(); ++t) all(t) += all(t - 1);
  return all;
}

TEST(ContextIntegration, SumsTheStreamThatTheContextNames) {
  const auto task = make("context_integration", {}, 0.04);
  ASSERT_EQ(task->steps(), 25);
  const Trials trials = sample(*task, 60);
  Index first = 0;
  for (Index b = 0; b < 60; ++b) {
    const Matrix u = trial(trials, trials.inputs, b);
    const Index context = u(2, 0) == 1 ? 0 : 1;
    for (Index t = 0; t < 25; ++t) ASSERT_EQ(u.col(t).tail(2), Vector(Vector::Unit(2, context)));
    const Vector y = trial(trials, trials.targets, b).row(0);
    ASSERT_LT((y - sums(u, context)).norm(), 1e-12);
    first += context == 0 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(first), 30, 5 * std::sqrt(15));
}

TEST(ContextIntegration, HasStreamsOfTheStatisticsOfThePublishedGenerator) {
  const auto task = make("context_integration", {{"bias", 0.0}}, 0.04);
  const Trials trials = sample(*task, 400);
  const Matrix streams = trials.inputs.topRows(2);
  const auto count = static_cast<double>(streams.size());
  EXPECT_NEAR(streams.squaredNorm() / count, 0.125 * 0.125,
              5 * 0.125 * 0.125 * std::sqrt(2 / count));
  // The mean of the bias is -b, its standard deviation 2 b.
  const Trials biased = sample(*make("context_integration", {{"noise", 0.0}, {"bias", 0.1}}), 400);
  EXPECT_NEAR(biased.inputs.topRows(2).leftCols(400).mean(), -0.1, 5 * 0.2 / std::sqrt(800.0));
}

TEST(ContextIntegration, ProbesTheAttendedStreamWithConstantLevels) {
  const auto conditions = make("context_integration")->conditions();
  ASSERT_EQ(conditions.size(), 18u);
  for (std::size_t c = 0; c < 18; ++c) {
    const Index context = c < 9 ? 0 : 1;
    const double level = 0.02 * (static_cast<double>(c % 9) / 4 - 1);
    EXPECT_NEAR(conditions[c].inputs(context, 50), level, 1e-15);
    EXPECT_EQ(conditions[c].inputs(1 - context, 50), 0);
    EXPECT_NEAR(conditions[c].targets(0, 99), 100 * level, 1e-12);
  }
}

TEST(ContextDecision, AsksForTheSignOfTheRelevantEvidenceAtTheLastStepOnly) {
  const auto task = make("context_decision", {{"input_noise", 0.0}}, 0.1);
  const Trials trials = sample(*task, 242);
  const Index last = 99 * 242;
  std::set<std::vector<double>> seen;
  for (Index b = 0; b < 242; ++b) {
    const Vector u = trials.inputs.col(last + b);
    const double relevant = u(2) == 1 ? u(0) : u(1);
    ASSERT_EQ(trials.targets(0, last + b), relevant > 0 ? 1 : relevant < 0 ? -1 : 0);
    ASSERT_EQ(u, Vector(trials.inputs.col(b)));
    seen.insert({u(0), u(1), u(2)});
  }
  EXPECT_EQ(seen.size(), 242u);  // The grid of the paper, each pair once in each context.
  EXPECT_EQ(trials.weights.leftCols(last).sum(), 0);
  EXPECT_EQ(trials.weights.rightCols(242).sum(), 242);
}

TEST(ContextDecision, HasBrownianNoiseOnTheEvidenceAndNoneOnTheContext) {
  const auto task = make("context_decision", {{"largest", 1e-9}}, 0.1);
  const Trials trials = sample(*task, 242);
  const Matrix noise = trials.inputs.topRows(2);
  const auto count = static_cast<double>(noise.size());
  const double variance = 0.25 / 0.1;
  EXPECT_NEAR(noise.squaredNorm() / count, variance, 5 * variance * std::sqrt(2 / count));
  const Matrix context = trials.inputs.bottomRows(2);
  EXPECT_TRUE((context.array() == 0 || context.array() == 1).all());
}

TEST(ContextDecision, HasACriterionThatAnIdealIntegratorReaches) {
  const auto task = make("context_decision", {}, 0.1);
  const Trials trials = sample(*task, 2420);
  Matrix outputs(1, trials.targets.cols());
  for (Index b = 0; b < trials.batch; ++b) {
    const Matrix u = trial(trials, trials.inputs, b);
    const Vector integral = sums(u, u(2, 0) == 1 ? 0 : 1);
    for (Index t = 0; t < trials.steps; ++t) outputs(0, t * trials.batch + b) = integral(t);
  }
  // The mean over the levels 0.04 .. 0.2 of Phi(level sqrt(10) / 0.5).
  double ideal = 0;
  for (int i = 1; i <= 5; ++i) ideal += std::erfc(-0.04 * i * std::sqrt(10.0 / 2) / 0.5) / 2 / 5;
  const double score = task->score(trials, outputs);
  EXPECT_NEAR(score, ideal, 5 * std::sqrt(ideal * (1 - ideal) / 2200));
  EXPECT_TRUE(task->performance().reached(score));
}

TEST(PulseIntegration, KeepsTheSumOfThePulses) {
  const auto task = make("pulse_integration", {{"step_size", 0.5}, {"rate", 20.0}});
  const Trials trials = sample(*task, 100);
  for (Index b = 0; b < 100; ++b) {
    const Vector y = trial(trials, trials.targets, b).row(0);
    ASSERT_LT((y - 0.5 * sums(trial(trials, trials.inputs, b), 0)).norm(), 1e-12);
  }
  // 20 pulses a second: 0.2 a step.
  const auto count = static_cast<double>(trials.inputs.size());
  EXPECT_NEAR(trials.inputs.cwiseAbs().sum() / count, 0.2, 5 * std::sqrt(0.2 * 0.8 / count));
}

TEST(PulseIntegration, HasTwoPulsesOfAnyHeightAsItsManifold) {
  const auto manifolds = make("pulse_integration")->input_manifolds();
  ASSERT_EQ(manifolds.size(), 1u);
  Matrix inputs = manifolds[0].at(Vector{{0.5, -0.75}}).inputs;
  EXPECT_EQ(inputs(0, 12), 0.5);
  EXPECT_EQ(inputs(0, 37), -0.75);
  EXPECT_EQ(inputs.cwiseAbs().sum(), 1.25);
}

TEST(NoiseIntegration, IntegratesOverTimeWhateverTheStep) {
  for (const double dt : {0.01, 0.002}) {
    const auto task = make("noise_integration", {{"noise", 0.7}, {"drift", 0.0}}, dt);
    const Trials trials = sample(*task, 400);
    for (Index b = 0; b < 5; ++b) {
      const Vector y = trial(trials, trials.targets, b).row(0);
      ASSERT_LT((y - dt * sums(trial(trials, trials.inputs, b), 0)).norm(), 1e-12);
    }
    // At the end, variance sigma^2 T.
    const Matrix ends = trials.targets.rightCols(400);
    EXPECT_NEAR(ends.squaredNorm() / 400, 0.49, 5 * 0.49 * std::sqrt(2.0 / 400));
  }
}

TEST(NoiseIntegration, HasAMeanOfEachTrial) {
  const Trials trials = sample(*make("noise_integration", {{"noise", 0.0}, {"drift", 2.0}}), 400);
  EXPECT_EQ(trials.inputs.leftCols(400), trials.inputs.rightCols(400));
  EXPECT_NEAR(trials.inputs.leftCols(400).squaredNorm() / 400, 4, 5 * 4 * std::sqrt(2.0 / 400));
}

TEST(Integration, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("context_integration", {{"noise", 0.0}, {"bias", 0.0}}), "noise");
  EXPECT_EQ(refused("context_decision", {{"duration", 0.001}}), "duration");
  EXPECT_EQ(refused("pulse_integration", {{"rate", 101.0}}), "rate");
  EXPECT_EQ(refused("pulse_integration", {{"settling", 0.25}}), "settling");
  EXPECT_EQ(refused("noise_integration", {{"noise", 0.0}, {"drift", 0.0}}), "noise");
}

}  // namespace
}  // namespace nullcline::tasks
