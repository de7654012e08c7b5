// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/covariant_vectors.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/chaotic_systems.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

/// Sine of the angle between two lines.
double sine(const Vector& a, const Vector& b) {
  return (a - b * (b.dot(a) / b.squaredNorm())).norm() / a.norm();
}

TEST(CovariantVectors, OfALinearMapAreItsEigenvectors) {
  const Index n = 4;
  const Matrix S = Matrix::Identity(n, n) + random_matrix(n, n, 0.3, 1);
  const Vector lambda = (Vector(n) << 1.2, -0.8, 0.5, 0.2).finished();
  const Matrix A = S * lambda.asDiagonal() * S.inverse();
  const CovariantVectors found =
      covariant_vectors(linear_map(A, Vector::Zero(n)), Vector::Zero(n),
                        {.dt = 0.5, .times = 3, .transient = 200, .backward_transient = 200});
  ASSERT_EQ(found.status, OrbitStatus::done);
  EXPECT_EQ(found.resolved, n);
  for (Index t = 0; t < 3; ++t) {
    for (Index i = 0; i < n; ++i) {
      EXPECT_LT(sine(found.vectors.col(t * n + i), S.col(i)), 1e-12) << t << ' ' << i;
      EXPECT_NEAR(found.vectors.col(t * n + i).norm(), 1, 1e-14);
      EXPECT_NEAR(found.local_exponents(i, t), std::log(std::abs(lambda(i))) / 0.5, 1e-11);
    }
    EXPECT_NEAR(std::sin(found.angles(0, t)), sine(S.col(0), S.col(1)), 1e-12);
    EXPECT_NEAR(std::sin(found.angles(5, t)), sine(S.col(2), S.col(3)), 1e-12);
  }
}

TEST(CovariantVectors, OfHenonAreCarriedOverByTheJacobian) {
  const AnalyticMap map = henon_map();
  for (const Index interval : {1, 3}) {
    const CovariantVectors found = covariant_vectors(
        map, Vector::Zero(2),
        {.interval = interval, .times = 100, .transient = 500, .backward_transient = 200});
    for (Index t = 0; t + 1 < 100; ++t) {
      for (Index i = 0; i < 2; ++i) {
        Vector x = found.states.col(t), v = found.vectors.col(2 * t + i);
        for (Index s = 0; s < interval; ++s) {
          v = map.jacobian(x) * v;
          Vector y(2);
          map.step(x, y);
          x = y;
        }
        EXPECT_EQ(x, Vector(found.states.col(t + 1)));
        EXPECT_LT(sine(v, found.vectors.col(2 * t + 2 + i)), 1e-9) << t << ' ' << i;
        EXPECT_NEAR(found.local_exponents(i, t), std::log(v.norm()) / static_cast<double>(interval),
                    1e-9);
      }
    }
    EXPECT_GT(found.angles.minCoeff(), 0);
    EXPECT_LE(found.angles.maxCoeff(), std::acos(0.0));
  }
}

TEST(CovariantVectors, FirstIsWhereAnyTangentTurns) {
  const AnalyticMap map = henon_map();
  const CovariantVectors found =
      covariant_vectors(map, Vector::Zero(2), {.times = 60, .transient = 500});
  Vector v = (Vector(2) << 0.3, 0.7).finished();
  for (Index t = 0; t < 59; ++t) v = (map.jacobian(found.states.col(t)) * v).normalized();
  EXPECT_LT(sine(v, found.vectors.col(2 * 59)), 1e-12);
}

TEST(CovariantVectors, OfAFlowHaveItsMotionAsTheOneOfExponentZero) {
  const auto flow = lorenz();
  const SteppedFlow stepped(flow, 0.005, Method::rk4);
  const FrozenMap map(stepped, Vector(0));
  const CovariantVectors found = covariant_vectors(
      map, Vector::Ones(3),
      {.dt = 0.005, .interval = 10, .times = 100, .transient = 10000, .backward_transient = 600});
  ASSERT_EQ(found.status, OrbitStatus::done);
  Matrix motion(3, 1);
  for (Index t = 0; t < 100; ++t) {
    flow.evaluate(found.states.col(t), Vector(0), motion);
    EXPECT_LT(sine(found.vectors.col(3 * t + 1), motion.col(0)), 1e-6) << t;  // of RK4
  }
}

TEST(CovariantVectors, BeyondAnAnnihilatedDirectionAreNotGiven) {
  const Matrix A = (Vector(3) << 0.9, 0.5, 0).finished().asDiagonal();
  const CovariantVectors found =
      covariant_vectors(linear_map(A, Vector::Zero(3)), Vector::Zero(3), {.times = 2});
  EXPECT_EQ(found.status, OrbitStatus::done);
  EXPECT_EQ(found.resolved, 2);
  EXPECT_LT(sine(found.vectors.col(1), Vector::Unit(3, 1)), 1e-12);
  EXPECT_TRUE(found.vectors.col(2).isZero(0));
  EXPECT_EQ(found.angles(1, 0), 0);
}

TEST(CovariantVectors, EndInAStatus) {
  const AnalyticMap map = henon_map();
  const CovariantVectors far = covariant_vectors(map, Vector::Constant(2, 100));
  EXPECT_EQ(far.status, OrbitStatus::diverged);
  EXPECT_EQ(far.vectors.size(), 0);
  EXPECT_EQ(covariant_vectors(map, Vector::Constant(2, std::nan(""))).status,
            OrbitStatus::not_finite);
  EXPECT_EQ(
      covariant_vectors(map, Vector::Zero(2), {.progress = [](double) { return false; }}).status,
      OrbitStatus::cancelled);
  EXPECT_THROW(covariant_vectors(map, Vector::Zero(3)), std::invalid_argument);
  EXPECT_THROW(covariant_vectors(map, Vector::Zero(2), {.vectors = 3}), std::invalid_argument);
  EXPECT_THROW(covariant_vectors(map, Vector::Zero(2), {.interval = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
