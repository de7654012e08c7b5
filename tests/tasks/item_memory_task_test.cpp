// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <string>
#include <vector>

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

TEST(SequentialMemory, ShowsAndReportsAsManyItemsAsAreAskedFor) {
  const auto task =
      make("sequential_memory",
           {{"items", std::int64_t{3}}, {"delays", List{0.5}}, {"angles", std::int64_t{2}}}, 0.1);
  ASSERT_EQ(task->steps(), 115);  // 6 + 3 + 5 slots, the delay, and 4 s
  const Trials trials = sample(*task, 8);
  std::set<std::vector<double>> seen;  // of the differences, which the rotation leaves alone
  for (Index b = 0; b < 8; ++b) {
    const Matrix u = trial(trials, trials.inputs, b), y = trial(trials, trials.targets, b);
    const Matrix weights = trial(trials, trials.weights, b),
                 scored = trial(trials, trials.scored, b);
    std::vector<double> angles;
    for (const Index k : {0, 10, 20}) angles.push_back(std::atan2(u(1, k), u(0, k)));
    for (Index t = 0; t < 115; ++t) {
      const Index slot = t / 5, report = (t - 45) / 5;
      const bool shows = slot % 2 == 0 && slot < 6;
      const Vector shown =
          shows ? direction(angles[static_cast<std::size_t>(slot / 2)]) : Vector::Zero(2);
      ASSERT_LT((u.col(t).head(2) - shown).norm(), 1e-12) << t;
      ASSERT_EQ(u(2, t), t >= 35 && t < 40 ? 1 : 0) << t;
      const bool reports = t >= 45 && report < 5 && report % 2 == 0;
      const Vector asked =
          reports ? direction(angles[static_cast<std::size_t>(report / 2)]) : Vector::Zero(2);
      ASSERT_LT((y.col(t) - asked).norm(), 1e-12) << t;
      ASSERT_EQ(scored(0, t) > 0, reports) << t;
      ASSERT_EQ(weights(0, t) > 0, reports || t < 35 || t >= 75) << t;
    }
    const auto apart = [&](std::size_t i) { return std::round(std::cos(angles[i] - angles[0])); };
    seen.insert({apart(1), apart(2)});
  }
  EXPECT_EQ(seen.size(), 4u);
  EXPECT_EQ(task->conditions().size(), 27u);
  EXPECT_EQ(task->conditions()[5].name, "0, 120, 240 degrees");
}

/// u(t; kappa) and both derivatives of every task of items and of the contextual one, at any kappa.
TEST(InputManifolds, HaveTheDerivativesOfFiniteDifferences) {
  for (const char* name :
       {"static_circle", "context_decision", "sequential_memory", "memory_subtraction"}) {
    for (const std::int64_t items : {1, 2, 3}) {
      const bool counts = std::string(name) == "sequential_memory";
      if (!counts && items > 1) continue;
      std::map<std::string, Value> settings;
      if (counts) settings["items"] = items;
      for (const InputManifold& manifold : make(name, settings, 0.1)->input_manifolds()) {
        const auto m = static_cast<Index>(manifold.coordinates.size());
        const Vector kappa = Vector::LinSpaced(m, 0.11, 0.17);
        const auto point = manifold.at(kappa);
        const double h = 1e-5;
        for (Index i = 0; i < m; ++i) {
          const auto above = manifold.at(kappa + h * Vector::Unit(m, i));
          const auto below = manifold.at(kappa - h * Vector::Unit(m, i));
          const auto& first = point.first[static_cast<std::size_t>(i)];
          EXPECT_LE(((above.inputs - below.inputs) / (2 * h) - first).cwiseAbs().maxCoeff(), 1e-10);
          for (Index j = i; j < m; ++j) {
            const auto at = static_cast<std::size_t>(j);
            const auto pair = static_cast<std::size_t>(i * m - i * (i - 1) / 2 + j - i);
            EXPECT_LE(((above.first[at] - below.first[at]) / (2 * h) - point.second[pair])
                          .cwiseAbs()
                          .maxCoeff(),
                      1e-10)
                << name << " " << i << j;
          }
        }
      }
    }
  }
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

TEST(ItemMemoryTask, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("sequential_memory", {{"slot", 0.001}}), "slot");
  EXPECT_EQ(refused("sequential_memory", {{"delays", List{}}}), "delays");
  EXPECT_THROW(make("sequential_memory", {{"rotation", "both"}}), Error);
}

}  // namespace
}  // namespace nullcline::tasks
