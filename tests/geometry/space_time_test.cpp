// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/space_time.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;
using testing::RateFlow;

constexpr Index n = 8, T = 40, K = 3;

/// u = (a cos(w t), b), the angle a and level b being the coordinates, at the `nodes` of each step.
ManifoldInputs moving_inputs(double h, Index nodes) {
  ManifoldInputs result{K, 2, Matrix(2 * nodes, T * K), Matrix::Zero(2 * nodes, T * K * 2),
                        Matrix::Zero(2 * nodes, T * K * 3)};
  for (Index t = 0; t < T; ++t) {
    for (Index k = 0; k < K; ++k) {
      const double a = 0.3 + 0.4 * static_cast<double>(k), b = 1 - a;
      for (Index i = 0; i < nodes; ++i) {
        const double part =
            nodes == 1 ? 0 : static_cast<double>(i) / static_cast<double>(nodes - 1);
        const double c = std::cos(3 * h * (static_cast<double>(t) + part));
        result.inputs.block(2 * i, t * K + k, 2, 1) << a * c, b;
        result.tangents.block(2 * i, 2 * (t * K + k), 2, 2) << c, 0, 0, 1;
      }
    }
  }
  return result;
}

RateFlow network() { return {random_matrix(n, n, 1) / 2, random_matrix(n, 2, 2)}; }

TEST(SpaceTime, HasTheTimeDerivativesOfTheOrbit) {
  // By Runge-Kutta with inputs at nodes the orbit is that of the flow to h^4: its differences in
  // time are the derivatives that follow from f.
  const double h = 0.01;
  const RateFlow flow = network();
  const SteppedFlow F(flow, h, Method::rk4, StepInputs::at_nodes);
  const ManifoldInputs inputs = moving_inputs(h, 3);
  Matrix rates(2, T * K);
  for (Index t = 0; t < T; ++t) {
    for (Index k = 0; k < K; ++k) {
      const double a = 0.3 + 0.4 * static_cast<double>(k);
      rates.col(t * K + k) << -3 * a * std::sin(3 * h * static_cast<double>(t)), 0;
    }
  }
  const Sensitivities found = sensitivities(F, inputs, {.second = true, .dt = h});
  const SpaceTime all = space_time(flow, inputs, found, rates);
  for (Index s = 2; s < T - 3; s += 7) {  // step t = s + 1
    for (Index k = 0; k < K; ++k) {
      const auto x = [&](Index by) { return found.states.col((s + by) * K + k); };
      const auto a = [&](Index by) { return found.tangents.col(2 * ((s + by) * K + k) + 1); };
      const Matrix A = all.tangents.middleCols(3 * (s * K + k), 3);
      const Matrix B = all.second.middleCols(6 * (s * K + k), 6);
      const Vector x_t = (8 * (x(1) - x(-1)) - (x(2) - x(-2))) / (12 * h);
      const Vector x_tt = (16 * (x(1) + x(-1)) - (x(2) + x(-2)) - 30 * x(0)) / (12 * h * h);
      const Vector x_t2 = (8 * (a(1) - a(-1)) - (a(2) - a(-2))) / (12 * h);
      // h^4 times fifth and sixth derivatives of up to 3^5.
      EXPECT_LT((A.col(0) - x_t).norm(), 1e-6);
      EXPECT_LT((B.col(0) - x_tt).norm(), 1e-5);
      EXPECT_LT((B.col(2) - x_t2).norm(), 1e-6);
      EXPECT_EQ(A.rightCols(2), found.tangents.middleCols(2 * (s * K + k), 2));
      EXPECT_EQ(B.rightCols(3), found.second.middleCols(3 * (s * K + k), 3));
      // G_tt = |f|^2.
      Matrix f(n, 1);
      flow.evaluate(x(0), inputs.inputs.block(0, (s + 1) * K + k, 2, 1), f);
      EXPECT_DOUBLE_EQ(pullback_metric(A, 3).metric(0, 0), f.squaredNorm());
    }
  }
}

TEST(SpaceTime, OfEulerStepsIsThatOfTheStepRate) {
  const double h = 0.1;
  const RateFlow flow = network();
  const SteppedFlow F(flow, h);
  const ManifoldInputs inputs = moving_inputs(h, 1);
  const Sensitivities found =
      sensitivities(F, inputs, {.second = true, .steps = {0, 7, T}, .dt = h});
  const SpaceTime exact = space_time(flow, inputs, found);
  const SpaceTime rate = space_time(StepRate(F, h), inputs, found);
  EXPECT_LT((exact.tangents - rate.tangents).norm(), 1e-12 * exact.tangents.norm());
  EXPECT_LT((exact.second - rate.second).norm(), 1e-12 * exact.second.norm());
  for (Index c = 0; c < 3 * K; ++c) {
    EXPECT_LT((exact.tangents.col(3 * c) - found.velocities.col(c)).norm(), 1e-12);
  }
}

