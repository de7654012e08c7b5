// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/invariant_circle.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;
const double golden = (3 - std::sqrt(5.0)) / 2;  // 0.381966...

Matrix rotation(double turns) {
  Matrix R(2, 2);
  R << std::cos(two_pi * turns), -std::sin(two_pi * turns), std::sin(two_pi * turns),
      std::cos(two_pi * turns);
  return R;
}

/// x -> tanh(g R x): the rotation net of two units.
AnalyticMap rotation_net(double gain, double turns) {
  return tanh_map(Matrix::Identity(2, 2), (gain * rotation(turns)).transpose(), Vector::Zero(2));
}

/// An Euler step of r' = r (1 - r^2), theta' = omega.
AnalyticMap euler_step_of_stuart_landau(double dt, double omega) {
  return AnalyticMap(
      2,
      [=](const Vector& x) -> Vector {
        const double g = 1 - x.squaredNorm();
        return (Vector(2) << x(0) + dt * (g * x(0) - omega * x(1)),
                x(1) + dt * (omega * x(0) + g * x(1)))
            .finished();
      },
      [=](const Vector& x) -> Matrix {
        const double g = 1 - x.squaredNorm();
        Matrix J(2, 2);
        J << g, -omega, omega, g;
        J -= 2 * x * x.transpose();
        return Matrix::Identity(2, 2) + dt * J;
      });
}

TEST(InvariantCircle, OfALinearRotationByAnIrrationalAngle) {
  const auto circle =
      find_invariant_circle(linear_map(rotation(golden), Vector::Zero(2)), Vector::Ones(2));
  EXPECT_EQ(circle.verdict, OrbitVerdict::invariant_circle);
  EXPECT_NEAR(circle.rotation_number, golden, 1e-12);
  EXPECT_NEAR(circle.extent, std::sqrt(2.0), 1e-9);
  EXPECT_EQ(circle.denominator, 55);  // a Fibonacci number
}

TEST(InvariantCircle, OfALinearRotationByARationalAngleIsACycle) {
  const auto circle =
      find_invariant_circle(linear_map(rotation(2.0 / 5), Vector::Zero(2)), Vector::Ones(2));
  EXPECT_EQ(circle.verdict, OrbitVerdict::periodic);
  EXPECT_EQ(circle.period, 5);
  EXPECT_NEAR(circle.rotation_number, 0.4, 1e-12);
}

TEST(InvariantCircle, OfAnEulerStepHasTheClosedForm) {
  // |1 + dt (1 - r^2) + i dt omega| = 1 on the circle, which turns by asin(dt omega).
  const double dt = 0.1, omega = 2;
  const auto circle =
      find_invariant_circle(euler_step_of_stuart_landau(dt, omega), Vector::Constant(2, 0.1));
  EXPECT_EQ(circle.verdict, OrbitVerdict::invariant_circle);
  const double r_squared = 1 - (std::sqrt(1 - dt * dt * omega * omega) - 1) / dt;
  EXPECT_NEAR(circle.rotation_number, std::asin(dt * omega) / two_pi, 1e-11);
  EXPECT_LE((circle.curve.colwise().norm().array() - std::sqrt(r_squared)).abs().maxCoeff(), 1e-9);
  EXPECT_LE(circle.residual, 1e-9);
}

TEST(InvariantCircle, OfAnEulerStepThatTurnsByATwelfthIsACycle) {
  const auto circle =
      find_invariant_circle(euler_step_of_stuart_landau(0.25, 2), Vector::Constant(2, 0.1));
  EXPECT_EQ(circle.verdict, OrbitVerdict::periodic);
  EXPECT_EQ(circle.period, 12);
}

