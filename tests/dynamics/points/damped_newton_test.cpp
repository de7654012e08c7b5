// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/damped_newton.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

Vector one(double x) { return Vector::Constant(1, x); }

TEST(FindRoot, OfAffineMapTakesOneNewtonStep) {
  const Matrix A = random_matrix(12, 12, 0.3, 1);
  const Vector b = random_matrix(12, 1, 1.0, 2);
  const Root root = find_root(linear_map(A, b), random_matrix(12, 1, 1.0, 3));
  EXPECT_EQ(root.status, SearchStatus::fixed_point);
  EXPECT_EQ(root.iterations, 1);
  EXPECT_LE((A * root.state + b - root.state).norm(), 1e-12);
}

TEST(FindRoot, AtAFixedPointTakesNoStep) {
  const Root root =
      find_root(linear_map(0.5 * Matrix::Identity(3, 3), Vector::Zero(3)), Vector::Zero(3));
  EXPECT_EQ(root.status, SearchStatus::fixed_point);
  EXPECT_EQ(root.iterations, 0);
}

TEST(FindRoot, ReachesALineOfFixedPointsThroughASingularJacobian) {
  // F(x) = x + v (1 - v' x): every x with v' x = 1 is fixed, A = -v v' has rank one.
  const Vector v = random_matrix(5, 1, 1.0, 4);
  const AnalyticMap map = linear_map(Matrix::Identity(5, 5) - v * v.transpose(), v);
  const Root root = find_root(map, random_matrix(5, 1, 1.0, 5));
  EXPECT_EQ(root.status, SearchStatus::fixed_point);
  EXPECT_NEAR(v.dot(root.state), 1, 1e-11);
}

TEST(FindRoot, ReachesADoubleRootWhereNewtonIsOnlyLinear) {
  const AnalyticMap map = scalar_map([](double x) { return x + x * x; },
                                     [](double x) { return 1 + 2 * x; }, [](double) { return 2; });
  const Root root = find_root(map, one(0.7));
  EXPECT_EQ(root.status, SearchStatus::fixed_point);
  EXPECT_NEAR(root.state(0), 0, 1e-6);  // x^2 <= 1e-12
}

TEST(FindRoot, OfAMapWithoutOneEscapes) {
  const AnalyticMap map =
      scalar_map([](double x) { return x + std::exp(-x); },
                 [](double x) { return 1 - std::exp(-x); }, [](double x) { return std::exp(-x); });
  const Root root = find_root(map, one(0), {.tolerance = 1e-300, .escape_radius = 20});
  EXPECT_EQ(root.status, SearchStatus::escaped);
}

TEST(FindRoot, StallsWhereTheDistanceToARootHasAMinimum) {
  const AnalyticMap map = scalar_map([](double x) { return x + x * x + 0.01; },
                                     [](double x) { return 1 + 2 * x; }, [](double) { return 2; });
  const Root root = find_root(map, one(1));
  EXPECT_EQ(root.status, SearchStatus::stalled);
  EXPECT_GE(root.residual, 0.01);
}

TEST(FindRoot, OfATranslationStallsAtItsStart) {
  const Root root = find_root(linear_map(Matrix::Identity(2, 2), Vector::Ones(2)), Vector::Zero(2));
  EXPECT_EQ(root.status, SearchStatus::stalled);
  EXPECT_EQ(root.state, Vector::Zero(2));
}

TEST(FindRoot, TellsAResidualThatRoundingLimits) {
  // Near 1e8 doubles are 1.5e-8 apart, and F(x) - x jumps by some 50 times that between them.
  const Vector shift = (Vector(3) << 1e8, 1.1e8, 1.3e8).finished();
  const AnalyticMap map(
      3, [=](const Vector& x) -> Vector { return shift + 50 * x.array().sin().matrix(); },
      [](const Vector& x) -> Matrix {
        return Matrix((50 * x.array().cos()).matrix().asDiagonal());
      });
  const Root root = find_root(map, shift, {.escape_radius = 1e9});
  EXPECT_EQ(root.status, SearchStatus::rounding_limited);
  EXPECT_GT(root.residual, 1e-12);
  EXPECT_LT(root.residual, 1e-5);
}

TEST(FindRoot, NeverIncreasesTheResidual) {
  const Matrix W = random_matrix(20, 20, 2 / std::sqrt(20.0), 6);
  const AnalyticMap map = tanh_map(Matrix::Identity(20, 20), W.transpose(), Vector::Zero(20));
  const Vector start = random_matrix(20, 1, 1.0, 7);
  double before = std::numeric_limits<double>::infinity();
  for (Index iterations = 1; iterations < 20; ++iterations) {
    const Root root = find_root(map, start, {.max_iterations = iterations});
    EXPECT_LE(root.residual, before);
    before = root.residual;
  }
}

TEST(FindRoot, CountsIterationsAndStopsAtTheLast) {
  const Root root = find_root(henon_map(), Vector::Constant(2, 5.0), {.max_iterations = 2});
  EXPECT_EQ(root.status, SearchStatus::max_iterations);
  EXPECT_EQ(root.iterations, 2);
}

TEST(FindRoot, ReportsWhatIsNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(find_root(henon_map(), Vector::Constant(2, nan)).status, SearchStatus::not_finite);
  const AnalyticMap root_of_negative =
      scalar_map([](double x) { return std::sqrt(x); }, [](double x) { return 0.5 / std::sqrt(x); },
                 [](double) { return 0; });
  EXPECT_EQ(find_root(root_of_negative, one(-1)).status, SearchStatus::not_finite);
}

TEST(FindRoot, AsksBeforeEachIteration) {
  int asked = 0;
  const Root root =
      find_root(henon_map(), Vector::Constant(2, 5.0), {}, [&] { return ++asked < 3; });
  EXPECT_EQ(root.status, SearchStatus::cancelled);
  EXPECT_EQ(root.iterations, 2);
}

TEST(FindRoot, RejectsBadArguments) {
  const AnalyticMap map = henon_map();
  const Vector x = Vector::Zero(2);
  EXPECT_THROW(find_root(map, Vector::Zero(3)), std::invalid_argument);
  EXPECT_THROW(find_root(map, x, {.tolerance = 0}), std::invalid_argument);
  EXPECT_THROW(find_root(map, x, {.max_iterations = 0}), std::invalid_argument);
  EXPECT_THROW(find_root(map, x, {.escape_radius = 0}), std::invalid_argument);
  EXPECT_THROW(find_root(map, x, {.stall_iterations = 0}), std::invalid_argument);
}

TEST(PolishRoot, TakesACoarseRootToRoundingAndNotBeyondItsReach) {
  const AnalyticMap cosine =
      scalar_map([](double x) { return std::cos(x); }, [](double x) { return -std::sin(x); },
                 [](double x) { return -std::cos(x); });
  const double dottie = 0.739085133215160642;  // cos x = x, OEIS A003957
  EXPECT_NEAR(polish_root(cosine, one(0.74), 0.1).state(0), dottie, 1e-15);
  EXPECT_EQ(polish_root(cosine, one(0.74), 1e-6).state(0), 0.74);
}

}  // namespace
}  // namespace nullcline::dynamics
