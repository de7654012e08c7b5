// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/task.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "nullcline/core/errors.hpp"

namespace nullcline::tasks {
namespace {

std::unique_ptr<Task> make(const std::string& name,
                           const std::map<std::string, Value>& given = {}) {
  const TaskKind& kind = task_kind(name);
  return kind.make(Settings(kind.schema, given), 0.01);
}

RandomStream stream(std::uint64_t step = 0) { return RandomStream({1, 2, Purpose::trials, step}); }

// What holds for every task that is registered, now and later.
class EveryTask : public ::testing::TestWithParam<std::string> {};
std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const TaskKind& kind : task_kinds()) all.push_back(kind.name);
  return all;
}
INSTANTIATE_TEST_SUITE_P(Tasks, EveryTask, ::testing::ValuesIn(names()),
                         [](const auto& named) { return named.param; });

TEST_P(EveryTask, GivesTrialsOfItsShape) {
  const auto task = make(GetParam());
  auto random = stream();
  const Trials trials = task->sample(random, 5);
  EXPECT_EQ(trials.steps, task->steps());
  EXPECT_EQ(trials.batch, 5);
  const Index columns = trials.steps * 5;
  EXPECT_EQ(trials.inputs.rows(), static_cast<Index>(task->inputs().size()));
  EXPECT_EQ(trials.targets.rows(), static_cast<Index>(task->outputs().size()));
  for (const Matrix* part : {&trials.inputs, &trials.targets, &trials.weights, &trials.scored}) {
    EXPECT_EQ(part->cols(), columns);
    EXPECT_TRUE(part->allFinite());
  }
  EXPECT_GE(trials.weights.minCoeff(), 0);
  EXPECT_GT(trials.scored.sum(), 0);
}

TEST_P(EveryTask, GivesTheSameTrialsForTheSameAddressAndOthersForAnother) {
  const auto task = make(GetParam());
  auto a = stream(1), b = stream(1), c = stream(2);
  const Trials first = task->sample(a, 4);
  EXPECT_EQ(first.inputs, task->sample(b, 4).inputs);
  EXPECT_NE(first.inputs, task->sample(c, 4).inputs);
}

TEST_P(EveryTask, HasConditionsAndSteadyInputsWithNamesOfTheirOwn) {
  const auto task = make(GetParam());
  std::set<std::string> condition_names, input_names;
  for (const Condition& condition : task->conditions()) {
    condition_names.insert(condition.name);
    EXPECT_EQ(condition.inputs.cols(), task->steps());
    EXPECT_GT(condition.scored.sum(), 0) << condition.name;
  }
  for (const SteadyInput& steady : task->steady_inputs()) {
    input_names.insert(steady.name);
    EXPECT_EQ(steady.input.size(), static_cast<Index>(task->inputs().size()));
  }
  EXPECT_EQ(condition_names.size(), task->conditions().size());
  EXPECT_EQ(input_names.size(), task->steady_inputs().size());
}

TEST(Perception, AnswersEachLevelWithTheOther) {
  const auto task = make("perception", {{"input_noise", 0.0}});
  auto random = stream();
  const Trials trials = task->sample(random, 200);
  Index switched = 0;
  for (Index k = 0; k < trials.inputs.cols(); ++k) {
    const double u = trials.inputs(0, k);
    ASSERT_TRUE(u == 0.5 || u == 0.8);
    ASSERT_EQ(trials.targets(0, k), u == 0.5 ? 0.8 : 0.5);
  }
  for (Index b = 0; b < 200; ++b) {
    switched += trials.inputs(0, b) != trials.inputs(0, 99 * 200 + b) ? 1 : 0;
  }
  // Half of the trials switch: binomial, five standard deviations.
  EXPECT_NEAR(static_cast<double>(switched), 100, 5 * std::sqrt(50));
}

