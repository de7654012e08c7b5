// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

TEST(FlipFlop, HoldsTheSignOfTheLastPulse) {
  const auto task = make("flip_flop", {{"bits", std::int64_t{4}}});
  const Trials trials = sample(*task, 40);
  ASSERT_EQ(trials.inputs.rows(), 4);
  for (Index b = 0; b < 40; ++b) {
    const Matrix u = trial(trials, trials.inputs, b), y = trial(trials, trials.targets, b);
    for (Index bit = 0; bit < 4; ++bit) {
      for (Index t = 0; t < trials.steps; ++t) {
        Index s = t;
        while (s > 0 && u(bit, s) == 0) --s;
        ASSERT_EQ(y(bit, t), u(bit, s));
        ASSERT_EQ(std::abs(y(bit, t)), 1);
      }
    }
  }
}

TEST(FlipFlop, HasPulsesOfTheProbabilityAskedForWithBothSigns) {
  const auto task = make("flip_flop", {{"pulse_probability", 0.1}});
  const Trials trials = sample(*task, 100);
  const Matrix later = trials.inputs.rightCols(99 * 100);  // Behind the forced first pulse.
  const auto count = static_cast<double>(later.size());
  const double pulses = later.cwiseAbs().sum();
  EXPECT_NEAR(pulses / count, 0.1, 5 * std::sqrt(0.1 * 0.9 / count));
  EXPECT_NEAR(later.sum(), 0, 5 * std::sqrt(pulses));
}

TEST(FlipFlop, AsksForNothingBeforeEveryBitIsSet) {
  const auto task = make("flip_flop", {{"first_pulse", false}, {"settling", 0.0}});
  const Trials trials = sample(*task, 40);
  for (Index k = 0; k < trials.targets.cols(); ++k) {
    const bool known = trials.targets.col(k).cwiseAbs().minCoeff() > 0;
    ASSERT_EQ(trials.weights(0, k), known ? 1 : 0);
    ASSERT_EQ(trials.scored(0, k), known ? 1 : 0);
  }
  EXPECT_EQ(trials.weights.leftCols(40).sum(), 0);
}

TEST(FlipFlop, ForgivesTheSettlingTimeAfterAPulse) {
  const auto task = make("flip_flop", {{"pulse_probability", 0.0}, {"settling", 0.05}});
  const Trials trials = sample(*task, 1);
  for (Index t = 0; t < 100; ++t) EXPECT_EQ(trials.scored(0, t), t < 5 ? 0 : 1) << t;
}

TEST(FlipFlop, HasEveryStateAndEveryFlipAmongItsConditions) {
  const auto conditions = make("flip_flop")->conditions();
  ASSERT_EQ(conditions.size(), 8u + 3u);
  std::set<std::vector<double>> ends;
  for (const Condition& condition : conditions) {
    const Vector end = condition.targets.rightCols(1);
    ends.insert({end(0), end(1), end(2)});
  }
  EXPECT_EQ(ends.size(), 8u);
}

TEST(FlipFlop, HasFirstPulsesOfAnyHeightAsItsManifold) {
  const auto manifolds = make("flip_flop", {{"bits", std::int64_t{2}}})->input_manifolds();
  ASSERT_EQ(manifolds.size(), 1u);
  const Matrix inputs = manifolds[0].at(Vector{{0.25, -1}}).inputs;
  EXPECT_EQ(inputs.col(0), (Vector{{0.25, -1}}));
  EXPECT_EQ(inputs.rightCols(inputs.cols() - 1).cwiseAbs().maxCoeff(), 0);
}

TEST(FlipFlop, ScoresTheFractionOfBitsThatAreRight) {
  const auto task = make("flip_flop");
  const Trials trials = sample(*task, 20);
  Matrix outputs = 0.3 * trials.targets;  // The sign counts, not the size.
  EXPECT_EQ(task->score(trials, outputs), 1);
  outputs.row(1) *= -1;
  EXPECT_NEAR(task->score(trials, outputs), 2.0 / 3, 1e-12);
}

TEST(FlipFlop, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("flip_flop", {{"settling", 0.5}}), "settling");
  EXPECT_EQ(refused("flip_flop", {{"duration", 0.01}}), "duration");
  EXPECT_EQ(refused("flip_flop", {{"first_pulse", false}, {"pulse_probability", 0.0}}),
            "pulse_probability");
}

}  // namespace
}  // namespace nullcline::tasks
