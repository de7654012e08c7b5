// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/over_manifold.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/core/stepper.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;
using testing::RateFlow;

constexpr Index n = 7, T = 12, K = 150;

struct OverManifoldTest : ::testing::Test {
  RateFlow flow{random_matrix(n, n, 1) / 3, random_matrix(n, 2, 2)};
  SteppedFlow F{flow, 0.1};
  ManifoldInputs inputs{K, 2, random_matrix(2, T* K, 3), random_matrix(2, T* K * 2, 4),
                        random_matrix(2, T* K * 3, 5)};
};

TEST_F(OverManifoldTest, HasTheMetricAndTheCurvatureOfKeptTangents) {
  SensitivityOptions options{.second = true, .steps = {0, 3, T}};
  const Sensitivities kept = sensitivities(F, inputs, options);
  options.threads = {2};
  const auto metric = pullback_metric(F, inputs, options);
  const PullbackMetric expected = pullback_metric(kept.tangents, 2);
  EXPECT_EQ(metric.steps, kept.steps);
  EXPECT_EQ(metric.points, K);
  EXPECT_EQ(metric.value.metric, expected.metric);
  EXPECT_EQ(metric.value.factor, expected.factor);
  EXPECT_EQ(metric.value.cosines, expected.cosines);
  EXPECT_EQ(metric.value.status, expected.status);
  EXPECT_FALSE(metric.cancelled);
  const auto bent = curvature(F, inputs, options);
  const Curvature all = curvature(kept.tangents, kept.second, 2);
  EXPECT_TRUE(std::isnan(bent.value.gaussian(0)));  // t = 0: nothing is immersed
  EXPECT_EQ(bent.value.gaussian.tail(2 * K), all.gaussian.tail(2 * K));
  EXPECT_EQ(bent.value.mean_curvature.rightCols(K), all.mean_curvature.rightCols(K));
}

TEST_F(OverManifoldTest, LeavesWhatWasNotReachedWithoutANumber) {
  const auto stopped = pullback_metric(F, inputs, {.steps = {T}}, [](double) { return false; });
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_TRUE(std::isnan(stopped.value.volume(K - 1)));
  EXPECT_EQ(stopped.value.status.back(), MetricStatus::not_finite);
  EXPECT_EQ(stopped.value.status.front(), MetricStatus::immersed);
}

}  // namespace
}  // namespace nullcline::geometry
