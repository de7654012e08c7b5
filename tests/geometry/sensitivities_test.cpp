// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/sensitivities.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;
using testing::RateFlow;

constexpr Index n = 12, T = 30;

/// u_t = (cos k_1, sin k_1 k_2) for t < 10, (k_2 sin t, k_2^2) after, and its derivatives.
ManifoldInputs curved_inputs(In<Matrix> kappa) {
  const Index K = kappa.cols();
  ManifoldInputs result{K, 2, Matrix(2, T * K), Matrix(2, T * K * 2), Matrix(2, T * K * 3)};
  for (Index t = 0; t < T; ++t) {
    const double s = std::sin(static_cast<double>(t));
    for (Index k = 0; k < K; ++k) {
      const double a = kappa(0, k), b = kappa(1, k);
      const Index c = t * K + k;
      if (t < 10) {
        result.inputs.col(c) << std::cos(a), std::sin(a * b);
        result.tangents.col(2 * c) << -std::sin(a), b * std::cos(a * b);
        result.tangents.col(2 * c + 1) << 0, a * std::cos(a * b);
        result.second.col(3 * c) << -std::cos(a), -b * b * std::sin(a * b);
        result.second.col(3 * c + 1) << 0, std::cos(a * b) - a * b * std::sin(a * b);
        result.second.col(3 * c + 2) << 0, -a * a * std::sin(a * b);
      } else {
        result.inputs.col(c) << b * s, b * b;
        result.tangents.col(2 * c) << 0, 0;
        result.tangents.col(2 * c + 1) << s, 2 * b;
        result.second.middleCols(3 * c, 3) << 0, 0, 0, 0, 0, 2;
      }
    }
  }
  return result;
}

RateFlow network(bool linear = false) {
  return {1.2 / std::sqrt(12.0) * random_matrix(n, n, 1), random_matrix(n, 2, 2), linear};
}

TEST(Sensitivities, AreTheDerivativesOfTheDiscreteStates) {
  const Matrix kappa = random_matrix(2, 5, 3);
  const double h = 2e-4;
  for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
    const RateFlow flow = network();
    const SteppedFlow F(flow, 0.1, method);
    const Sensitivities found = sensitivities(F, curved_inputs(kappa));
    ASSERT_EQ(found.steps.size(), static_cast<std::size_t>(T));
    for (Index i = 0; i < 2; ++i) {
      const auto moved = [&](double by) {
        Matrix there = kappa;
        there.row(i).array() += by;
        return sensitivities(F, curved_inputs(there)).states;
      };
      const Matrix difference =
          (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      for (Index c = 0; c < T * 5; ++c) {
        // h^4 of a fifth derivative of the order of 1e4, and eps / h.
        EXPECT_LT((found.tangents.col(2 * c + i) - difference.col(c)).norm(), 1e-9);
      }
    }
    EXPECT_EQ(found.derivatives, Derivatives::exact);
  }
}

TEST(Sensitivities, HaveSecondDerivativesThatAreThoseOfTheFirst) {
  const Matrix kappa = random_matrix(2, 3, 13);
  const double h = 2e-4;
  for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
    const RateFlow flow = network();
    const SteppedFlow F(flow, 0.1, method);
    const Sensitivities found = sensitivities(F, curved_inputs(kappa), {.second = true});
    for (Index j = 0; j < 2; ++j) {
      const auto moved = [&](double by) {
        Matrix there = kappa;
        there.row(j).array() += by;
        return sensitivities(F, curved_inputs(there)).tangents;
      };
      const Matrix difference =
          (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      for (Index c = 0; c < T * 3; ++c) {
        for (Index i = 0; i <= j; ++i) {
          // h^4 as above, and the flow's own second tangents by central differences, eps^(2/3).
          EXPECT_LT((found.second.col(3 * c + i + j) - difference.col(2 * c + i)).norm(), 1e-8);
        }
      }
    }
  }
  ManifoldInputs without = curved_inputs(kappa);
  without.second.resize(0, 0);
  const RateFlow flow = network();
  EXPECT_THROW(sensitivities(SteppedFlow(flow, 0.1), without, {.second = true}),
               std::invalid_argument);
}

TEST(Sensitivities, AreTheSameWithoutVelocitiesAndTheStepAfterTheLast) {
  const Matrix kappa = random_matrix(2, 3, 5);
  const RateFlow flow = network();
  const SteppedFlow F(flow, 0.1, Method::heun);
  const Sensitivities with = sensitivities(F, curved_inputs(kappa), {.steps = {0, 4, T}});
  const Sensitivities without =
      sensitivities(F, curved_inputs(kappa), {.velocities = false, .steps = {0, 4, T}});
  EXPECT_EQ(without.states, with.states);
  EXPECT_EQ(without.tangents, with.tangents);
  EXPECT_EQ(without.velocities.size(), 0);
}