TEST(Decision, IsHighExactlyWhileTheFirstInputIsLarger) {
  const auto task = make("decision", {{"input_noise", 0.0}, {"least_difference", 0.2}});
  auto random = stream();
  const Trials trials = task->sample(random, 100);
  for (Index k = 0; k < trials.inputs.cols(); ++k) {
    const double difference = trials.inputs(0, k) - trials.inputs(1, k);
    ASSERT_GE(std::abs(difference), 0.2 - 1e-12);
    ASSERT_EQ(trials.targets(0, k), difference > 0 ? 0.8 : 0.2);
  }
  EXPECT_GE(trials.inputs.minCoeff(), 0.2);
  EXPECT_LE(trials.inputs.maxCoeff(), 1.0);
}

TEST(Decision, HasAGridFromTheLowestToTheHighestLevel) {
  const InputGrid grid = make("decision", {{"grid", std::int64_t{5}}})->grid();
  EXPECT_EQ(grid.levels1.size(), 5);
  EXPECT_DOUBLE_EQ(grid.levels1(0), 0.2);
  EXPECT_DOUBLE_EQ(grid.levels2(4), 1.0);
}

TEST(SteadyInputTask, ForgivesTheSettlingTimeAndLeavesOutTheGrace) {
  const auto task = make("perception", {{"switches", std::int64_t{0}}, {"grace", 0.05}});
  auto random = stream();
  const Trials trials = task->sample(random, 1);
  for (Index t = 0; t < 100; ++t) {
    EXPECT_EQ(trials.weights(0, t), t < 5 ? 0 : 1) << t;
    EXPECT_EQ(trials.scored(0, t), t < 30 ? 0 : 1) << t;
  }
}

TEST(SteadyInputTask, HasInputNoiseOfTheStrengthAskedFor) {
  const auto task = make("perception", {{"input_noise", 0.2}, {"switches", std::int64_t{0}}});
  auto random = stream();
  const Trials trials = task->sample(random, 100);
  double sum = 0;
  for (Index k = 0; k < trials.inputs.cols(); ++k) {
    const double level = trials.targets(0, k) == 0.8 ? 0.5 : 0.8;
    sum += std::pow(trials.inputs(0, k) - level, 2);
  }
  const auto count = static_cast<double>(trials.inputs.cols());
  EXPECT_NEAR(sum / count, 0.04, 5 * 0.04 * std::sqrt(2 / count));
}

TEST(NormalizedError, IsZeroForTheTargetsAndOneForTheirMean) {
  const auto task = make("perception");
  auto random = stream();
  const Trials trials = noisy_conditions(*task, 3, random);
  EXPECT_EQ(normalized_error(trials, trials.targets), 0);
  const double mean = (trials.targets * trials.scored.transpose())(0, 0) / trials.scored.sum();
  const Matrix constant = Matrix::Constant(1, trials.targets.cols(), mean);
  EXPECT_NEAR(normalized_error(trials, constant), 1, 1e-12);
}

TEST(Tasks, RefuseImpossibleSettingsByName) {
  const auto field = [](const std::string& task, const std::map<std::string, Value>& given) {
    try {
      make(task, given);
    } catch (const Error& error) {
      return error.field();
    }
    return std::string("accepted");
  };
  using List = std::vector<double>;
  EXPECT_EQ(field("perception", {{"levels", List{0.5, 0.5}}}), "levels");
  EXPECT_EQ(field("perception", {{"levels", List{0.5}}}), "levels");
  EXPECT_EQ(field("perception", {{"responses", List{0.5, 0.8, 0.9}}}), "responses");
  EXPECT_EQ(field("perception", {{"first_switch", 0.9}}), "first_switch");
  EXPECT_EQ(field("perception", {{"settling", 0.5}}), "settling");
  EXPECT_EQ(field("decision", {{"lowest", 1.0}}), "lowest");
  EXPECT_EQ(field("decision", {{"least_difference", 0.5}}), "least_difference");
  EXPECT_EQ(field("decision", {{"high", 0.2}}), "high");
  EXPECT_THROW(task_kind("percption"), Error);
}

}  // namespace
}  // namespace nullcline::tasks
