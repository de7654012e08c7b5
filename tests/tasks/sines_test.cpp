// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>

#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

using std::numbers::pi;

/// The frequency in a noiseless sine, from three samples: s_{t+1} + s_{t-1} = 2 cos(w dt) s_t.
/// Where |s_t| is largest this is best conditioned.
double frequency_of(const Matrix& sine, double dt) {
  Index t = 0;
  sine.row(0).segment(1, sine.cols() - 2).cwiseAbs().maxCoeff(&t);
  ++t;
  return std::acos((sine(0, t + 1) + sine(0, t - 1)) / (2 * sine(0, t))) / (2 * pi * dt);
}

TEST(SineFrequency, IsTheFrequencyOfTheInput) {
  const auto task = make("sine_frequency", {{"input_noise", 0.0}, {"highest", 4.0}});
  const Trials trials = sample(*task, 50);
  for (Index b = 0; b < 50; ++b) {
    const double f = frequency_of(trial(trials, trials.inputs, b), 0.01);
    ASSERT_NEAR(trials.targets(0, b), f / 4, 1e-9);
    ASSERT_GE(f, 1 - 1e-9);
    ASSERT_LE(f, 4 + 1e-9);
  }
  EXPECT_LE(trials.inputs.cwiseAbs().maxCoeff(), 1 + 1e-12);
}

TEST(SineFrequency, IsAskedForAfterTheTimeToListen) {
  const auto task = make("sine_frequency", {{"duration", 1.0}, {"settling", 0.4}});
  const Trials trials = sample(*task, 1);
  for (Index t = 0; t < 100; ++t) EXPECT_EQ(trials.weights(0, t), t < 40 ? 0 : 1) << t;
}

TEST(SineDiscrimination, IsPositiveExactlyWhenTheFirstSineIsFaster) {
  const auto task = make("sine_discrimination", {{"input_noise", 0.0}});
  const Trials trials = sample(*task, 100);
  for (Index b = 0; b < 100; ++b) {
    const Matrix inputs = trial(trials, trials.inputs, b);
    const double difference = frequency_of(inputs.row(0), 0.01) - frequency_of(inputs.row(1), 0.01);
    ASSERT_GE(std::abs(difference), 0.5 - 1e-9);
    ASSERT_EQ(trials.targets(0, b), difference > 0 ? 1 : -1);
  }
}

TEST(SineGeneration, EmitsTheCuedFrequencyWithoutAJumpOfPhase) {
  const auto task = make("sine_generation", {{"changes", std::int64_t{3}}, {"amplitude", 1.5}});
  const Trials trials = sample(*task, 30);
  Index changed = 0;
  for (Index b = 0; b < 30; ++b) {
    const Matrix cue = trial(trials, trials.inputs, b), sine = trial(trials, trials.targets, b);
    double phase = 0;
    for (Index t = 0; t < trials.steps; ++t) {
      ASSERT_NEAR(sine(0, t), 1.5 * std::sin(phase), 1e-9);
      phase += 2 * pi * 3.0 * cue(0, t) * 0.01;  // The cue is in units of the highest, 3 Hz.
    }
    changed += cue.minCoeff() != cue.maxCoeff() ? 1 : 0;
  }
  EXPECT_GT(changed, 0);
  EXPECT_LT(changed, 30);
}

TEST(SineGeneration, HasOneConditionForAFixedFrequency) {
  const auto task = make("sine_generation", {{"lowest", 2.0}, {"highest", 2.0}});
  ASSERT_EQ(task->conditions().size(), 1u);
  EXPECT_NEAR(frequency_of(task->conditions()[0].targets, 0.01), 2, 1e-9);
  EXPECT_FALSE(task->input_manifold().has_value());
}

TEST(CuedSine, HasFiftyOneEvenlySpacedCuesAndFrequencies) {
  const auto task = make("cued_sine");
  const auto conditions = task->conditions();
  ASSERT_EQ(conditions.size(), 51u);
  for (std::size_t j = 0; j < 51; ++j) {
    const double number = static_cast<double>(j);
    EXPECT_NEAR(conditions[j].inputs(0, 17), (number + 1) / 51 + 0.25, 1e-15);
    EXPECT_NEAR(frequency_of(conditions[j].targets, 0.01), 1 + 29 * number / 50, 1e-6);
    EXPECT_EQ(conditions[j].targets(0, 0), 0);
  }
}

TEST(CuedSine, GoesThroughAllCuesBeforeItRepeatsOne) {
  const Trials trials = sample(*make("cued_sine"), 51);
  std::set<double> cues;
  for (Index b = 0; b < 51; ++b) cues.insert(trials.inputs(0, b));
  EXPECT_EQ(cues.size(), 51u);
}

TEST(Sines, RefuseImpossibleSettingsByName) {
  for (const char* name : {"sine_frequency", "sine_discrimination", "cued_sine"}) {
    EXPECT_EQ(refused(name, {{"lowest", 40.0}}), "lowest") << name;
    EXPECT_EQ(refused(name, {{"highest", 51.0}}), "highest") << name;
  }
  EXPECT_EQ(refused("sine_generation", {{"highest", 51.0}}), "highest");
  EXPECT_EQ(refused("sine_generation", {{"lowest", 4.0}}), "lowest");
  EXPECT_EQ(refused("sine_generation", {{"lowest", 60.0}, {"highest", 60.0}}), "highest");
  EXPECT_EQ(refused("sine_generation", {{"lowest", 3.0}, {"changes", std::int64_t{1}}}), "changes");
  EXPECT_EQ(refused("sine_frequency", {{"settling", 2.0}}), "settling");
  EXPECT_EQ(refused("sine_discrimination", {{"least_difference", 3.0}}), "least_difference");
}

}  // namespace
}  // namespace nullcline::tasks
