// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/slow_time_scales.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Euler's steps of length dt of dx/dt = eps + x^2 + c y, dy/dt = k y: for k < 0 the line y = 0
/// attracts, and on it the passage takes pi / sqrt(eps). The slow point is off that line.
AnalyticMap sheared_ghost(double eps, double c, double k, double dt) {
  return AnalyticMap(
      2,
      [=](const Vector& x) -> Vector {
        return (Vector(2) << x(0) + dt * (eps + x(0) * x(0) + c * x(1)), x(1) + dt * k * x(1))
            .finished();
      },
      [=](const Vector& x) -> Matrix {
        return (Matrix(2, 2) << 1 + 2 * dt * x(0), dt * c, 0, 1 + dt * k).finished();
      },
      [=](const Vector&, const Vector& w) -> Matrix {
        return (Matrix(2, 2) << 2 * dt * w(0), 0, 0, 0).finished();
      });
}

SlowTimeScale only_scale(const Map& map, const Matrix& starts, double dt, Index max_steps = 10000) {
  const SlowPoints points = find_slow_points(map, starts, {.dt = dt});
  EXPECT_EQ(points.states.cols(), 1);
  return slow_time_scales(map, points, {.dt = dt, .max_steps = max_steps}).at(0);
}

TEST(SlowTimeScales, OfTheGhostOfASaddleNodeAreThoseOfItsNormalForm) {
  const double dt = 0.01;
  for (const double eps : {1e-2, 1e-3, 1e-4}) {
    const AnalyticMap map =
        scalar_map([=](double x) { return x + dt * (eps + x * x); },
                   [=](double x) { return 1 + 2 * dt * x; }, [=](double) { return 2 * dt; });
    const SlowTimeScale scale = only_scale(map, Matrix::Constant(1, 1, 0.03), dt);
    const double passage = std::numbers::pi / std::sqrt(eps);
    EXPECT_NEAR(scale.passage, passage, 1e-6 * passage);
    EXPECT_NEAR(scale.dwell, passage / 4, dt + 2 * dt);  // Euler's method and one step
    EXPECT_EQ(scale.decay, 0);
    EXPECT_EQ(scale.escape, infinity);
    EXPECT_EQ(scale.grade, SlowGrade::ghost);
  }
}

TEST(SlowTimeScales, AreWhatAnOrbitThatIsDrawnInNeedsToPass) {
  // Far from the point the normal form goes from -10 to 10 in pi / sqrt(eps) - 2 / 10.
  const double eps = 1e-3, dt = 0.005;
  const AnalyticMap map = sheared_ghost(eps, 3, -1, dt);
  const SlowTimeScale scale = only_scale(map, (Matrix(2, 1) << 0.01, 0).finished(), dt);
  Matrix x(2, 1), next(2, 1);
  x << -10, 0.02;
  Index steps = 0;
  while (x(0) < 10 && steps < 1'000'000) {
    map.step(x, next);
    x.swap(next);
    ++steps;
  }
  EXPECT_NEAR(static_cast<double>(steps) * dt, scale.passage, 0.02 * scale.passage);
}

