// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/attractor_verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <ostream>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/chaotic_systems.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {

void PrintTo(AttractorKind kind, std::ostream* out) { *out << name_of(kind); }

namespace {

using std::numbers::pi;

AnalyticMap logistic_map(double r) {
  return scalar_map([=](double x) { return r * x * (1 - x); },
                    [=](double x) { return r * (1 - 2 * x); }, [=](double) { return -2 * r; });
}

const Vector start_1 = Vector::Constant(1, 0.3);

AttractorVerdict verdict_of_flow(const Flow& flow, const Vector& start, double dt,
                                 Method method = Method::rk4) {
  const SteppedFlow stepped(flow, dt, method);
  return attractor_verdict(FrozenMap(stepped, Vector(0)), start, {.dt = dt, .flow = true});
}

TEST(AttractorVerdict, NamesTheRegimesOfTheLogisticMap) {
  EXPECT_EQ(attractor_verdict(logistic_map(2.8), start_1).kind, AttractorKind::fixed_point);
  for (const auto& [r, period] : {std::pair{3.2, 2}, {3.5, 4}, {3.83, 3}, {3.74, 5}}) {
    const AttractorVerdict verdict = attractor_verdict(logistic_map(r), start_1);
    EXPECT_EQ(verdict.kind, AttractorKind::cycle) << r;
    EXPECT_EQ(verdict.period_steps, period) << r;
    EXPECT_EQ(verdict.negative, 1) << r;
  }
  // Superstable: the exponent is -infinity, or that of rounding.
  EXPECT_EQ(attractor_verdict(logistic_map(2), start_1).kind, AttractorKind::fixed_point);
  EXPECT_EQ(attractor_verdict(logistic_map(1 + std::sqrt(5.0)), start_1).kind,
            AttractorKind::cycle);
  const AttractorVerdict chaos = attractor_verdict(logistic_map(4), start_1);
  EXPECT_EQ(chaos.kind, AttractorKind::chaos);
  EXPECT_EQ(chaos.positive, 1);
  EXPECT_EQ(chaos.period, 0);
}

TEST(AttractorVerdict, NamesWhatIsKnownOfHenonAndLorenz) {
  EXPECT_EQ(attractor_verdict(henon_map(), Vector::Zero(2)).kind, AttractorKind::chaos);
  EXPECT_EQ(attractor_verdict(henon_map(1.0), Vector::Zero(2)).kind, AttractorKind::cycle);
  EXPECT_EQ(verdict_of_flow(lorenz(), Vector::Ones(3), 0.01).kind, AttractorKind::chaos);
  const AttractorVerdict rest = verdict_of_flow(lorenz(10, 15), Vector::Ones(3), 0.01);
  EXPECT_EQ(rest.kind, AttractorKind::fixed_point);
  EXPECT_NEAR(rest.state(2), 14, 1e-8);
}

TEST(AttractorVerdict, OfAStuartLandauFlowIsALimitCycleWithItsPeriod) {
  const double omega = 3;
  const AttractorVerdict verdict =
      verdict_of_flow(stuart_landau(0.5, omega), Vector::Ones(2), 0.02);
  EXPECT_EQ(verdict.kind, AttractorKind::cycle);
  EXPECT_NEAR(verdict.period, 2 * pi / omega, 1e-6);  // RK4: (omega dt)^4 / 120
  EXPECT_NEAR(verdict.diameter, 2 * std::sqrt(0.5), 1e-3);
  EXPECT_EQ(verdict.zero, 1);
  EXPECT_EQ(verdict.negative, 1);
  EXPECT_EQ(verdict_of_flow(stuart_landau(-0.5, omega), Vector::Ones(2), 0.02).kind,
            AttractorKind::fixed_point);
}

TEST(AttractorVerdict, OfItsStepAsAMapIsAnInvariantCircle) {
  const auto flow = stuart_landau(0.5, 1.234);
  const SteppedFlow stepped(flow, 0.1, Method::euler);
  const AttractorVerdict verdict =
      attractor_verdict(FrozenMap(stepped, Vector(0)), Vector::Ones(2), {.dt = 0.1});
  EXPECT_EQ(verdict.kind, AttractorKind::torus);
  EXPECT_EQ(verdict.zero, 1);
}

TEST(AttractorVerdict, OfTwoCyclesSideBySideIsATorus) {
  const double ratio = std::sqrt(2.0);
  const auto one = stuart_landau(1, 1), two = stuart_landau(1, ratio);
  const SmallFlow both(
      4,
      [=](const double* x, double* y) {
        one.at(x, y);
        two.at(x + 2, y + 2);
      },
      [=](const double* x, const double* v, double* w) {
        one.along(x, v, w);
        two.along(x + 2, v + 2, w + 2);
      });
  const AttractorVerdict verdict = verdict_of_flow(both, Vector::Ones(4), 0.05);
  EXPECT_EQ(verdict.kind, AttractorKind::torus);
  EXPECT_EQ(verdict.zero, 2);
  EXPECT_EQ(verdict.negative, 2);
}

TEST(AttractorVerdict, OfVanDerPolHasThePublishedPeriod) {
  // mu = 1: 6.6632868593 [Andersen & Geer 1982, SIAM J. Appl. Math. 42:678]
  const SmallFlow flow(
      2,
      [](const double* x, double* y) {
        y[0] = x[1];
        y[1] = (1 - x[0] * x[0]) * x[1] - x[0];
      },
      [](const double* x, const double* v, double* w) {
        w[0] = v[1];
        w[1] = -2 * x[0] * v[0] * x[1] + (1 - x[0] * x[0]) * v[1] - v[0];
      });
  const AttractorVerdict verdict = verdict_of_flow(flow, Vector::Ones(2), 0.02);
  EXPECT_EQ(verdict.kind, AttractorKind::cycle);
  EXPECT_NEAR(verdict.period, 6.66328686, 1e-5);
}

TEST(AttractorVerdict, DoesNotCallASlowOrbitAFixedPoint) {
  // In the ghost of a saddle-node: pi / sqrt(c) = 3e5 steps long.
  const double c = 1e-10;
  const AnalyticMap ghost =
      scalar_map([=](double x) { return x + x * x + c; }, [](double x) { return 1 + 2 * x; },
                 [](double) { return 2; });
  const AttractorVerdict slow = attractor_verdict(ghost, Vector::Constant(1, -1e-3));
  EXPECT_LT(slow.residual, 1e-8);
  EXPECT_EQ(slow.kind, AttractorKind::undecided);
  // A drift of 1e-9 a step along a line.
  const Matrix A = (Vector(2) << 1, 0.5).finished().asDiagonal();
  EXPECT_EQ(attractor_verdict(linear_map(A, 1e-9 * Vector::Unit(2, 0)), Vector::Ones(2)).kind,
            AttractorKind::undecided);
}

TEST(AttractorVerdict, CallsRestOnALineAttractorAFixedPointWithAZeroExponent) {
  const Matrix A = (Vector(2) << 1, 0.5).finished().asDiagonal();
  const AttractorVerdict verdict =
      attractor_verdict(linear_map(A, Vector::Zero(2)), Vector::Ones(2));
  EXPECT_EQ(verdict.kind, AttractorKind::fixed_point);
  EXPECT_EQ(verdict.zero, 1);
  EXPECT_EQ(verdict.negative, 1);
}

TEST(AttractorVerdict, ProvesASlowApproachToAFixedPoint) {
  // 0.9999^30000 = 0.05 of the way is left at the end.
  const Matrix A = (Vector(2) << 0.9999, 0.5).finished().asDiagonal();
  const AttractorVerdict verdict =
      attractor_verdict(linear_map(A, Vector::Zero(2)), 1e-3 * Vector::Ones(2));
  EXPECT_EQ(verdict.kind, AttractorKind::fixed_point);
  EXPECT_NEAR(verdict.correction, 1e-3 * std::pow(0.9999, 10000 + verdict.spectrum.steps), 1e-12);
}

TEST(AttractorVerdict, OnAnUnstableFixedPointIsUndecided) {
  const AttractorVerdict verdict = attractor_verdict(logistic_map(4), Vector::Zero(1));
  EXPECT_EQ(verdict.positive, 1);
  EXPECT_EQ(verdict.kind, AttractorKind::undecided);
}

TEST(AttractorVerdict, EndsInAStatus) {
  EXPECT_EQ(attractor_verdict(henon_map(), Vector::Constant(2, 100)).kind, AttractorKind::diverged);
  const AttractorVerdict bad = attractor_verdict(henon_map(), Vector::Constant(2, std::nan("")));
  EXPECT_EQ(bad.kind, AttractorKind::undecided);
  EXPECT_EQ(bad.spectrum.status[0], OrbitStatus::not_finite);
  for (const double limit : {0.1, 0.79}) {
    const AttractorVerdict stopped =
        attractor_verdict(logistic_map(3.2), start_1,
                          {.progress = [=](double fraction) { return fraction < limit; }});
    EXPECT_EQ(stopped.kind, AttractorKind::undecided);
  }
  EXPECT_THROW(attractor_verdict(henon_map(), Vector::Zero(1)), std::invalid_argument);
  EXPECT_THROW(attractor_verdict(henon_map(), Vector::Zero(2), {.recurrence = 0}),
               std::invalid_argument);
}

/// The state after `steps` steps of dt.
Vector after(const Flow& flow, Vector x, double dt, Index steps) {
  const SteppedFlow stepped(flow, dt, Method::rk4);
  Matrix X = x, Y(x.size(), 1);
  for (Index t = 0; t < steps; ++t) {
    stepped.evaluate(X, Matrix(0, 1), Y);
    X.swap(Y);
  }
  return X;
}

TEST(AttractorVerdict, TellsCyclesOfRandomNetworksFromChaos) {
  const Index n = 40;
  const double dt = 0.1;
  // Exponent 1 of the cycle comes out at 2e-4, not 0: the trap of the ground truth.
  const RandomRateFlow periodic(random_matrix(n, n, 2 / std::sqrt(40.0), 5), 1);
  const AttractorVerdict cycle = verdict_of_flow(periodic, random_matrix(n, 1, 1.0, 100), dt);
  EXPECT_EQ(cycle.kind, AttractorKind::cycle);
  EXPECT_EQ(cycle.zero, 1);
  const Index steps = cycle.period_steps;
  const Vector end = after(periodic, cycle.state, cycle.period / static_cast<double>(steps), steps);
  EXPECT_LT((end - cycle.state).norm(), 1e-3 * cycle.diameter);

  const RandomRateFlow irregular(random_matrix(n, n, 3 / std::sqrt(40.0), 1), 1);
  const AttractorVerdict chaos = verdict_of_flow(irregular, random_matrix(n, 1, 1.0, 100), dt);
  EXPECT_EQ(chaos.kind, AttractorKind::chaos);
  const Vector near = chaos.state + Vector::Constant(n, 1e-9);
  const Vector one = after(irregular, chaos.state, dt, 4000),
               two = after(irregular, near, dt, 4000);
  EXPECT_GT((one - two).norm(), 0.1);
}

TEST(AttractorVerdict, DoesNotCallGrowthChaosWhenTheOrbitDrifts) {
  const AnalyticMap map = linear_map(Matrix::Constant(1, 1, 1.001), Vector::Zero(1));
  const AttractorVerdict verdict = attractor_verdict(
      map, Vector::Constant(1, 1e-3), {.transient = 100, .steps = 10000, .longest_period = 1000});
  EXPECT_EQ(verdict.positive, 1);
  EXPECT_EQ(verdict.closest_return, 1);
  EXPECT_EQ(verdict.kind, AttractorKind::undecided);
}

}  // namespace
}  // namespace nullcline::dynamics
