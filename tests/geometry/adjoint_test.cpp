// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/adjoint.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;
using testing::RateFlow;

constexpr Index n = 10, T = 25, K = 70, q = 2;

/// Any inputs and tangents: the sensitivities need not be those of a manifold.
ManifoldInputs any_inputs() {
  return {K, 3, random_matrix(2, T * K, 1), random_matrix(2, T * K * 3, 2), {}};
}

TEST(AdjointProducts, EqualTheForwardOnes) {
  const RateFlow flow(random_matrix(n, n, 3) / 3, random_matrix(n, 2, 4));
  const Matrix w = random_matrix(n, K * q, 5);
  const Vector start = random_matrix(n, 1, 6);
  for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
    const SteppedFlow F(flow, 0.1, method);
    for (const Index step : {Index{1}, T}) {
      const SensitivityOptions options{.start = start, .steps = {step}, .threads = {2}};
      const Matrix a = sensitivities(F, any_inputs(), options).tangents;
      const Matrix found = adjoint_products(F, any_inputs(), w, options).products;
      for (Index k = 0; k < K; ++k) {
        const Matrix expected = a.middleCols(3 * k, 3).transpose() * w.middleCols(q * k, q);
        EXPECT_LT((found.middleCols(q * k, q) - expected).norm(), 1e-12 * expected.norm());
      }
    }
  }
}

TEST(AdjointProducts, OfALinearNetworkHaveAClosedInfluence) {
  // Euler steps of dx/dt = (W - I) x + B u: d<w, x_T>/du_s = h B' M'^(T - 1 - s) w.
  const Matrix W = random_matrix(n, n, 7) / 6, B = random_matrix(n, 2, 8);
  const RateFlow flow(W, B, true);
  const SteppedFlow F(flow, 0.2);
  const Matrix w = random_matrix(n, K, 9);
  const AdjointProducts found = adjoint_products(F, any_inputs(), w, {}, true);
  const Matrix M = Matrix::Identity(n, n) + 0.2 * (W - Matrix::Identity(n, n));
  Matrix lambda = w;
  for (Index s = T - 1; s >= 0; --s, lambda = M.transpose() * lambda) {
    const Matrix expected = 0.2 * B.transpose() * lambda;
    EXPECT_LT((found.influence.middleCols(s * K, K) - expected).norm(), 1e-13 * expected.norm());
  }
  EXPECT_EQ(adjoint_products(F, any_inputs(), w).influence.size(), 0);
}

TEST(AdjointProducts, AtTheStartAreZeroAndMisuseIsRejected) {
  const RateFlow flow(random_matrix(n, n, 3) / 3, random_matrix(n, 2, 4));
  const SteppedFlow F(flow, 0.1);
  const Matrix w = random_matrix(n, K, 10);
  EXPECT_TRUE(adjoint_products(F, any_inputs(), w, {.steps = {0}}).products.isZero(0));
  EXPECT_THROW(adjoint_products(F, any_inputs(), w.leftCols(K - 1)), std::invalid_argument);
  EXPECT_THROW(adjoint_products(F, any_inputs(), w.topRows(n - 1)), std::invalid_argument);
  EXPECT_THROW(adjoint_products(F, any_inputs(), w, {.steps = {1, 2}}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
