// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/limit_cycles.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace nullcline::dynamics {
namespace {

/// A flow without input given by f and its Jacobian.
class AnalyticFlow final : public Flow {
 public:
  AnalyticFlow(Index n, std::function<Vector(const Vector&)> f,
               std::function<Matrix(const Vector&)> J)
      : n_(n), f_(std::move(f)), J_(std::move(J)) {}
  Index state_dim() const override { return n_; }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) Y.col(b) = f_(X.col(b));
  }
  Jacobians jacobians(In<Vector> x, In<Vector>) const override { return {J_(x), Matrix(n_, 0)}; }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Index n_;
  std::function<Vector(const Vector&)> f_;
  std::function<Matrix(const Vector&)> J_;
};

/// r' = r (mu - r^2), theta' = omega, and z' = -z.
AnalyticFlow stuart_landau(double mu, double omega) {
  return AnalyticFlow(
      3,
      [=](const Vector& x) -> Vector {
        const double g = mu - x(0) * x(0) - x(1) * x(1);
        return (Vector(3) << g * x(0) - omega * x(1), omega * x(0) + g * x(1), -x(2)).finished();
      },
      [=](const Vector& x) -> Matrix {
        const double g = mu - x(0) * x(0) - x(1) * x(1);
        return (Matrix(3, 3) << g - 2 * x(0) * x(0), -omega - 2 * x(0) * x(1), 0,
                omega - 2 * x(0) * x(1), g - 2 * x(1) * x(1), 0, 0, 0, -1)
            .finished();
      });
}

/// x' = y, y' = mu (1 - x^2) y - x; sign = -1: backward in time.
AnalyticFlow van_der_pol(double mu, double sign = 1) {
  return AnalyticFlow(
      2,
      [=](const Vector& x) -> Vector {
        return sign * (Vector(2) << x(1), mu * (1 - x(0) * x(0)) * x(1) - x(0)).finished();
      },
      [=](const Vector& x) -> Matrix {
        return sign *
               (Matrix(2, 2) << 0, 1, -2 * mu * x(0) * x(1) - 1, mu * (1 - x(0) * x(0))).finished();
      });
}

const Vector no_input(0);

TEST(LimitCycle, OfStuartLandauHasTheClosedForm) {
  const double mu = 0.3, omega = 2;
  const auto cycle = find_limit_cycle(stuart_landau(mu, omega), no_input,
                                      (Vector(3) << 0.1, 0, 1).finished(), {.max_period = 10});
  ASSERT_EQ(cycle.status, LimitCycleStatus::converged);
  const double T = 2 * std::numbers::pi / omega;
  EXPECT_NEAR(cycle.period, T, 1e-9);
  EXPECT_LE(std::abs(cycle.period - T), 3 * cycle.period_error + 1e-13);
  const Vector radii = cycle.states.topRows(2).colwise().norm();
  EXPECT_LE((radii.array() - std::sqrt(mu)).abs().maxCoeff(), 1e-9);
  EXPECT_NEAR(cycle.amplitudes(0), std::sqrt(mu), 1e-4);  // of samples
  EXPECT_LE(cycle.amplitudes(2), 1e-10);
  EXPECT_LE(cycle.trivial_error, 1e-8);
  ASSERT_EQ(cycle.multipliers.size(), 3);  // 1, e^(-2 mu T), e^-T
  EXPECT_NEAR(cycle.multipliers(1).real(), std::exp(-2 * mu * T), 1e-8);
  EXPECT_NEAR(cycle.multipliers(2).real(), std::exp(-T), 1e-8);
  EXPECT_EQ(cycle.stability, Stability::stable);
  EXPECT_EQ(cycle.states.cols(), cycle.times.size());
}

TEST(LimitCycle, OfVanDerPolHasItsPeriodAndObeysLiouville) {
  const AnalyticFlow flow = van_der_pol(1);
  const auto cycle = find_limit_cycle(flow, no_input, Vector::Ones(2), {.max_period = 20});
  ASSERT_EQ(cycle.status, LimitCycleStatus::converged);
  EXPECT_NEAR(cycle.period, 6.6633, 5e-5);  // ground_truth 5.5
  EXPECT_NEAR(cycle.amplitudes(0), 2.0086, 1e-3);
  EXPECT_LE(cycle.trivial_error, 1e-7);
  // prod mu = exp int div f dt; the mean over equidistant samples of a periodic function is exact
  // to the order of the samples.
  double divergence = 0;
  for (Index s = 0; s < cycle.states.cols(); ++s) {
    divergence += 1 - cycle.states(0, s) * cycle.states(0, s);
  }
  const double expected =
      std::exp(divergence / static_cast<double>(cycle.states.cols()) * cycle.period);
  EXPECT_NEAR(cycle.multipliers.prod().real() / expected, 1, 1e-6);
}

