// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

using std::numbers::pi;

TEST(DelayedMatch, IsPositiveExactlyWhenBothDirectionsAreTheSame) {
  const auto task = make("delayed_match", {{"input_noise", 0.0}});
  const Trials trials = sample(*task, 200);
  Index matches = 0, shortest = 1000, longest = 0;
  for (Index b = 0; b < 200; ++b) {
    const Matrix u = trial(trials, trials.inputs, b), y = trial(trials, trials.targets, b);
    std::vector<Index> shown;
    for (Index t = 0; t < u.cols(); ++t) {
      if (u.col(t).norm() > 0.5) shown.push_back(t);
    }
    ASSERT_EQ(shown.size(), 60u);  // 0.3 s each.
    ASSERT_EQ(shown[0], 20);
    const Index test = shown[30];
    const bool same = (u.col(20) - u.col(test)).norm() < 1e-12;
    matches += same ? 1 : 0;
    shortest = std::min(shortest, test - 50);
    longest = std::max(longest, test - 50);
    for (Index t = 0; t < u.cols(); ++t) {
      const bool response = t >= test + 30 && t < test + 60;
      ASSERT_EQ(y(0, t), !response ? 0 : same ? 1 : -1);
      ASSERT_EQ(trials.scored(0, t * 200 + b), response ? 1 : 0);
      ASSERT_EQ(trials.weights(0, t * 200 + b), t < test || response ? 1 : 0);
    }
  }
  EXPECT_NEAR(static_cast<double>(matches), 100, 5 * std::sqrt(50));
  EXPECT_GE(shortest, 20);
  EXPECT_LE(longest, 100);
  EXPECT_LT(shortest, longest);
}

TEST(DelayedMatch, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("delayed_match", {{"shortest_delay", 2.0}}), "shortest_delay");
  EXPECT_EQ(refused("delayed_match", {{"stimulus", 0.001}}), "stimulus");
  EXPECT_EQ(refused("delayed_match", {{"response", 0.001}}), "response");
}

/// First step at which a row is above 0.5.
Index onset(const Matrix& values, Index row) {
  Index t = 0;
  while (values(row, t) < 0.5) ++t;
  return t;
}

TEST(ReadySetGo, RampsToOneWhenTheIntervalHasPassedAgain) {
  const auto task = make("ready_set_go");
  const Trials trials = sample(*task, 100);
  std::set<Index> intervals;
  for (Index b = 0; b < 100; ++b) {
    const Matrix u = trial(trials, trials.inputs, b), y = trial(trials, trials.targets, b);
    const Index ready = onset(u, 0), set = onset(u, 1), interval = set - ready;
    ASSERT_GE(interval, 40);
    ASSERT_LE(interval, 80);
    intervals.insert(interval);
    const Index end = set + interval + 20;
    for (Index t = 0; t < u.cols(); ++t) {
      const double ramp = static_cast<double>(t - set) / static_cast<double>(interval);
      const double asked = t < set || t >= end ? 0 : std::min(1.0, ramp);
      ASSERT_NEAR(y(0, t), asked, 1e-12);
      ASSERT_EQ(trials.scored(0, t * 100 + b), t >= set && t < end ? 1 : 0);
      ASSERT_EQ(trials.weights(0, t * 100 + b), t < end ? 1 : 0);
    }
  }
  EXPECT_GT(intervals.size(), 20u);
}

TEST(ReadySetGo, ScoresTheRelativeErrorOfTheInterval) {
  const auto task = make("ready_set_go", {{"shortest", 0.8}, {"hold", 0.4}});
  const Trials trials = sample(*task, 10);
  // A ramp slower by the factor 0.8 reaches 0.9 after 90 steps instead of 72.
  EXPECT_NEAR(task->score(trials, 0.8 * trials.targets), 1, 1e-12);  // It stays at 0.8.
  Matrix slower = trials.targets;
  for (Index b = 0; b < 10; ++b) {
    const Index set = onset(trial(trials, trials.inputs, b), 1);
    for (Index t = set; t < trials.steps; ++t) {
      slower(0, t * 10 + b) = 0.8 * static_cast<double>(t - set) / 80;
    }
  }
  EXPECT_NEAR(task->score(trials, slower), 0.25, 1e-12);
}

TEST(ReadySetGo, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("ready_set_go", {{"shortest", 0.9}}), "shortest");
  EXPECT_EQ(refused("ready_set_go", {{"shortest", 0.04}}), "shortest");
  EXPECT_EQ(refused("ready_set_go", {{"earliest_ready", 0.4}}), "earliest_ready");
  EXPECT_EQ(refused("ready_set_go", {{"pulse", 0.001}}), "pulse");
}

TEST(StaticCircle, AlternatesTheClassAlongTheCircle) {
  for (const std::int64_t r : {1, 2, 3}) {
    const auto task = make("static_circle", {{"alternations", r}});
    const Trials trials = sample(*task, 240);
    double sum = 0;
    for (Index b = 0; b < 240; ++b) {
      double theta = std::atan2(trials.inputs(1, b), trials.inputs(0, b));
      if (theta < 0) theta += 2 * pi;
      const double arcs = theta * static_cast<double>(r) / pi;
      // At the ends of arcs rounding decides what the angle says; the lattice does not.
      if (std::abs(arcs - std::round(arcs)) < 1e-9) continue;
      ASSERT_EQ(trials.targets(0, b), std::fmod(std::floor(arcs), 2) == 0 ? 1 : -1);
    }
    for (Index b = 0; b < 240; ++b) sum += trials.targets(0, b);
    EXPECT_EQ(sum, 0);  // The whole circle, half of it each class: 0 is +1, pi is -1.
  }
}

TEST(StaticCircle, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("static_circle", {{"settling", std::int64_t{1}}}), "settling");
  EXPECT_EQ(
      refused("static_circle", {{"angles", std::int64_t{2}}, {"alternations", std::int64_t{2}}}),
      "angles");
}

}  // namespace
}  // namespace nullcline::tasks
