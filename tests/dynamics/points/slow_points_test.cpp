// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/slow_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/dynamics/points/speed.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

/// x -> x + x^2 + c: just past a saddle-node, slowest at 0 for c > 0.
AnalyticMap ghost(double c) {
  return scalar_map([=](double x) { return x + x * x + c; }, [](double x) { return 1 + 2 * x; },
                    [](double) { return 2; });
}

TEST(SlowPoints, OfAGhostHaveTheSpeedAndCurvatureOfTheClosedForm) {
  // q = (x^2 + c)^2 / 2 dt^2, q''(0) = 2 c / dt^2
  const double c = 0.01, dt = 0.1;
  const SlowPoints points =
      find_slow_points(ghost(c), Vector::LinSpaced(9, -2, 2).transpose(), {.dt = dt});
  ASSERT_EQ(points.states.cols(), 1);
  EXPECT_NEAR(points.states(0, 0), 0, 1e-9);
  EXPECT_NEAR(points.speeds(0), c * c / (2 * dt * dt), 1e-15);
  EXPECT_NEAR(points.smallest_eigenvalues(0), 2 * c / (dt * dt), 1e-12);
  EXPECT_EQ(points.kinds[0], SearchStatus::slow_point);
  EXPECT_EQ(points.multiplicity[0], 9);
  EXPECT_EQ(points.derivatives, Derivatives::exact);
}

TEST(SlowPoints, DoNotIncludeFixedPoints) {
  const SlowPoints points = find_slow_points(ghost(-0.25), (Matrix(1, 3) << -2, 0.1, 2).finished());
  EXPECT_EQ(points.states.cols(), 0);
  EXPECT_EQ(points.status, std::vector<SearchStatus>(3, SearchStatus::fixed_point));
}

TEST(SlowPoints, AreNotMaximaOfTheSpeed) {
  // q = (1 - x^2)^2 / 2 has a maximum at the start.
  const AnalyticMap map = scalar_map([](double x) { return x + 1 - x * x; },
                                     [](double x) { return 1 - 2 * x; }, [](double) { return -2; });
  const SlowPoints points = find_slow_points(map, Matrix::Zero(1, 1));
  EXPECT_EQ(points.states.cols(), 0);
  EXPECT_EQ(points.status[0], SearchStatus::fixed_point);
}

TEST(SlowPoints, OfRandomNetworksAreStrictMinimaOfTheSpeed) {
  const Index n = 20;
  Index found = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const Matrix W = random_matrix(n, n, 2.0 / std::sqrt(20.0), 20 + seed);
    const AnalyticMap map = tanh_map(Matrix::Identity(n, n), W.transpose(), Vector::Zero(n));
    const SlowPoints points = find_slow_points(map, random_matrix(n, 20, 0.5, 30 + seed));
    EXPECT_TRUE(std::is_sorted(points.speeds.begin(), points.speeds.end()));
    found += points.states.cols();
    for (Index p = 0; p < points.states.cols(); ++p) {
      const SpeedDerivatives at = speed_derivatives(map, points.states.col(p), 1);
      const SymmetricEigen system = symmetric_eigen(at.hessian);
      EXPECT_GT(at.speed, 1e-20);
      EXPECT_LE(at.gradient.norm(), 1e-8 * system.values(n - 1));
      EXPECT_EQ(points.kinds[static_cast<std::size_t>(p)], SearchStatus::slow_point);
      EXPECT_GT(system.values(0), 0);
      EXPECT_NEAR(points.smallest_eigenvalues(p), system.values(0), 1e-12 * system.values(n - 1));
    }
  }
  EXPECT_GE(found, 1);
}

