// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/funnel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

/// T steps of a map from each column, as (n, T B).
Matrix trajectories(const Map& map, const Matrix& starts, Index T) {
  Matrix states(starts.rows(), T * starts.cols());
  states.leftCols(starts.cols()) = starts;
  for (Index t = 1; t < T; ++t) {
    map.step(states.middleCols((t - 1) * starts.cols(), starts.cols()),
             states.middleCols(t * starts.cols(), starts.cols()));
  }
  return states;
}

TEST(Funnel, OfALinearContractionShrinksTheBundleByItsPower) {
  // All trials start inside and stay: T - 1 steps of 0.5.
  const AnalyticMap map = linear_map(0.5 * Matrix::Identity(2, 2), Vector::Zero(2));
  const Matrix states = trajectories(map, 0.3 * random_matrix(2, 10, 1.0, 12), 6);
  const Funnel result = funnel(Matrix::Zero(2, 1), states, {.radius = 10, .trials = 10});
  EXPECT_EQ(result.passing[0], 10);
  EXPECT_EQ(result.ending[0], 10);
  EXPECT_EQ(result.dwell(0), 6);
  EXPECT_NEAR(result.log_contraction(0), 5 * std::log(0.5), 1e-12);
}

TEST(Funnel, ThroughASaddleCountsWhoPassesAndWhereTheyEnd) {
  // x grows by 2 until it is held at +-1, y decays: a saddle at 0, two ends.
  const CallableMap map(2, [](In<Vector> x) -> Vector {
    return (Vector(2) << std::clamp(2 * x(0), -1.0, 1.0), 0.5 * x(1)).finished();
  });
  Matrix starts(2, 5);
  starts << 1e-4, 2e-4, -1e-4, 1e-4, 0.9, 1, -1, 1, -1, 0.9;
  const Matrix states = trajectories(map, starts, 30);
  Matrix points(2, 3);
  points << 0, 1, -1, 0, 0, 0;
  const FunnelOptions options{.radius = 0.2, .trials = 5};
  const Funnel result = funnel(points, states, options);
  EXPECT_EQ(result.passing, (std::vector<Index>{4, 4, 1}));
  EXPECT_EQ(result.ending, (std::vector<Index>{0, 4, 1}));
  EXPECT_EQ(result.end_point, (std::vector<Index>{1, 1, 2, 1, 1}));
  EXPECT_LT(result.log_contraction(1), -5);
  Funnel threaded = funnel(points, states, {.radius = 0.2, .trials = 5, .threads = {2}});
  EXPECT_EQ(threaded.log_contraction, result.log_contraction);
  EXPECT_EQ(threaded.end_point, result.end_point);
}

TEST(Funnel, TakesTheSpreadAtItsMarginFromTheFirstVisit) {
  // Two trials on a line walk in, touch 0 for two steps, and walk out.
  Matrix states(1, 2 * 6);
  states << 3, -3, 1, -1, 0.1, -0.1, 0.05, -0.05, 2, -2, 4, -4;
  const Funnel at = funnel(Matrix::Zero(1, 1), states, {.radius = 0.2, .trials = 2});
  EXPECT_NEAR(at.spread_before(0), 0.1, 1e-15);
  EXPECT_NEAR(at.spread_after(0), 0.05, 1e-15);
  EXPECT_EQ(at.dwell(0), 2);
  const Funnel wide = funnel(Matrix::Zero(1, 1), states, {.radius = 0.2, .trials = 2, .margin = 1});
  EXPECT_NEAR(wide.log_contraction(0), std::log(2.0), 1e-14);
  const Funnel widest =
      funnel(Matrix::Zero(1, 1), states, {.radius = 0.2, .trials = 2, .margin = 9});
  EXPECT_NEAR(widest.spread_before(0), 3, 1e-15);
  EXPECT_NEAR(widest.spread_after(0), 4, 1e-15);
  EXPECT_EQ(at.ending[0], 0);
}

TEST(Funnel, IgnoresWhatIsNotFiniteAndRejectsBadArguments) {
  Matrix states = Matrix::Constant(1, 4, std::numeric_limits<double>::quiet_NaN());
  const Funnel none = funnel(Matrix::Zero(1, 1), states, {.radius = 1, .trials = 2});
  EXPECT_EQ(none.passing[0], 0);
  EXPECT_EQ(none.end_point[0], -1);
  const Matrix zero = Matrix::Zero(1, 4);
  EXPECT_EQ(funnel(Matrix(1, 0), zero, {.radius = 1}).end_point[0], -1);
  const Funnel stopped =
      funnel(Matrix::Zero(1, 3), zero, {.radius = 1, .progress = [](double) { return false; }});
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_EQ(stopped.passing[2], 0);
  EXPECT_THROW(funnel(Matrix::Zero(2, 1), zero, {.radius = 1}), std::invalid_argument);
  EXPECT_THROW(funnel(Matrix::Zero(1, 1), zero, {}), std::invalid_argument);
  EXPECT_THROW(funnel(Matrix::Zero(1, 1), zero, {.radius = 1, .trials = 3}), std::invalid_argument);
  EXPECT_THROW(funnel(Matrix::Zero(1, 1), Matrix(1, 0), {.radius = 1}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
