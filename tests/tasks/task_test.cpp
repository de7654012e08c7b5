// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/task.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "nullcline/core/errors.hpp"
#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

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

TEST_P(EveryTask, FillsTheMemoryOfOldTrialsWithTheSameTrialsAndTakesNoNew) {
  const auto task = make(GetParam());
  Trials trials = sample(*task, 9, 7);
  for (Matrix* part : {&trials.inputs, &trials.targets, &trials.weights, &trials.scored}) {
    part->setConstant(std::numeric_limits<double>::quiet_NaN());
  }
  trials.output_weights = Vector::Constant(99, 2);
  auto random = stream(1);
  task->fill(trials, 4, random);
  const Trials fresh = sample(*task, 4, 1);
  EXPECT_EQ(trials.steps, fresh.steps);
  EXPECT_EQ(trials.batch, fresh.batch);
  EXPECT_EQ(trials.inputs, fresh.inputs);
  EXPECT_EQ(trials.targets, fresh.targets);
  EXPECT_EQ(trials.weights, fresh.weights);
  EXPECT_EQ(trials.scored, fresh.scored);
  EXPECT_EQ(trials.output_weights.size(), fresh.output_weights.size());

  const double* places[] = {trials.inputs.data(), trials.targets.data(), trials.weights.data(),
                            trials.scored.data()};
  task->fill(trials, 4, random);
  EXPECT_EQ(trials.inputs.data(), places[0]);
  EXPECT_EQ(trials.targets.data(), places[1]);
  EXPECT_EQ(trials.weights.data(), places[2]);
  EXPECT_EQ(trials.scored.data(), places[3]);
}