TEST(LimitCycle, ErrorIsOfFourthOrderAndTold) {
  const AnalyticFlow flow = van_der_pol(1);
  const auto fine =
      find_limit_cycle(flow, no_input, Vector::Ones(2), {.max_period = 20, .steps = 2048});
  const auto coarse =
      find_limit_cycle(flow, no_input, Vector::Ones(2), {.max_period = 20, .steps = 128});
  ASSERT_EQ(fine.status, LimitCycleStatus::converged);
  ASSERT_EQ(coarse.status, LimitCycleStatus::converged);
  const double error = std::abs(coarse.period - fine.period);
  EXPECT_GT(error, 0.3 * coarse.period_error);
  EXPECT_LT(error, 3 * coarse.period_error);
}

TEST(LimitCycle, ThatRepelsIsRefinedFromAGuess) {
  // Backward in time the Van der Pol cycle repels; its multiplier is the inverse.
  const auto forward =
      find_limit_cycle(van_der_pol(1), no_input, Vector::Ones(2), {.max_period = 20});
  ASSERT_EQ(forward.status, LimitCycleStatus::converged);
  Matrix guess(2, 8);
  const Index S = forward.states.cols();
  for (Index i = 0; i < 8; ++i) guess.col(i) = 1.02 * forward.states.col((S - i * S / 8) % S);
  const auto cycle = refine_limit_cycle(van_der_pol(1, -1), no_input, guess, 6.5);
  ASSERT_EQ(cycle.status, LimitCycleStatus::converged);
  EXPECT_NEAR(cycle.period, forward.period, 1e-7);
  EXPECT_EQ(cycle.stability, Stability::repelling);
  EXPECT_NEAR(cycle.multipliers(0).real() * forward.multipliers(1).real(), 1, 1e-5);
}

TEST(LimitCycle, OfAnOrbitThatRestsIsAFixedPoint) {
  const Vector start = (Vector(3) << 0.5, 0, 0).finished();
  const auto resting = find_limit_cycle(stuart_landau(-0.5, 2), no_input, start);
  EXPECT_EQ(resting.status, LimitCycleStatus::fixed_point);
  // Still spiralling inward when the search begins: the shooting shrinks to the point, or fails.
  const auto spiralling =
      find_limit_cycle(stuart_landau(-0.01, 2), no_input, start, {.transient = 10});
  EXPECT_NE(spiralling.status, LimitCycleStatus::converged);
}

TEST(LimitCycle, ThatIsNoneEndsInAStatus) {
  const AnalyticFlow drift(
      2, [](const Vector&) -> Vector { return Vector::Ones(2); },
      [](const Vector&) -> Matrix { return Matrix::Zero(2, 2); });
  EXPECT_EQ(find_limit_cycle(drift, no_input, Vector::Zero(2)).status, LimitCycleStatus::no_return);
  EXPECT_EQ(find_limit_cycle(drift, no_input, Vector::Zero(2), {.escape_radius = 10}).status,
            LimitCycleStatus::diverged);
  const AnalyticFlow broken(
      2, [](const Vector& x) -> Vector { return x * std::nan(""); },
      [](const Vector&) -> Matrix { return Matrix::Zero(2, 2); });
  EXPECT_EQ(find_limit_cycle(broken, no_input, Vector::Ones(2)).status,
            LimitCycleStatus::not_finite);
  EXPECT_EQ(find_limit_cycle(van_der_pol(1), no_input, Vector::Ones(2),
                             {.progress = [](double) { return false; }})
                .status,
            LimitCycleStatus::cancelled);
}

TEST(LimitCycle, RefusesMisuse) {
  const AnalyticFlow flow = van_der_pol(1);
  EXPECT_THROW(find_limit_cycle(flow, no_input, Vector::Ones(3)), std::invalid_argument);
  EXPECT_THROW(find_limit_cycle(flow, Vector::Ones(1), Vector::Ones(2)), std::invalid_argument);
  EXPECT_THROW(find_limit_cycle(flow, no_input, Vector::Ones(2), {.step = 0}),
               std::invalid_argument);
  EXPECT_THROW(refine_limit_cycle(flow, no_input, Matrix(2, 0), 1), std::invalid_argument);
  EXPECT_THROW(refine_limit_cycle(flow, no_input, Matrix::Ones(2, 4), 0), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
