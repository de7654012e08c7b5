// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/learning.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/finite_differences.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;
using testing::RateFlow;

constexpr Index n = 9, T = 20, K = 4;

/// dW tanh(x), as a change of the flow -x + W tanh(x) + B u.
class WeightChange final : public DrivenFunction {
 public:
  WeightChange(Matrix dW, Index inputs) : dW_(std::move(dW)), inputs_(inputs) {}
  Index state_dim() const override { return dW_.rows(); }
  Index input_dim() const override { return inputs_; }
  Derivatives derivatives() const override { return Derivatives::exact; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    Y = dW_ * Matrix(X.array().tanh());
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix>,
                    Out<Matrix> W) const override {
    const Index k = VX.cols() / U.cols();
    Matrix rates = VX;
    for (Index c = 0; c < rates.cols(); ++c) {
      rates.col(c).array() *= 1 - X.col(c / k).array().tanh().square();
    }
    W = dW_ * rates;
  }

 private:
  Matrix dW_;
  Index inputs_;
};

TEST(MetricChange, IsTheDerivativeOfTheMetricByTheWeights) {
  const Matrix W = random_matrix(n, n, 1) / 3, B = random_matrix(n, 2, 2);
  const Matrix dW = random_matrix(n, 1, 3) * random_matrix(1, n, 4) / 3;
  const ManifoldInputs inputs{K, 2, random_matrix(2, T * K, 5), random_matrix(2, T * K * 2, 6), {}};
  const SensitivityOptions options{.start = random_matrix(n, 1, 7), .steps = {5, T}};
  const RateFlow flow(W, B);
  const WeightChange change(dW, 2);
  const Deformed<Flow> deformed(flow, change);
  for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
    const MetricChange found = metric_change(SteppedFlow(deformed, 0.1, method), inputs, options);
    const auto at = [&](double eps) {
      const RateFlow moved(W + eps * dW, B);
      return sensitivities(SteppedFlow(moved, 0.1, method), inputs, options);
    };
    const double h = 1e-3;
    const auto difference = [&](const auto& part) -> Matrix {
      return (8 * (part(at(h)) - part(at(-h))) - (part(at(2 * h)) - part(at(-2 * h)))) / (12 * h);
    };
    // h^4 of a fifth derivative of about 1e2, and eps / h.
    const double tolerance = 1e-9;
    EXPECT_LT(
        (found.state_change - difference([](const Sensitivities& s) { return s.states; })).norm(),
        tolerance);
    EXPECT_LT((found.tangent_change - difference([](const Sensitivities& s) {
                 return s.tangents;
               })).norm(),
              tolerance);
    const Matrix dG =
        difference([](const Sensitivities& s) { return pullback_metric(s.tangents, 2).metric; });
    EXPECT_LT((found.metric_change - dG).norm(), tolerance * (1 + dG.norm()));
    EXPECT_GT(dG.norm(), 1e-2);
    const Sensitivities before = at(0);
    EXPECT_LT((found.tangents - before.tangents).norm(), 1e-14 * before.tangents.norm());
    EXPECT_EQ(found.derivatives, Derivatives::exact);
  }
}

TEST(Deformed, HasTheDerivativesOfItsFormula) {
  const RateFlow flow(random_matrix(n, n, 1) / 3, random_matrix(n, 2, 2));
  const WeightChange change(random_matrix(n, n, 8) / 3, 2);
  const Deformed<Flow> f(flow, change);
  const Vector x = random_matrix(n, 1, 9);
  for (const double eps : {0.0, 0.7}) {
    const DerivativeErrors errors = check_derivatives(f, x, Vector{{0.3, -0.8, eps}});
    EXPECT_LT(errors.push_forward, 1e-8);
    EXPECT_LT(errors.jacobian_input, 1e-8);
    // The second tangents of the change are differences where eps is not 0.
    EXPECT_LT(errors.second_push_forward, eps == 0 ? 1e-8 : 1e-6);
  }
  EXPECT_THROW(Deformed<Flow>(flow, WeightChange(Matrix::Zero(n, n), 3)), std::invalid_argument);
}

TEST(MetricChange, OfLowRankIsDrivenByWhatOverlapsWithItsRightSingularVectors) {
  // dW = u v' with v orthogonal to all that the states and tangents of a linear network span.
  Matrix W = Matrix::Zero(n, n), B = Matrix::Zero(n, 2);
  W.topLeftCorner(n - 1, n - 1) = random_matrix(n - 1, n - 1, 10) / 3;
  B.topRows(n - 1) = random_matrix(n - 1, 2, 11);
  Matrix dW = Matrix::Zero(n, n);
  dW.col(n - 1) = random_matrix(n, 1, 12);
  const ManifoldInputs inputs{K, 2, random_matrix(2, T * K, 5), random_matrix(2, T * K * 2, 6), {}};
  const RateFlow flow(W, B);
  const WeightChange change(dW, 2);
  const Deformed<Flow> deformed(flow, change);
  EXPECT_TRUE(metric_change(SteppedFlow(deformed, 0.1), inputs).metric_change.isZero(0));
}

}  // namespace
}  // namespace nullcline::geometry