TEST(FillNoise, IsWhiteInEachRowWithItsOwnDeviation) {
  const Vector sd{{0.5, 0.0, 2.0}};
  Matrix noise = Matrix::Constant(3, 40000, 9);
  auto random = stream(3);
  fill_noise(sd, random, noise);
  EXPECT_EQ(noise.row(1).cwiseAbs().maxCoeff(), 0);
  for (const Index i : {0, 2}) {
    const double n = 40000;
    EXPECT_NEAR(noise.row(i).mean(), 0, 5 * sd(i) / std::sqrt(n));
    EXPECT_NEAR(noise.row(i).norm() / std::sqrt(n), sd(i), 5 * sd(i) / std::sqrt(2 * n));
  }
  EXPECT_NEAR(noise.row(0).dot(noise.row(2)) / 40000, 0, 5 * sd(0) * sd(2) / std::sqrt(40000.0));
  const auto next = noise.row(0).tail(39999), before = noise.row(0).head(39999);
  EXPECT_NEAR(next.dot(before) / 39999, 0, 5 * sd(0) * sd(0) / std::sqrt(39999.0));
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

TEST_P(EveryTask, SaysWhatItsInputsOutputsAndScoreMean) {
  const auto task = make(GetParam());
  for (const auto& channels : {task->inputs(), task->outputs()}) {
    std::set<std::string> all;
    for (const Channel& channel : channels) {
      all.insert(channel.name);
      EXPECT_FALSE(channel.meaning.empty()) << channel.name;
    }
    EXPECT_EQ(all.size(), channels.size());
  }
  EXPECT_FALSE(task->performance().name.empty());
  EXPECT_FALSE(task->performance().meaning.empty());
  EXPECT_EQ(task->input_noise().size(), static_cast<Index>(task->inputs().size()));
  EXPECT_GE(task->input_noise().minCoeff(), 0);
}

TEST_P(EveryTask, IsPerformedByItsTargetsAndByNoConstant) {
  const auto task = make(GetParam());
  auto random = stream(7);
  for (const Trials& trials : {sample(*task, 200), noisy_conditions(*task, 2, random)}) {
    EXPECT_TRUE(task->performance().reached(task->score(trials, trials.targets)));
    const double count = trials.scored.sum();
    const Vector mean = trials.targets * trials.scored.transpose() / count;
    for (const double factor : {0.0, 1.0, 2.0}) {
      const Matrix constant = (factor * mean).replicate(1, trials.targets.cols());
      EXPECT_FALSE(task->performance().reached(task->score(trials, constant))) << factor;
    }
  }
}

TEST_P(EveryTask, HasZerosBehindTheEndOfATrialAndNowhereElseScoresWithoutWeight) {
  const auto task = make(GetParam());
  const Trials trials = sample(*task, 50);
  for (Index b = 0; b < 50; ++b) {
    const Matrix weights = trial(trials, trials.weights, b);
    const Matrix scored = trial(trials, trials.scored, b);
    EXPECT_GT(weights.sum(), 0);
    // Nothing is scored that the loss does not ask for.
    EXPECT_TRUE((scored.array() == 0 || weights.array() > 0).all());
    Index end = trials.steps;
    while (end > 0 && weights(0, end - 1) == 0) --end;
    EXPECT_EQ(trial(trials, trials.targets, b).rightCols(trials.steps - end).norm(), 0);
    EXPECT_EQ(trial(trials, trials.inputs, b).rightCols(trials.steps - end).norm(), 0);
  }
}

TEST_P(EveryTask, HasNoNoiseInItsConditions) {
  const auto task = make(GetParam());
  const auto once = task->conditions(), again = task->conditions();
  for (std::size_t c = 0; c < once.size(); ++c) {
    EXPECT_EQ(once[c].inputs, again[c].inputs);
    EXPECT_LE(once[c].length, task->steps());
  }
}

TEST_P(EveryTask, HasInputManifoldsWhoseDerivativesAreThoseOfTheirInputs) {
  const auto task = make(GetParam());
  const double relative = 1e-6;  // A third of the digits is lost in a central difference.
  auto random = stream(3);
  for (const InputManifold& manifold : task->input_manifolds()) {
    const auto m = static_cast<Index>(manifold.coordinates.size());
    Vector kappa(m);
    for (Index i = 0; i < m; ++i) {
      const auto& coordinate = manifold.coordinates[static_cast<std::size_t>(i)];
      ASSERT_LT(coordinate.lowest, coordinate.highest);
      kappa(i) = coordinate.lowest + (coordinate.highest - coordinate.lowest) * random.uniform();
    }
    const InputManifold::Point point = manifold.at(kappa);
    ASSERT_EQ(point.inputs.rows(), static_cast<Index>(task->inputs().size()));
    ASSERT_EQ(point.inputs.cols(), task->steps());
    ASSERT_EQ(static_cast<Index>(point.first.size()), m);
    ASSERT_EQ(static_cast<Index>(point.second.size()), m * (m + 1) / 2);
    std::size_t pair = 0;
    for (Index i = 0; i < m; ++i) {
      const double h = 1e-5;
      const InputManifold::Point above = manifold.at(kappa + h * Vector::Unit(m, i));
      const InputManifold::Point below = manifold.at(kappa - h * Vector::Unit(m, i));
      const auto first = static_cast<std::size_t>(i);
      // In single steps: T may be a thousand, and the inputs are smooth in kappa alone.
      const Matrix difference = (above.inputs - below.inputs) / (2 * h);
      const double size = 1 + point.first[first].cwiseAbs().maxCoeff();
      EXPECT_LT((difference - point.first[first]).cwiseAbs().maxCoeff(), relative * size);
      for (Index j = i; j < m; ++j, ++pair) {
        const auto other = static_cast<std::size_t>(j);
        const Matrix second = (above.first[other] - below.first[other]) / (2 * h);
        const double curvature = size + point.second[pair].cwiseAbs().maxCoeff();
        EXPECT_LT((second - point.second[pair]).cwiseAbs().maxCoeff(), relative * curvature);
      }
      const auto& coordinate = manifold.coordinates[first];
      if (coordinate.periodic) {
        Vector low = kappa, high = kappa;
        low(i) = coordinate.lowest;
        high(i) = coordinate.highest;
        EXPECT_LT((manifold.at(low).inputs - manifold.at(high).inputs).norm(), 1e-12);
      }
    }
  }
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
  using List = std::vector<double>;
  EXPECT_EQ(refused("perception", {{"levels", List{0.5, 0.5}}}), "levels");
  EXPECT_EQ(refused("perception", {{"levels", List{0.5}}}), "levels");
  EXPECT_EQ(refused("perception", {{"responses", List{0.5, 0.8, 0.9}}}), "responses");
  EXPECT_EQ(refused("perception", {{"first_switch", 0.9}}), "first_switch");
  EXPECT_EQ(refused("perception", {{"settling", 0.5}}), "settling");
  EXPECT_EQ(refused("decision", {{"lowest", 1.0}}), "lowest");
  EXPECT_EQ(refused("decision", {{"least_difference", 0.5}}), "least_difference");
  EXPECT_EQ(refused("decision", {{"high", 0.2}}), "high");
  EXPECT_THROW(task_kind("percption"), Error);
}

}  // namespace
}  // namespace nullcline::tasks
