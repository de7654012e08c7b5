// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

class EveryDimension : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Dimensions, EveryDimension, ::testing::Values(1, 2, 3, 10));

TEST_P(EveryDimension, PerceptionAsksForTheDistanceOfThePoint) {
  const auto task =
      make("perception_d",
           {{"dimensions", std::int64_t{GetParam()}}, {"input_noise", 0.0}, {"highest", 2.0}});
  const Trials trials = sample(*task, 400);
  ASSERT_EQ(trials.inputs.rows(), GetParam());
  EXPECT_LT((trials.inputs.colwise().norm() - trials.targets).norm(), 1e-12);
  EXPECT_LE(trials.targets.maxCoeff(), 2);
  // Radii are uniform on [0, 2] in every dimension, mean 1 and sd 2 / sqrt(12); five of them.
  const double mean = trials.targets.leftCols(400).mean();
  EXPECT_NEAR(mean, 1, 5 * 2 / std::sqrt(12.0 * 400));
}

TEST_P(EveryDimension, DirectionsHaveNoPreference) {
  const Index D = GetParam();
  const auto task = make("perception_d", {{"dimensions", std::int64_t{D}}, {"input_noise", 0.0}});
  const Trials trials = sample(*task, 2000);
  // Each coordinate of a unit vector has mean 0 and variance 1 / D.
  Matrix directions = trials.inputs.leftCols(2000);
  directions.colwise().normalize();
  const double sd = 1 / std::sqrt(static_cast<double>(D) * 2000);
  EXPECT_LT(directions.rowwise().mean().cwiseAbs().maxCoeff(), 5 * sd);
}

TEST_P(EveryDimension, DecisionAsksWhichPointIsFarther) {
  const Index D = GetParam();
  const auto task = make("decision_d", {{"dimensions", std::int64_t{D}}, {"input_noise", 0.0}});
  const Trials trials = sample(*task, 200);
  for (Index k = 0; k < trials.inputs.cols(); ++k) {
    const double first = trials.inputs.col(k).head(D).norm();
    const double second = trials.inputs.col(k).tail(D).norm();
    ASSERT_GE(std::abs(first - second), 0.2 - 1e-12);
    ASSERT_EQ(trials.targets(0, k), first > second ? 0.8 : 0.2);
  }
}

TEST(PerceptionD, HasAGridOfPointsInThePlaneOnly) {
  EXPECT_EQ(make("perception_d")->grid().levels1.size(), 9);
  EXPECT_EQ(make("perception_d", {{"dimensions", std::int64_t{3}}})->grid().levels1.size(), 0);
}

TEST(DecisionD, RefusesImpossibleSettingsByName) {
  EXPECT_EQ(refused("decision_d", {{"least_difference", 0.6}}), "least_difference");
  EXPECT_EQ(refused("decision_d", {{"high", 0.2}}), "high");
  EXPECT_EQ(refused("perception_d", {{"settling", 0.6}}), "settling");
}

}  // namespace
}  // namespace nullcline::tasks
