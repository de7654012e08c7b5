// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/speed.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/finite_differences.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/stepper.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/dynamics/test_flows.hpp"

namespace nullcline::dynamics {
namespace {

AnalyticMap random_network(Index n) {
  return tanh_map(random_matrix(n, n, 0.5, 1), random_matrix(n, n, 0.5, 2),
                  random_matrix(n, 1, 0.3, 3));
}

TEST(Speed, OfAnEulerStepIsThatOfTheFlow) {
  const LorenzFlow flow(28);
  const SteppedFlow step(flow, 0.01);
  const FrozenMap map(step, Vector());
  const Vector x = (Vector(3) << 1, 2, 3).finished();
  const Vector f = (Vector(3) << 10, 23, -6).finished();
  EXPECT_NEAR(speed(map, x, 0.01), 0.5 * f.squaredNorm(), 1e-9);
}

TEST(Speed, DerivativesAreThoseOfFiniteDifferences) {
  const Index n = 7;
  const double dt = 0.1;
  const AnalyticMap map = random_network(n);
  const Vector x = random_matrix(n, 1, 1.0, 4);
  const SpeedDerivatives at = speed_derivatives(map, x, dt);
  EXPECT_NEAR(at.speed, speed(map, x, dt), 1e-12 * at.speed);
  const Vector gradient =
      finite_difference_gradient([&](In<Vector> y) { return speed(map, y, dt); }, x);
  EXPECT_LE((at.gradient - gradient).norm(), 1e-8 * gradient.norm());
  const Matrix hessian = finite_difference_jacobian(
      [&](In<Vector> y) { return speed_derivatives(map, y, dt).gradient; }, x);
  EXPECT_LE((at.hessian - hessian).norm(), 1e-8 * hessian.norm());
  EXPECT_EQ(at.hessian, at.hessian.transpose());
}

TEST(Speed, GradientByPullBackIsTheOneByJacobian) {
  const AnalyticMap map = random_network(9);
  const Vector x = random_matrix(9, 1, 1.0, 5);
  const Vector expected = speed_derivatives(map, x, 0.2).gradient;
  EXPECT_LE((speed_gradient(map, x, 0.2) - expected).norm(), 1e-13 * expected.norm());
}

TEST(Speed, OfReluNetworkHasAHessianWithoutNegativeEigenvalues) {
  const Index n = 10;
  const AnalyticMap map =
      relu_rate_map(0.1, random_matrix(n, n, 0.4, 6), random_matrix(n, 1, 1.0, 7));
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Vector x = random_matrix(n, 1, 1.0, 10 + seed);
    const SymmetricEigen system = symmetric_eigen(speed_derivatives(map, x, 0.01).hessian);
    EXPECT_GE(system.values(0), -1e-13 * system.values(n - 1));
  }
}

TEST(TrajectorySpeeds, AreThoseOfTheSingleStates) {
  const AnalyticMap map = random_network(6);
  const Matrix states = random_matrix(6, 20, 1.0, 8);
  for (const int threads : {1, 2, 8}) {
    const TrajectorySpeeds along = speeds_along(map, states, {.dt = 0.1, .threads = {threads}});
    for (Index t = 0; t < 20; ++t) {
      const SpeedDerivatives at = speed_derivatives(map, states.col(t), 0.1);
      EXPECT_NEAR(along.speeds(t), at.speed, 1e-12 * at.speed);
      EXPECT_NEAR(along.gradients(t), at.gradient.norm(), 1e-12 * at.gradient.norm());
      EXPECT_EQ(along.smallest_eigenvalues(t), symmetric_eigen(at.hessian).values(0));
    }
  }
}

TEST(TrajectorySpeeds, FlagMinimaWithinEachTrial) {
  // q = (x^2 + 0.01)^2 / 2 falls and rises with |x|; two trials, interleaved.
  const AnalyticMap map = scalar_map([](double x) { return x + x * x + 0.01; },
                                     [](double x) { return 1 + 2 * x; }, [](double) { return 2; });
  const Matrix states = (Matrix(1, 10) << -2, 5, -1, 4, 0.1, 3, 1, 2, 2, 1).finished();
  const TrajectorySpeeds along = speeds_along(map, states, {.trials = 2});
  EXPECT_EQ(along.minimum, (std::vector<std::uint8_t>{0, 0, 0, 0, 1, 0, 0, 0, 0, 0}));
}

TEST(TrajectorySpeeds, CallAStateSlowByGradientAndHessian) {
  // q = (1 - x^2)^2 / 2: a maximum at 0, minima at +-1, |dq/dx| = 2 |x (1 - x^2)|.
  const AnalyticMap map = scalar_map([](double x) { return x + 1 - x * x; },
                                     [](double x) { return 1 - 2 * x; }, [](double) { return -2; });
  const Matrix states = (Matrix(1, 4) << 0, 0.5, 0.999, 1).finished();
  const TrajectorySpeeds along = speeds_along(map, states, {.gradient_tolerance = 0.01});
  EXPECT_EQ(along.slow, (std::vector<std::uint8_t>{0, 0, 1, 1}));
  EXPECT_NEAR(along.smallest_eigenvalues(0), -2, 1e-14);
  EXPECT_NEAR(along.smallest_eigenvalues(3), 4, 1e-14);
}

TEST(TrajectorySpeeds, LeaveOutHessiansWhenNotWantedOrCancelled) {
  const AnalyticMap map = random_network(3);
  const Matrix states = random_matrix(3, 5, 1.0, 9);
  const TrajectorySpeeds without = speeds_along(map, states, {.hessians = false});
  EXPECT_EQ(without.speeds.size(), 5);
  EXPECT_EQ(without.smallest_eigenvalues.size(), 0);
  EXPECT_TRUE(without.slow.empty());
  const TrajectorySpeeds cancelled =
      speeds_along(map, states, {.progress = [](double) { return false; }});
  EXPECT_TRUE(cancelled.cancelled);
  EXPECT_EQ(cancelled.speeds, without.speeds);
  EXPECT_EQ(cancelled.smallest_eigenvalues.size(), 0);
}

TEST(TrajectorySpeeds, RejectBadArguments) {
  const AnalyticMap map = henon_map();
  const Matrix states = Matrix::Zero(2, 6);
  EXPECT_THROW(speeds_along(map, Matrix::Zero(3, 6)), std::invalid_argument);
  EXPECT_THROW(speeds_along(map, states, {.dt = 0}), std::invalid_argument);
  EXPECT_THROW(speeds_along(map, states, {.trials = 4}), std::invalid_argument);
  EXPECT_THROW(speeds_along(map, states, {.gradient_tolerance = -1}), std::invalid_argument);
  EXPECT_THROW(speed(map, Vector::Zero(2), 0), std::invalid_argument);
  EXPECT_THROW(speed_derivatives(map, Vector::Zero(1), 1), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
