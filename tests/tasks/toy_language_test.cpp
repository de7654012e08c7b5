// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

/// Right to left, as the notebook has it: a modifier changes what stands behind it.
Vector scores(const Matrix& u) {
  const Index T = u.cols();
  Vector value = Vector::Zero(T);
  for (Index t = T - 1; t >= 0; --t) {
    Index word = 0;
    u.col(t).maxCoeff(&word);
    if (word >= 6 && word <= 9) value(t) = word == 6 ? 1 : word == 7 ? -1 : word == 8 ? 2 : -2;
    for (Index s = t + 1; s < T && word == 10 && s <= t + 1; ++s) value(s) *= 2;
    for (Index s = t + 1; s < T && word == 11 && s <= t + 4; ++s) value(s) *= -1;
  }
  return value;
}

TEST(ToyLanguage, SumsTheValuesThatTheModifiersLeave) {
  const Trials trials = sample(*make("toy_language"), 200);
  for (Index b = 0; b < 200; ++b) {
    const Matrix u = trial(trials, trials.inputs, b), y = trial(trials, trials.targets, b);
    const Vector value = scores(u);
    double sum = 0;
    for (Index t = 0; t < u.cols(); ++t) {
      ASSERT_EQ(u.col(t).sum(), 1);
      sum += value(t);
      ASSERT_EQ(y(0, t), sum);
      for (Index k = 1; k <= 4 && t >= k; ++k) {
        ASSERT_FALSE(u(11, t) == 1 && u(11, t - k) == 1) << "a not within another's reach";
      }
    }
  }
}

TEST(ToyLanguage, DrawsWordsUniformly) {
  const Trials trials = sample(*make("toy_language"), 400);
  // The first word is never replaced.
  const Vector first = trials.inputs.leftCols(400).rowwise().sum();
  const double p = 1.0 / 12;
  EXPECT_LT((first.array() - 400 * p).abs().maxCoeff(), 5 * std::sqrt(400 * p * (1 - p)));
}

TEST(ToyLanguage, HasConditionsOfOneWordBehindModifiers) {
  std::map<std::string, double> ends;
  for (const Condition& condition : make("toy_language")->conditions()) {
    ends[condition.name] = condition.targets(0, 49);
  }
  EXPECT_EQ(ends.size(), 16u);
  EXPECT_EQ(ends["good"], 1);
  EXPECT_EQ(ends["very awful"], -4);
  EXPECT_EQ(ends["not bad"], 1);
  EXPECT_EQ(ends["not very awesome"], -4);
}

TEST(ToyLanguage, HasWordsAtTheCornersOfItsManifoldsWhoseSumIsThatOfTheirValues) {
  const auto manifolds = make("toy_language")->input_manifolds();
  const std::map<std::string, double> factors = {{"plain", 1}, {"very", 2}, {"not", -1}};
  ASSERT_EQ(manifolds.size(), 3u);
  for (const InputManifold& manifold : manifolds) {
    for (const double first : {-1.0, 1.0}) {
      for (const double second : {-1.0, 1.0}) {
        const Matrix u = manifold.at(Vector{{first, second}}).inputs;
        EXPECT_TRUE(((u.array() == 0) || (u.array() == 1)).all());
        EXPECT_EQ(u.colwise().sum(), Eigen::RowVectorXd::Ones(50));
        EXPECT_EQ(scores(u).sum(), first + factors.at(manifold.name) * second);
      }
    }
  }
}

}  // namespace
}  // namespace nullcline::tasks
