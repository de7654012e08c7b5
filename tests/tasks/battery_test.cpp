// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "nullcline/tasks/battery_rules.hpp"
#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

using std::numbers::pi;
using List = std::vector<double>;

constexpr double dt = 0.02;
constexpr Index n = 32;

using Rules = std::vector<std::string>;

/// What one noiseless trial shows, read from its inputs alone.
struct Shown {
  /// The angle at which a ring is most active, and how strongly, at a step; strength 0 if not at
  /// all.
  struct Peak {
    double angle = 0, strength = 0;
  };
  Matrix u, y, weights, scored;
  Index length = 0, response = 0;

  /// From the published shape of the bump: at the most active unit and its neighbors, log activity
  /// is a parabola of curvature -1 / (pi/8)^2.
  Peak peak(Index ring, Index t, Index leave_out = -1) const {
    Vector a = u.col(t).segment(1 + ring * n, n);
    const double spacing = 2 * pi / n, w2 = std::pow(pi / 8, 2);
    for (Index i = 0; i < n && leave_out >= 0; ++i) {
      if (std::abs(std::remainder(static_cast<double>(i - leave_out) * spacing, 2 * pi)) <
          0.25 * pi) {
        a(i) = 0;
      }
    }
    Index best = 0;
    if (a.maxCoeff(&best) < 0.05) return {};
    const double left = a((best + n - 1) % n), right = a((best + 1) % n);
    const double offset = left > 0 && right > 0 ? w2 / (2 * spacing) * std::log(right / left) : 0;
    return {static_cast<double>(best) * spacing + offset,
            a(best) / 0.8 * std::exp(offset * offset / (2 * w2))};
  }
};

std::vector<Shown> shown(const std::string& rule, Index batch) {
  const auto task = make("battery", {{"rules", Rules{rule}}, {"input_noise", 0.0}}, dt);
  const Trials trials = sample(*task, batch);
  std::vector<Shown> all;
  for (Index b = 0; b < batch; ++b) {
    Shown one{trial(trials, trials.inputs, b), trial(trials, trials.targets, b),
              trial(trials, trials.weights, b), trial(trials, trials.scored, b)};
    for (Index t = 0; t < trials.steps; ++t) {
      if (one.weights(0, t) > 0) one.length = t + 1;
      if (one.weights(0, t) == 1) one.response = t + 1;
    }
    all.push_back(one);
  }
  return all;
}

bool responds(const Shown& trial) { return trial.y(0, trial.length - 1) < 0.5; }

/// The angle at which the target's ring is most active at the end.
double answer(const Shown& trial) {
  const Vector ring = trial.y.col(trial.length - 1).tail(n).array() - 0.05;
  double x = 0, y = 0;
  for (Index i = 0; i < n; ++i) {
    x += ring(i) * std::cos(2 * pi * static_cast<double>(i) / n);
    y += ring(i) * std::sin(2 * pi * static_cast<double>(i) / n);
  }
  return std::atan2(y, x);
}

double apart(double a, double b) { return std::abs(std::remainder(a - b, 2 * pi)); }

class EveryRule : public ::testing::TestWithParam<std::string> {};
std::vector<std::string> rule_names() {
  std::vector<std::string> all;
  for (const BatteryRule& rule : battery_rules()) all.push_back(rule.name);
  return all;
}
INSTANTIATE_TEST_SUITE_P(Battery, EveryRule, ::testing::ValuesIn(rule_names()),
                         [](const auto& named) { return named.param; });

TEST_P(EveryRule, FixatesUntilTheResponseAndHasTheWeightsOfThePaper) {
  for (const Shown& trial : shown(GetParam(), 20)) {
    for (Index t = 0; t < trial.u.cols(); ++t) {
      const bool over = t >= trial.length, before = t < trial.response;
      ASSERT_EQ(trial.y(0, t), over ? 0 : before || !responds(trial) ? 0.8 : 0.05) << t;
      const double rest = trial.y.col(t).tail(n).cwiseAbs().maxCoeff();
      ASSERT_TRUE(!before || rest == 0.05) << t;
      const bool grace = t < 5 || (t >= trial.response && t < trial.response + 5);
      ASSERT_EQ(trial.weights(0, t), over || grace ? 0 : before ? 1 : 5) << t;
      ASSERT_EQ(trial.scored(0, t), !over && !grace && !before ? 1 : 0) << t;
    }
    // One rule input is on, to the end.
    ASSERT_EQ(trial.u.col(trial.length - 1).tail(20).sum(), 1);
  }
}

TEST_P(EveryRule, HasConditionsThatItsOwnTargetsPerform) {
  const auto task = make("battery", {{"rules", Rules{GetParam()}}}, dt);
  auto random = stream();
  const Trials trials = noisy_conditions(*task, 3, random);
  EXPECT_EQ(task->score(trials, trials.targets), 1);
  EXPECT_EQ(task->input_manifolds().size(), 1u);
  EXPECT_EQ(trials.inputs.rows(), 1 + 2 * n + 20);
}

