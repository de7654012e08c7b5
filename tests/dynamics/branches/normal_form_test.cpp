// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/normal_form.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/dynamics/analytic_families.hpp"

namespace nullcline::dynamics::detail {
namespace {

/// The fixed point 0 of (x, y) -> (s (1 + p) x + x y, y / 2 + c x^2): on the center manifold
/// y = 2 c x^2, so that the cubic term is 2 c x^3, from second derivatives alone.
AnalyticFamily through_a_second_variable(double s, double c) {
  return AnalyticFamily(
      2,
      [=](const Vector& x, double p) {
        return vector_of({s * (1 + p) * x(0) + x(0) * x(1), 0.5 * x(1) + c * x(0) * x(0)});
      },
      [=](const Vector& x, double p) {
        return Matrix((Matrix(2, 2) << s * (1 + p) + x(1), x(0), 2 * c * x(0), 0.5).finished());
      },
      [=](const Vector& x, double) {
        return vector_of({s * x(0), 0});
      });
}

/// z -> exp(i theta) z (1 + p + d |z|^2), one step of a Stuart-Landau oscillator.
AnalyticFamily stuart_landau(double theta, double d) {
  Matrix spin(2, 2);
  spin << std::cos(theta), -std::sin(theta), std::sin(theta), std::cos(theta);
  return AnalyticFamily(
      2,
      [=](const Vector& x, double p) { return Vector(spin * x * (1 + p + d * x.squaredNorm())); },
      [=](const Vector& x, double p) {
        return Matrix(spin * (1 + p + d * x.squaredNorm()) + 2 * d * (spin * x) * x.transpose());
      },
      [=](const Vector& x, double) { return Vector(spin * x); });
}

SpecialPoint only_one(const MapFamily& family, const Vector& x, double p, SpecialKind kind,
                      double low = -0.5, double high = 0.5) {
  ContinuationOptions options;
  options.min_parameter = low;
  options.max_parameter = high;
  SpecialPoint found;
  Index count = 0;
  for (const auto& point : continue_point(family, x, p, options).special) {
    if (point.kind != kind) continue;
    found = point;
    ++count;
  }
  EXPECT_EQ(count, 1);
  return found;
}

TEST(NormalForm, OfThePeriodDoublingOfTheLogisticMapIsNine) {
  // The square of half the second derivative, plus a sixth of the third, at p = 3 and x = 2/3.
  const SpecialPoint point =
      only_one(logistic_family(), vector_of({0.6}), 2.5, SpecialKind::period_doubling, 2, 3.5);
  EXPECT_NEAR(point.normal_form, 9, 1e-5);
  EXPECT_EQ(point.criticality, Criticality::supercritical);
}

TEST(NormalForm, TellsTheTwoSidesOfAPeriodDoubling) {
  for (const double b : {-1.0, 1.0}) {
    const auto family =
        scalar_family([b](double x, double p) { return -(2 + p) * x + b * x * x * x; },
                      [b](double x, double p) { return -(2 + p) + 3 * b * x * x; },
                      [](double x, double) { return -x; });
    const SpecialPoint point = only_one(family, vector_of({0}), -0.4, SpecialKind::period_doubling);
    EXPECT_NEAR(point.normal_form, b, 1e-5);
    EXPECT_EQ(point.criticality, b > 0 ? Criticality::supercritical : Criticality::subcritical);
  }
}

TEST(NormalForm, TellsTheTwoSidesOfAPitchfork) {
  for (const double b : {-1.0, 1.0}) {
    const auto family = scalar_family([b](double x, double p) { return p * x + b * x * x * x; },
                                      [b](double x, double p) { return p + 3 * b * x * x; },
                                      [](double x, double) { return x; });
    const SpecialPoint point = only_one(family, vector_of({0}), -0.4, SpecialKind::branch_point);
    EXPECT_NEAR(point.normal_form, b, 1e-5);
    EXPECT_EQ(point.criticality, b < 0 ? Criticality::supercritical : Criticality::subcritical);
  }
}

TEST(NormalForm, SeesWhatTheOtherVariablesDo) {
  for (const double c : {-0.5, 0.7}) {
    const SpecialPoint doubling = only_one(through_a_second_variable(-1, c), vector_of({0, 0}),
                                           -0.4, SpecialKind::period_doubling);
    EXPECT_NEAR(doubling.normal_form, 2 * c, 1e-5);
    EXPECT_EQ(doubling.criticality, c > 0 ? Criticality::supercritical : Criticality::subcritical);
    const SpecialPoint fork = only_one(through_a_second_variable(1, c), vector_of({0, 0}), -0.4,
                                       SpecialKind::branch_point);
    EXPECT_NEAR(fork.normal_form, 2 * c, 1e-5);
    EXPECT_EQ(fork.criticality, c < 0 ? Criticality::supercritical : Criticality::subcritical);
  }
}

TEST(NormalForm, OfAStuartLandauOscillatorIsItsOwn) {
  // With |q| = 1, z = sqrt(2) y: Re d is twice that of z.
  for (const double d : {-1.0, 0.3}) {
    const SpecialPoint point =
        only_one(stuart_landau(0.7, d), vector_of({0, 0}), -0.4, SpecialKind::neimark_sacker);
    EXPECT_NEAR(point.normal_form, 2 * d, 1e-5);
    EXPECT_EQ(point.criticality, d < 0 ? Criticality::supercritical : Criticality::subcritical);
  }
}

TEST(NormalForm, OfPublishedMapsIsSupercritical) {
  // Henon's 2-cycle and the closed curve of the delayed logistic map are stable.
  const SpecialPoint henon = only_one(henon_family(0.3), vector_of({0.6313544771, 0.1894063431}),
                                      1.4, SpecialKind::period_doubling, 0.1, 1.4);
  EXPECT_EQ(henon.criticality, Criticality::supercritical);
  const SpecialPoint delayed = only_one(delayed_logistic_family(), vector_of({1.0 / 3, 1.0 / 3}),
                                        1.5, SpecialKind::neimark_sacker, 1.2, 2.5);
  EXPECT_EQ(delayed.criticality, Criticality::supercritical);
}

TEST(NormalForm, IsUndecidedWhereItVanishesAndAtResonances) {
  const SpecialPoint linear = only_one(through_a_second_variable(-1, 0), vector_of({0, 0}), -0.4,
                                       SpecialKind::period_doubling);
  EXPECT_EQ(linear.criticality, Criticality::undecided);
  const SpecialPoint third = only_one(stuart_landau(2 * std::numbers::pi / 3, -1),
                                      vector_of({0, 0}), -0.4, SpecialKind::neimark_sacker);
  EXPECT_EQ(third.criticality, Criticality::undecided);
}

TEST(NormalForm, IsNoneOfATranscriticalPoint) {
  const auto family = scalar_family([](double x, double p) { return p * x - x * x; },
                                    [](double x, double p) { return p - 2 * x; },
                                    [](double x, double) { return x; });
  const SpecialPoint point = only_one(family, vector_of({0}), -0.4, SpecialKind::branch_point);
  EXPECT_EQ(point.crossing, Crossing::transcritical);
  EXPECT_EQ(point.criticality, Criticality::none);
}

}  // namespace
}  // namespace nullcline::dynamics::detail