/// Rotation about the third axis.
class Rotation final : public Flow {
 public:
  Index state_dim() const override { return 3; }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    Y << -2 * X.row(1), 2 * X.row(0), 0 * X.row(0);
  }
  void push_forward(In<Matrix>, In<Matrix> U, In<Matrix> VX, In<Matrix>,
                    Out<Matrix> W) const override {
    evaluate(VX, U, W);
  }
};

TEST(SpaceTime, OfRotatedCirclesOfLatitudeIsTheSphere) {
  // x = r (sin k, 0, cos k) at the time that is looked at: time and colatitude are coordinates.
  const double r = 1.7, k = 0.8;
  Sensitivities found;
  found.points = found.dim = 1;
  found.steps = {0};
  found.states = r * Matrix{{std::sin(k)}, {0}, {std::cos(k)}};
  found.tangents = r * Matrix{{std::cos(k)}, {0}, {-std::sin(k)}};
  found.second = -found.states;
  const ManifoldInputs inputs{1, 1, Matrix(0, 1), Matrix(0, 1), {}};
  const SpaceTime all = space_time(Rotation(), inputs, found);
  EXPECT_NEAR(curvature(all.tangents, all.second, 2).gaussian(0), 1 / (r * r), 1e-14);
  EXPECT_NEAR(pullback_metric(all.tangents, 2).stretch(0, 0), 2 * r * std::sin(k), 1e-14);
}

TEST(InputJumps, AreSeenBetweenStepsAndBetweenNodes) {
  // One channel held: 1 1 2 2; its tangent jumps a step later still.
  ManifoldInputs held{1, 1, Matrix{{1, 1, 2, 2}}, Matrix{{0, 0, 0, 5}}, {}};
  EXPECT_EQ(input_jumps(held, 1), (std::vector<bool>{false, false, true, true, false}));
  EXPECT_EQ(steps_without_jumps(held, 1), (std::vector<Index>{1, 4}));
  // Two nodes: a ramp that is continuous, then a jump from 2 to 7.
  const ManifoldInputs nodes{1, 1, Matrix{{0, 1, 7}, {1, 2, 7}}, Matrix::Zero(2, 3), {}};
  EXPECT_EQ(input_jumps(nodes, 1), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(input_jumps(nodes, 2), (std::vector<bool>{false, true, true, false}));
  EXPECT_THROW(input_jumps(nodes, 3), std::invalid_argument);
}

/// r_1 = tanh(V u + b), r_2 = tanh(W r_1), which forget what they were.
class TwoLayers final : public DrivenMap {
 public:
  TwoLayers(Matrix V, Matrix W) : V_(std::move(V)), W_(std::move(W)) {}
  Index state_dim() const override { return 2 * V_.rows(); }
  Index input_dim() const override { return V_.cols(); }
  void evaluate(In<Matrix>, In<Matrix> U, Out<Matrix> Y) const override {
    Y.topRows(V_.rows()) = (V_ * U).array().tanh();
    Y.bottomRows(V_.rows()) = (W_ * Y.topRows(V_.rows())).array().tanh();
  }

 private:
  Matrix V_, W_;
};

TEST(LayersAsSteps, OfACircleHaveTheMetricOfEachLayer) {
  // dr_1/dtheta = diag(1 - r_1^2) V (-sin, cos)', dr_2/dtheta = diag(1 - r_2^2) W dr_1/dtheta.
  const Index width = 3, points = 12;
  const Matrix V = random_matrix(width, 2, 3), W = random_matrix(width, width, 4);
  ManifoldInputs circle{points, 1, Matrix(2, points), Matrix(2, points), {}};
  for (Index k = 0; k < points; ++k) {
    const double theta = 0.5 * static_cast<double>(k);
    circle.inputs.col(k) << std::cos(theta), std::sin(theta);
    circle.tangents.col(k) << -std::sin(theta), std::cos(theta);
  }
  const Sensitivities layers =
      layers_as_steps(sensitivities(TwoLayers(V, W), circle, {.steps = {1}}), 2);
  EXPECT_EQ(layers.steps, (std::vector<Index>{1, 2}));
  const PullbackMetric metric = pullback_metric(layers.tangents, 1);
  for (Index k = 0; k < points; ++k) {
    const Vector r1 = (V * circle.inputs.col(k)).array().tanh();
    const Vector r2 = (W * r1).array().tanh();
    const Vector d1 = (1 - r1.array().square()) * (V * circle.tangents.col(k)).array();
    const Vector d2 = (1 - r2.array().square()) * (W * d1).array();
    // The map's tangents are by finite differences, eps^(2/3).
    EXPECT_NEAR(metric.metric(0, k), d1.squaredNorm(), 1e-8);
    EXPECT_NEAR(metric.metric(0, points + k), d2.squaredNorm(), 1e-8);
    EXPECT_LT((layers.states.col(points + k) - r2).norm(), 1e-15);
  }
  EXPECT_THROW(layers_as_steps(layers, 2), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