TEST(Battery, GoesToTheStimulusAndAntiAwayFromIt) {
  for (const std::string name :
       {"fdgo", "reactgo", "delaygo", "fdanti", "reactanti", "delayanti"}) {
    const bool anti = name.find("anti") != std::string::npos;
    for (const Shown& trial : shown(name, 20)) {
      ASSERT_TRUE(responds(trial));
      Shown::Peak stimulus;
      for (Index t = 0; t < trial.length; ++t) {
        for (Index ring : {0, 1}) {
          if (trial.peak(ring, t).strength > 0) stimulus = trial.peak(ring, t);
        }
      }
      ASSERT_NEAR(stimulus.strength, 1, 1e-9);
      ASSERT_LT(apart(answer(trial), stimulus.angle + (anti ? pi : 0)), 1e-6) << name;
    }
  }
}

TEST(Battery, RemovesTheFixationPointOnlyWhereItIsTheSignalToGo) {
  for (const std::string name : {"fdgo", "delaygo", "dm1", "contextdm2", "delaydm1"}) {
    for (const Shown& trial : shown(name, 5)) {
      EXPECT_EQ(trial.u.row(0).sum(), static_cast<double>(trial.response)) << name;
    }
  }
  for (const std::string name : {"reactgo", "dmsgo", "dmcnogo"}) {
    for (const Shown& trial : shown(name, 5)) {
      EXPECT_EQ(trial.u.row(0).sum(), static_cast<double>(trial.length)) << name;
    }
  }
}

/// Of two stimuli that are shown together on a ring, the stronger and the weaker.
std::pair<Shown::Peak, Shown::Peak> both(const Shown& trial, Index ring, Index t) {
  const Shown::Peak first = trial.peak(ring, t);
  const auto unit = static_cast<Index>(std::lround(first.angle * n / (2 * pi))) % n;
  const Shown::Peak second = trial.peak(ring, t, unit);
  // The most active unit may be that of the weaker one, which lies better between the units.
  return first.strength > second.strength ? std::pair(first, second) : std::pair(second, first);
}

TEST(Battery, DecidesForTheStrongerStimulusOfTheRingThatCounts) {
  for (const auto& [name, ring] : {std::pair<std::string, Index>{"dm1", 0},
                                   {"dm2", 1},
                                   {"contextdm1", 0},
                                   {"contextdm2", 1}}) {
    for (const Shown& trial : shown(name, 30)) {
      const auto [stronger, weaker] = both(trial, ring, trial.response - 1);
      ASSERT_GE(apart(stronger.angle, weaker.angle), pi / 2 - 0.02);
      // Twice a coherence of 0.01 to 0.08; units see each other's tails below 1e-3.
      ASSERT_GE(stronger.strength - weaker.strength, 0.018) << name;
      ASSERT_LE(stronger.strength - weaker.strength, 0.162) << name;
      ASSERT_LT(apart(answer(trial), stronger.angle), 0.01) << name;
      const double other = trial.peak(1 - ring, trial.response - 1).strength;
      ASSERT_EQ(other > 0, name.starts_with("context")) << name;
    }
  }
}

TEST(Battery, DecidesForTheLargerSumOfBothRings) {
  for (const std::string name : {"multidm", "multidelaydm"}) {
    for (const Shown& trial : shown(name, 30)) {
      // The activity that units near each stimulus saw, on both rings together, at their best time.
      Vector seen = Vector::Zero(n);
      for (Index t = 0; t < trial.length; ++t) {
        const Vector sum = trial.u.col(t).segment(1, n) + trial.u.col(t).segment(1 + n, n);
        seen = seen.cwiseMax(sum);
      }
      Shown imagined = trial;
      imagined.u.col(0).segment(1, n) = seen;
      ASSERT_LT(apart(answer(trial), both(imagined, 0, 0).first.angle), 0.01) << name;
    }
  }
}

TEST(Battery, ComparesStimuliAcrossADelay) {
  for (const auto& [name, ring] : {std::pair<std::string, Index>{"delaydm1", 0},
                                   {"delaydm2", 1},
                                   {"contextdelaydm1", 0},
                                   {"contextdelaydm2", 1}}) {
    for (const Shown& trial : shown(name, 30)) {
      Shown::Peak first, second;
      for (Index t = 0; t < trial.length; ++t) {
        const Shown::Peak now = trial.peak(ring, t);
        if (now.strength == 0) continue;
        if (first.strength == 0) first = now;
        second = now;
      }
      ASSERT_EQ(trial.peak(ring, trial.response - 1).strength, 0);
      const double difference = first.strength - second.strength;
      ASSERT_GE(std::abs(difference), 0.16 - 1e-6);
      ASSERT_LE(std::abs(difference), 0.64 + 1e-6);
      ASSERT_LT(apart(answer(trial), difference > 0 ? first.angle : second.angle), 1e-6) << name;
    }
  }
}

