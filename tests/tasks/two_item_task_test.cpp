// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>

#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

using std::numbers::pi;
using List = std::vector<double>;

/// What a trial of dt = 0.1 s shows, in the paper's times.
struct Read {
  double delay, first, second;  // s, rad
};

Read read(const Matrix& u) {
  Index go = 0;
  while (u(2, go) == 0) ++go;
  return {static_cast<double>(go - 20) * 0.1, std::atan2(u(1, 0), u(0, 0)),
          std::atan2(u(1, 10), u(0, 10))};
}

Vector direction(double angle) { return Vector{{std::cos(angle), std::sin(angle)}}; }

TEST(SequentialMemory, HasTheTimesOfThePaperAndReportsInOrder) {
  const auto task = make("sequential_memory", {}, 0.1);
  ASSERT_EQ(task->steps(), 125);  // 9 s and the longest delay of 3.5 s.
  const Trials trials = sample(*task, 144);
  std::set<double> delays;
  for (Index b = 0; b < 144; ++b) {
    const Matrix u = trial(trials, trials.inputs, b), y = trial(trials, trials.targets, b);
    const Matrix weights = trial(trials, trials.weights, b),
                 scored = trial(trials, trials.scored, b);
    const Read r = read(u);
    delays.insert(std::round(r.delay * 10));
    const auto at = [&](double seconds) { return static_cast<Index>(std::lround(seconds * 10)); };
    for (Index t = 0; t < 125; ++t) {
      const auto within = [&](double from, double to) { return t >= at(from) && t < at(to); };
      const bool item1 = within(0, 0.5), item2 = within(1, 1.5);
      const Vector shown = item1   ? direction(r.first)
                           : item2 ? direction(r.second)
                                   : Vector::Zero(2);
      ASSERT_LT((u.col(t).head(2) - shown).norm(), 1e-12) << t;
      ASSERT_EQ(u(2, t), within(2 + r.delay, 2.5 + r.delay) ? 1 : 0) << t;
      const bool report1 = within(3 + r.delay, 3.5 + r.delay);
      const bool report2 = within(4 + r.delay, 4.5 + r.delay);
      const Vector asked = report1   ? direction(r.first)
                           : report2 ? direction(r.second)
                                     : Vector::Zero(2);
      ASSERT_LT((y.col(t) - asked).norm(), 1e-12) << t;
      const bool silent = t < at(2 + r.delay) || within(5 + r.delay, 9 + r.delay);
      ASSERT_EQ(weights(0, t) > 0, report1 || report2 || silent) << t;
      ASSERT_EQ(scored(0, t) > 0, report1 || report2) << t;
    }
    // The loss is a mean over the zeros plus a mean over the reports.
    double reports = 0;
    for (Index t = 0; t < 125; ++t) reports += scored(0, t) * weights(0, t);
    ASSERT_NEAR(reports, weights.sum() / 2, 1e-9);
    ASSERT_NEAR(weights.sum(), 125, 1e-9);
  }
  EXPECT_EQ(delays, (std::set<double>{5, 15, 25, 35}));
}

TEST(SequentialMemory, TurnsBothItemsTogetherSoThatTheirDifferenceStaysOnTheLattice) {
  const Trials trials = sample(*make("sequential_memory", {}, 0.1), 144);
  std::set<double> firsts;
  for (Index b = 0; b < 144; ++b) {
    const Read r = read(trial(trials, trials.inputs, b));
    const double sixths = (r.first - r.second) / (pi / 3);
    ASSERT_NEAR(sixths, std::round(sixths), 1e-9);
    firsts.insert(r.first);
  }
  EXPECT_GT(firsts.size(), 100u);  // Not the six of the lattice.
}

TEST(SequentialMemory, GoesThroughTheWholeGridInABatch) {
  const Trials trials = sample(*make("sequential_memory", {{"rotation", "none"}}, 0.1), 144);
  std::set<std::vector<double>> seen;
  for (Index b = 0; b < 144; ++b) {
    const Read r = read(trial(trials, trials.inputs, b));
    seen.insert({std::round(r.delay * 10), std::round(r.first * 100), std::round(r.second * 100)});
  }
  EXPECT_EQ(seen.size(), 144u);
}

TEST(SequentialMemory, DrawsAnglesOfTheirOwnWhereTheyAreIndependent) {
  const Trials trials = sample(*make("sequential_memory", {{"rotation", "independent"}}, 0.1), 400);
  double cosine = 0;
  for (Index b = 0; b < 400; ++b) {
    const Read r = read(trial(trials, trials.inputs, b));
    cosine += std::cos(r.first - r.second);
  }
  EXPECT_NEAR(cosine / 400, 0, 5 * std::sqrt(0.5 / 400));
}

TEST(MemorySubtraction, ReportsTheDifferenceOnce) {
  const auto task = make("memory_subtraction", {}, 0.1);
  const Trials trials = sample(*task, 50);
  for (Index b = 0; b < 50; ++b) {
    const Matrix y = trial(trials, trials.targets, b), scored = trial(trials, trials.scored, b);
    const Read r = read(trial(trials, trials.inputs, b));
    ASSERT_EQ(scored.sum(), 5);
    for (Index t = 0; t < y.cols(); ++t) {
      const Vector asked = scored(0, t) > 0 ? direction(r.first - r.second) : Vector::Zero(2);
      ASSERT_LT((y.col(t) - asked).norm(), 1e-12);
    }
  }
}

TEST(MemorySubtraction, ScoresTheMeanAngle) {
  const auto task = make("memory_subtraction", {}, 0.1);
  const Trials trials = sample(*task, 50);
  const double turn = 0.3;
  Matrix R(2, 2);
  R << std::cos(turn), -std::sin(turn), std::sin(turn), std::cos(turn);
  EXPECT_NEAR(task->score(trials, 0.1 * R * trials.targets), turn * 180 / pi, 1e-9);
  EXPECT_NEAR(task->score(trials, -trials.targets), 180, 1e-9);
  EXPECT_NEAR(task->score(trials, 0 * trials.targets), 90, 1e-9);
}

TEST(TwoItemTask, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("sequential_memory", {{"slot", 0.001}}), "slot");
  EXPECT_EQ(refused("sequential_memory", {{"delays", List{}}}), "delays");
  EXPECT_THROW(make("sequential_memory", {{"rotation", "both"}}), Error);
}

}  // namespace
}  // namespace nullcline::tasks