TEST(SlowPoints, OnALineAreFlat) {
  // The second coordinate stands still everywhere.
  const AnalyticMap map(
      2,
      [](const Vector& x) -> Vector {
        return (Vector(2) << x(0) + x(0) * x(0) + 0.01, x(1)).finished();
      },
      [](const Vector& x) -> Matrix { return (Matrix(2, 2) << 1 + 2 * x(0), 0, 0, 1).finished(); },
      [](const Vector&, const Vector& w) -> Matrix {
        return (Matrix(2, 2) << 2 * w(0), 0, 0, 0).finished();
      });
  const SlowPoints points = find_slow_points(map, random_matrix(2, 5, 1.0, 3));
  EXPECT_EQ(points.kinds, std::vector<SearchStatus>(5, SearchStatus::flat));
  EXPECT_LE(points.states.row(0).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(SlowPoints, OfATranslationAreEverywhereAndFlat) {
  const SlowPoints points = find_slow_points(linear_map(Matrix::Identity(2, 2), Vector::Ones(2)),
                                             random_matrix(2, 3, 1.0, 4));
  EXPECT_EQ(points.kinds, std::vector<SearchStatus>(3, SearchStatus::flat));
}

/// F(x) = x + |B x - s| + c, c > 0: q is least where all kinks meet, B x = s, with |c|^2 / 2.
AnalyticMap folded(const Matrix& B, const Vector& s, const Vector& c) {
  return AnalyticMap(
      c.size(), [=](const Vector& x) -> Vector { return x + (B * x - s).cwiseAbs() + c; },
      [=](const Vector& x) -> Matrix {
        const Vector side = (B * x - s).unaryExpr([](double m) { return m > 0 ? 1.0 : -1.0; });
        return Matrix::Identity(c.size(), c.size()) + Matrix(side.asDiagonal() * B);
      });
}

class Kinks : public testing::TestWithParam<Index> {};

TEST_P(Kinks, ThatMeetInOnePointAreFoundAsAKinkThere) {
  const Index n = GetParam();
  const Matrix B = random_matrix(n, n, 1.0, 5);
  const Vector x = random_matrix(n, 1, 1.0, 6);
  const Vector c = Vector::LinSpaced(n, 0.2, 0.4);
  const SlowPoints points =
      find_slow_points(folded(B, B * x, c), random_matrix(n, 10, 1.0, 7), {.merge_distance = 1e-5});
  ASSERT_GE(points.states.cols(), 1);
  EXPECT_EQ(points.kinds[0], SearchStatus::kink);
  EXPECT_LE((points.states.col(0) - x).norm(), 1e-5 * (1 + x.norm()));
  EXPECT_NEAR(points.speeds(0), 0.5 * c.squaredNorm(), 1e-6);
  EXPECT_LE(points.gradients(0), 1e-6);
  const Vector one_sided = speed_gradient(folded(B, B * x, c), points.states.col(0), 1);
  EXPECT_GE(one_sided.norm(), 0.1);  // dq/dx itself does not vanish
}

INSTANTIATE_TEST_SUITE_P(SlowPoints, Kinks, testing::Values(1, 2, 5, 10));

TEST(SlowPoints, OfReluNetworksAreLowerThanAllStatesAroundThem) {
  const Index n = 8;
  Index kinks = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const AnalyticMap map =
        relu_rate_map(0.1, random_matrix(n, n, 1.8 / std::sqrt(8.0), 100 + seed),
                      random_matrix(n, 1, 1.0, 200 + seed));
    const SlowPoints points = find_slow_points(map, random_matrix(n, 20, 3.0, 300 + seed),
                                               {.dt = 0.1, .escape_radius = 1e3});
    for (Index p = 0; p < points.states.cols(); ++p) {
      if (points.kinds[static_cast<std::size_t>(p)] != SearchStatus::kink) continue;
      ++kinks;
      const Matrix directions = random_matrix(n, 50, 1.0, 400 + seed).colwise().normalized();
      for (Index j = 0; j < 50; ++j) {
        const Vector there = points.states.col(p) + 1e-4 * directions.col(j);
        EXPECT_GT(speed(map, there, 0.1), points.speeds(p) * (1 - 1e-10));
      }
    }
  }
  EXPECT_GE(kinks, 3);
}

TEST(SlowPoints, StopEarlyAtAGradientOfTheOrderOfTheNoise) {
  const Matrix start = Matrix::Constant(1, 1, 0.05);
  const SlowPoints points =
      find_slow_points(ghost(0.01), start, {.descent = {.gradient_tolerance = 0.01}});
  ASSERT_EQ(points.states.cols(), 1);  // |dq/dx| = 2 x (x^2 + c) = 0.00125 there already
  EXPECT_EQ(points.states(0, 0), 0.05);
  EXPECT_NEAR(points.gradients(0), 0.00125, 1e-15);
}

TEST(SlowPoints, AreTheSameBitsForAnyNumberOfThreads) {
  const Matrix W = random_matrix(15, 15, 2.0 / std::sqrt(15.0), 8);
  const AnalyticMap map = relu_rate_map(0.2, W, random_matrix(15, 1, 1.0, 9));
  const Matrix starts = random_matrix(15, 24, 1.0, 10);
  const SlowPoints reference = find_slow_points(map, starts);
  for (const int threads : {2, 8}) {
    const SlowPoints points = find_slow_points(map, starts, {.threads = {threads}});
    EXPECT_EQ(points.states, reference.states);
    EXPECT_EQ(points.status, reference.status);
    EXPECT_EQ(points.gradients, reference.gradients);
    EXPECT_EQ(points.iterations, reference.iterations);
  }
}

TEST(SlowPoints, EscapeAlongAnEverSlowerDirection) {
  const AnalyticMap map =
      scalar_map([](double x) { return x + std::exp(-x); },
                 [](double x) { return 1 - std::exp(-x); }, [](double x) { return std::exp(-x); });
  const SlowPoints points =
      find_slow_points(map, Matrix::Zero(1, 1), {.tolerance = 1e-12, .escape_radius = 15});
  EXPECT_EQ(points.status[0], SearchStatus::escaped);
  EXPECT_EQ(points.point_of_start[0], -1);
}

TEST(SlowPoints, RejectBadArguments) {
  const AnalyticMap map = ghost(0.01);
  const Matrix start = Matrix::Zero(1, 1);
  EXPECT_THROW(find_slow_points(map, Matrix::Zero(2, 1)), std::invalid_argument);
  EXPECT_THROW(find_slow_points(map, start, {.dt = 0}), std::invalid_argument);
  EXPECT_THROW(find_slow_points(map, start, {.tolerance = 0}), std::invalid_argument);
  EXPECT_THROW(find_slow_points(map, start, {.escape_radius = -1}), std::invalid_argument);
  EXPECT_THROW(find_slow_points(map, start, {.merge_distance = -1}), std::invalid_argument);
  EXPECT_THROW(find_slow_points(map, start, {.descent = {.gradient_tolerance = -1}}),
               std::invalid_argument);
  EXPECT_THROW(find_slow_points(map, start, {.descent = {.max_iterations = 0}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