TEST(SlowTimeScales, AreNotThoseOfTheCurvatureAlongTheVelocity) {
  // Shear turns the velocity off the channel. The Hessian has a condition number of about c^4 / (2
  // eps k^2), at c = 10 2e7: there the search ends at once, at x ~ 0.01 and y ~ eps / c beside the
  // channel, which costs 2 x c y / k = 4 % of alpha.
  const double eps = 1e-3, dt = 0.01, passage = std::numbers::pi / std::sqrt(eps);
  for (const double c : {0.0, 1.0, 10.0}) {
    const SlowTimeScale scale = only_scale(sheared_ghost(eps, c, -0.5, dt),
                                           (Matrix(2, 1) << 0.01, 0).finished(), dt, 100'000);
    EXPECT_NEAR(scale.passage, passage, (c > 1 ? 0.04 : 1e-6) * passage);
    EXPECT_NEAR(scale.decay, -dt / std::log1p(-0.5 * dt), 1e-9);
    EXPECT_EQ(scale.grade, SlowGrade::ghost);
  }
}

TEST(SlowTimeScales, TellSlowFromAttracting) {
  const double dt = 0.01;
  const Matrix start = (Matrix(2, 1) << 0.01, 0.001).finished();
  const SlowTimeScale leaving = only_scale(sheared_ghost(1e-3, 0.5, 0.2, dt), start, dt);
  EXPECT_EQ(leaving.grade, SlowGrade::saddle);
  EXPECT_NEAR(leaving.escape, dt / std::log1p(0.2 * dt), 1e-9);
  // A passage of 3.1 s beside a decay in 20 s; one in 99 s beside a growth in 1000 s.
  EXPECT_EQ(only_scale(sheared_ghost(1, 0.01, -0.05, dt), start, dt).grade, SlowGrade::shallow);
  EXPECT_EQ(only_scale(sheared_ghost(1e-3, 0.01, 0.001, dt), start, dt).grade, SlowGrade::ghost);
}

TEST(SlowTimeScales, OfAKinkAreReadFromItsOrbit) {
  // dx/dt = s + k |x|: the speed doubles within ln 2 / k of the kink.
  const double s = 0.01, k = 0.5, dt = 0.01;
  const AnalyticMap map =
      scalar_map([=](double x) { return x + dt * (s + k * std::abs(x)); },
                 [=](double x) { return 1 + dt * (x > 0 ? k : -k); }, [](double) { return 0; });
  const SlowTimeScale scale = only_scale(map, Matrix::Constant(1, 1, 0.3), dt);
  EXPECT_NEAR(scale.dwell, std::log(2.0) / k, 3 * dt);
  EXPECT_EQ(scale.passage, 4 * scale.dwell);
  EXPECT_EQ(scale.grade, SlowGrade::ghost);
}

TEST(SlowTimeScales, OfATranslationAreThoseOfADrift) {
  const AnalyticMap map = linear_map(Matrix::Identity(2, 2), Vector::Constant(2, 0.1));
  const SlowPoints points = find_slow_points(map, random_matrix(2, 1, 1.0, 4));
  const auto scales = slow_time_scales(map, points, {.max_steps = 100});
  ASSERT_EQ(scales.size(), 1u);
  EXPECT_EQ(scales[0].passage, infinity);
  EXPECT_EQ(scales[0].grade, SlowGrade::drift);
  EXPECT_STREQ(name_of(scales[0].grade), "drift");
}

TEST(SlowTimeScales, HaveNoUnitsOfTheState) {
  // z = C x: the same times for the same flow in other units and directions.
  const double eps = 1e-3, dt = 0.01;
  const AnalyticMap map = sheared_ghost(eps, 0.3, -0.5, dt);
  const double unit = 1000;
  const AnalyticMap scaled(
      2,
      [=](const Vector& z) -> Vector {
        Matrix y(2, 1);
        map.step(z / unit, y);
        return unit * y;
      },
      [=](const Vector& z) -> Matrix { return map.jacobian(z / unit); },
      [=](const Vector& z, const Vector& w) -> Matrix {
        return map.second_derivative(z / unit, w) / unit;
      });
  const Matrix start = (Matrix(2, 1) << 0.01, 0).finished();
  const SlowTimeScale a = only_scale(map, start, dt), b = only_scale(scaled, unit * start, dt);
  EXPECT_NEAR(a.passage, b.passage, 1e-6 * a.passage);
  EXPECT_NEAR(a.dwell, b.dwell, 2 * dt);
  EXPECT_EQ(a.grade, b.grade);
}

TEST(SlowTimeScales, RejectPointsOfAnotherMapAndBadOptions) {
  const AnalyticMap map = sheared_ghost(1e-3, 0, -1, 0.1);
  SlowPoints points = find_slow_points(map, (Matrix(2, 1) << 0.01, 0).finished());
  EXPECT_THROW(slow_time_scales(map, points, {.dt = 0}), std::invalid_argument);
  EXPECT_THROW(slow_time_scales(map, points, {.max_steps = 0}), std::invalid_argument);
  points.states = Matrix::Zero(3, points.states.cols());
  EXPECT_THROW(slow_time_scales(map, points), std::invalid_argument);
  EXPECT_TRUE(slow_time_scales(map, find_slow_points(map, Matrix(2, 0))).empty());
}

}  // namespace
}  // namespace nullcline::dynamics