TEST(Battery, MatchesAnglesOrCategoriesAndRespondsAtTheSecondStimulus) {
  for (const std::string name : {"dmsgo", "dmsnogo", "dmcgo", "dmcnogo"}) {
    Index matches = 0;
    for (const Shown& trial : shown(name, 100)) {
      Shown::Peak first, second;
      for (Index t = 0; t < trial.length; ++t) {
        for (Index ring : {0, 1}) {
          const Shown::Peak now = trial.peak(ring, t);
          if (now.strength > 0 && first.strength == 0) first = now;
          if (now.strength > 0) second = now;
        }
      }
      const auto half = [](double angle) { return std::sin(angle) > 0; };
      const bool match = name.starts_with("dms") ? apart(first.angle, second.angle) < 1e-6
                                                 : half(first.angle) == half(second.angle);
      matches += match ? 1 : 0;
      ASSERT_EQ(responds(trial), match != name.ends_with("nogo")) << name;
      ASSERT_TRUE(!responds(trial) || apart(answer(trial), second.angle) < 1e-6) << name;
    }
    EXPECT_NEAR(static_cast<double>(matches), 50, 5 * 5) << name;
  }
}

TEST(Battery, DrawsRulesByTheirWeightsForTrialsOrBatches) {
  const auto count = [](const Trials& trials, Index rule) {
    return trials.inputs.row(1 + 2 * n + rule).head(trials.batch).sum();
  };
  const std::map<std::string, Value> given = {
      {"rules", Rules{"fdgo", "dm1"}}, {"rule_weights", List{3, 1}}, {"input_noise", 0.0}};
  const Trials mixed = sample(*make("battery", given, dt), 400);
  EXPECT_NEAR(count(mixed, 0), 300, 5 * std::sqrt(400 * 0.75 * 0.25));
  EXPECT_EQ(count(mixed, 0) + count(mixed, 6), 400);
  auto alone = given;
  alone["mixing"] = "batch";
  for (std::uint64_t step = 0; step < 5; ++step) {
    const Trials batch = sample(*make("battery", alone, dt), 20, step);
    EXPECT_TRUE(count(batch, 0) == 20 || count(batch, 6) == 20);
  }
}

TEST(Battery, ScoresTheLeastAccurateRule) {
  const auto task =
      make("battery", {{"rules", Rules{"fdgo", "dmsgo"}}, {"angles", std::int64_t{4}}}, dt);
  auto random = stream();
  const Trials trials = noisy_conditions(*task, 1, random);  // 4 of fdgo; 4 matches, 4 mismatches.
  ASSERT_EQ(trials.batch, 12);
  Matrix outputs = trials.targets;
  for (Index t = 0; t < trials.steps; ++t) outputs(0, t * 12 + 11) = 0;  // One breaks fixation.
  EXPECT_EQ(task->score(trials, outputs), 7.0 / 8);
  for (Index t = 0; t < trials.steps; ++t) {  // Two go the wrong way, one goes not at all.
    for (Index b : {0, 1}) {
      const Vector ring = outputs.col(t * 12 + b).tail(n);
      outputs.col(t * 12 + b).tail(n) << ring.tail(n / 2), ring.head(n / 2);
    }
    outputs(0, t * 12 + 2) = 0.8;
  }
  EXPECT_EQ(task->score(trials, outputs), 1.0 / 4);
}

TEST(Battery, CountsTheFixationOutputTwiceInTheLoss) {
  const Trials trials = sample(*make("battery", {}, dt), 3);
  ASSERT_EQ(trials.output_weights.size(), 1 + n);
  EXPECT_EQ(trials.output_weights(0), 2);
  EXPECT_EQ(trials.output_weights.tail(n), Vector(Vector::Ones(n)));
}

TEST(Battery, HasNoiseOnAllInputs) {
  // sigma sqrt(2 tau / dt) = 0.01 sqrt(10).
  const Vector noise = make("battery", {}, dt)->input_noise();
  EXPECT_LT((noise.array() - 0.01 * std::sqrt(10.0)).abs().maxCoeff(), 1e-15);
}

TEST(Battery, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("battery", {{"rules", Rules{}}}, dt), "rules");
  EXPECT_EQ(refused("battery", {{"rules", Rules{"dm1", "dm1"}}}, dt), "rules");
  EXPECT_EQ(refused("battery", {{"rule_weights", List{1, 2}}}, dt), "rule_weights");
  EXPECT_EQ(refused("battery", {{"rules", Rules{"dm1"}}, {"rule_weights", List{0}}}, dt),
            "rule_weights");
  EXPECT_EQ(refused("battery", {}, 0.2), "dt");
  EXPECT_THROW(make("battery", {{"rules", Rules{"dm3"}}}, dt), Error);
}

}  // namespace
}  // namespace nullcline::tasks