TEST(Sensitivities, AgreeWithTheAdjoint) {
  // <w, a_i(T)> = sum_t <lambda_t, F_u du_t / dkappa_i>, lambda_T = w, backwards by F_x'.
  const Matrix kappa = random_matrix(2, 1, 4);
  const RateFlow flow = network();
  const SteppedFlow F(flow, 0.1, Method::heun);
  const ManifoldInputs inputs = curved_inputs(kappa);
  std::vector<Index> all;
  for (Index t = 0; t <= T; ++t) all.push_back(t);
  const Sensitivities found = sensitivities(F, inputs, {.steps = all});
  const Matrix w = random_matrix(n, 1, 5);
  Matrix lambda = w, next(n, 1), du(2, 1);
  Vector sum = Vector::Zero(2);
  for (Index t = T - 1; t >= 0; --t) {
    F.pull_back(found.states.col(t), inputs.inputs.col(t), lambda, next, du);
    sum += inputs.tangents.middleCols(2 * t, 2).transpose() * du;
    lambda = next;
  }
  EXPECT_LT((found.tangents.rightCols(2).transpose() * w - sum).norm(), 1e-12 * sum.norm());
}

TEST(Sensitivities, OfALinearNetworkHaveAClosedFormAndDoNotDependOnThePoint) {
  // Euler steps of dx/dt = (W - I) x + B u, u constant: a = sum_j M^j h B du, M = I + h (W - I).
  const Matrix W = random_matrix(n, n, 6) / 6, B = random_matrix(n, 2, 7);
  const RateFlow flow(W, B, true);
  const SteppedFlow F(flow, 0.2);
  ManifoldInputs inputs{3, 2, random_matrix(2, 3, 8).replicate(1, T),
                        Matrix::Identity(2, 2).replicate(1, T * 3)};
  const Sensitivities found = sensitivities(F, inputs, {.steps = {T}});
  Matrix expected = Matrix::Zero(n, 2);
  const Matrix M = Matrix::Identity(n, n) + 0.2 * (W - Matrix::Identity(n, n));
  for (Index t = 0; t < T; ++t) expected = M * expected + 0.2 * B;
  for (Index k = 0; k < 3; ++k) {
    EXPECT_LT((found.tangents.middleCols(2 * k, 2) - expected).norm(), 1e-13 * expected.norm());
  }
}

TEST(Sensitivities, HaveTheVelocityOfTheFlowAndKeepTheStepsAskedFor) {
  const Matrix kappa = random_matrix(2, 4, 9);
  const RateFlow flow = network();
  const SteppedFlow F(flow, 0.1);
  const ManifoldInputs inputs = curved_inputs(kappa);
  const Vector start = random_matrix(n, 1, 10);
  const Sensitivities all =
      sensitivities(F, inputs, {.start = start, .steps = {0, 9, 10, T}, .dt = 0.1});
  Matrix f(n, 4);
  for (Index s = 0; s < 4; ++s) {
    const Index t = std::min(all.steps[static_cast<std::size_t>(s)], T - 1);
    flow.evaluate(all.states.middleCols(4 * s, 4), inputs.inputs.middleCols(4 * t, 4), f);
    EXPECT_LT((all.velocities.middleCols(4 * s, 4) - f).norm(), 1e-13 * (1 + f.norm()));
  }
  EXPECT_EQ(all.states.leftCols(4), start.replicate(1, 4));
  EXPECT_EQ(all.tangents.leftCols(8).norm(), 0);
  // What kappa_1 moves no longer, the flow still carries: its tangent does not vanish.
  EXPECT_GT(all.tangents.col(3 * 8).norm(), 1e-3);
}

TEST(Sensitivities, AreTheSameForAnyNumberOfThreadsAndAnyCompany) {
  const Matrix kappa = random_matrix(2, 150, 11);
  const RateFlow flow = network();
  const SteppedFlow F(flow, 0.1);
  const Sensitivities one = sensitivities(F, curved_inputs(kappa), {.steps = {7, T}});
  const Sensitivities two =
      sensitivities(F, curved_inputs(kappa), {.steps = {7, T}, .threads = {2}});
  EXPECT_EQ(one.tangents, two.tangents);
  EXPECT_EQ(one.velocities, two.velocities);
}

TEST(Sensitivities, CanBeCancelledAndRejectMisuse) {
  const RateFlow flow = network();
  const SteppedFlow F(flow, 0.1);
  const ManifoldInputs good = curved_inputs(random_matrix(2, 100, 12));
  const Sensitivities stopped = sensitivities(F, good, {}, [](double) { return false; });
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_TRUE(std::isnan(stopped.states(0, 99)));
  EXPECT_THROW(sensitivities(F, good, {.steps = {3, 3}}), std::invalid_argument);
  EXPECT_THROW(sensitivities(F, good, {.steps = {T + 1}}), std::invalid_argument);
  EXPECT_THROW(sensitivities(F, good, {.start = Vector::Zero(3)}), std::invalid_argument);
  ManifoldInputs bad = good;
  bad.dim = 3;
  EXPECT_THROW(sensitivities(F, bad), std::invalid_argument);
  bad = good;
  bad.inputs(0, 0) = NAN;
  EXPECT_THROW(sensitivities(F, bad), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