TEST(InvariantCircle, OfARotationNetBeyondItsNeimarkSackerBifurcation) {
  const auto circle =
      find_invariant_circle(rotation_net(1.2, golden / 2), Vector::Constant(2, 0.3));
  EXPECT_EQ(circle.verdict, OrbitVerdict::invariant_circle);
  EXPECT_NEAR(circle.rotation_number, golden / 2, 0.01);
  EXPECT_GT(circle.extent, 0.3);
  EXPECT_LE(circle.residual, 1e-6 * circle.extent);
  EXPECT_LE(std::abs(circle.exponent), 1e-2);
  EXPECT_GT(circle.rotation_error, 0);
  EXPECT_LT(circle.rotation_error, 1e-9);
}

TEST(InvariantCircle, InAResonanceTongueIsACycle) {
  for (const double turns : {0.25, 0.255}) {  // the tongue of 1/4 is wide for tanh unit by unit
    const auto circle = find_invariant_circle(rotation_net(2, turns), Vector::Constant(2, 0.3));
    EXPECT_EQ(circle.verdict, OrbitVerdict::periodic) << turns;
    EXPECT_EQ(circle.period, 4);
    EXPECT_EQ(circle.cycle.stability, Stability::stable);
  }
}

TEST(InvariantCircle, OfAStableFocusIsAFixedPoint) {
  const auto quick = find_invariant_circle(rotation_net(0.9, golden), Vector::Constant(2, 0.3));
  EXPECT_EQ(quick.verdict, OrbitVerdict::periodic);
  EXPECT_EQ(quick.period, 1);
  // Still on its way inward when the samples begin.
  const auto slow = find_invariant_circle(rotation_net(0.999, golden), Vector::Constant(2, 0.3),
                                          {.transient = 10});
  EXPECT_EQ(slow.verdict, OrbitVerdict::periodic);
  EXPECT_EQ(slow.period, 1);
}

TEST(InvariantCircle, OfAChaoticOrbitIsNeither) {
  const auto henon = find_invariant_circle(henon_map(), Vector::Zero(2));
  EXPECT_EQ(henon.verdict, OrbitVerdict::neither);
  EXPECT_NEAR(henon.exponent, 0.419, 0.02);  // ground_truth 5.2
}

TEST(InvariantCircle, OfACycleThatDoesNotWindIsThatCycle) {
  const AnalyticMap map =
      scalar_map([](double x) { return 3.3 * x * (1 - x); },
                 [](double x) { return 3.3 * (1 - 2 * x); }, [](double) { return -6.6; });
  const auto end = find_invariant_circle(map, Vector::Constant(1, 0.3));
  EXPECT_EQ(end.verdict, OrbitVerdict::periodic);
  EXPECT_EQ(end.period, 2);
}

TEST(InvariantCircle, ThatCannotBeEndsInAStatus) {
  const Matrix twice = 2 * Matrix::Identity(2, 2);
  EXPECT_EQ(find_invariant_circle(linear_map(twice, Vector::Zero(2)), Vector::Ones(2)).verdict,
            OrbitVerdict::escaped);
  const CallableMap broken(2, [](In<Vector> x) -> Vector { return x * std::nan(""); });
  EXPECT_EQ(find_invariant_circle(broken, Vector::Ones(2)).verdict, OrbitVerdict::not_finite);
  EXPECT_EQ(find_invariant_circle(henon_map(), Vector::Zero(2),
                                  {.progress = [](double) { return false; }})
                .verdict,
            OrbitVerdict::cancelled);
  EXPECT_THROW(find_invariant_circle(henon_map(), Vector::Zero(3)), std::invalid_argument);
  EXPECT_THROW(find_invariant_circle(henon_map(), Vector::Zero(2), {.samples = 10}),
               std::invalid_argument);
}

TEST(Convergents, OfPiAreTheKnownOnes) {
  const auto fractions = convergents(std::numbers::pi, 200);
  ASSERT_EQ(fractions.size(), 4u);  // 3, 22/7, 333/106, 355/113
  EXPECT_EQ(fractions[1].numerator, 22);
  EXPECT_EQ(fractions[1].denominator, 7);
  EXPECT_EQ(fractions[3].numerator, 355);
  EXPECT_EQ(fractions[3].denominator, 113);
}

}  // namespace
}  // namespace nullcline::dynamics
