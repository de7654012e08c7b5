// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/core/finite_differences.hpp"
#include "nullcline/core/stepper.hpp"

namespace nullcline {
namespace {

/// dx_1/dt = -x_1 + x_2 u_1, dx_2/dt = sin(x_1) + u_2^2, by finite differences.
class TwoDrives final : public Flow {
 public:
  Index state_dim() const override { return 2; }
  Index input_dim() const override { return 2; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y.row(0) = -X.row(0).array() + X.row(1).array() * U.row(0).array();
    Y.row(1) = X.row(0).array().sin() + U.row(1).array().square();
  }
};

constexpr Method methods[] = {Method::euler, Method::heun, Method::rk4};

TEST(StepInputs, AtNodesThatAreEqualAreHeldInputs) {
  const TwoDrives flow;
  const Matrix X{{0.3, -1.2}, {0.8, 0.4}}, U{{0.5, 2}, {-0.7, 0.1}};
  Matrix held(2, 2), nodes(2, 2);
  for (const Method method : methods) {
    const SteppedFlow one(flow, 0.1, method);
    const SteppedFlow all(flow, 0.1, method, StepInputs::at_nodes);
    const Index count = node_count(method, StepInputs::at_nodes);
    EXPECT_EQ(all.input_dim(), 2 * count);
    one.evaluate(X, U, held);
    all.evaluate(X, U.replicate(count, 1), nodes);
    EXPECT_EQ(nodes, held);
  }
}

TEST(StepInputs, AtNodesHaveTheDerivativesOfTheStep) {
  const TwoDrives flow;
  for (const Method method : methods) {
    const SteppedFlow F(flow, 0.1, method, StepInputs::at_nodes);
    const Vector u = Vector::LinSpaced(F.input_dim(), -0.9, 1.1);
    // The flow's own second derivatives are differences of differences, eps^(1/2).
    const DerivativeErrors errors = check_derivatives(F, Vector{{0.4, -0.6}}, u);
    EXPECT_LT(errors.jacobian_state, 1e-7);
    EXPECT_LT(errors.jacobian_input, 1e-7);
    EXPECT_LT(errors.push_forward, 1e-7);
    EXPECT_LT(errors.pull_back, 1e-7);
    EXPECT_LT(errors.second_derivative, 1e-5);
    EXPECT_LT(errors.second_push_forward, 1e-5);
  }
}

/// dx/dt = -x + u.
class Filter final : public Flow {
 public:
  Index state_dim() const override { return 1; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override { Y = U - X; }
  std::optional<Box> enclose(const Box& x, const Box& u) const override {
    return Box{u[0] + Interval(-1.0) * x[0]};
  }
};

/// u = cos t, and from t = 1 on 2 cos t, with x(0) = 0: x(2) by the formula of variation.
double filtered() {
  const auto part = [](double a, double b) {  // integral of e^(t - 2) cos t
    const auto F = [](double t) { return std::exp(t - 2) * (std::cos(t) + std::sin(t)) / 2; };
    return F(b) - F(a);
  };
  return part(0, 1) + 2 * part(1, 2);
}

double stepped(Method method, StepInputs inputs, Index steps) {
  const Filter flow;
  const double h = 2 / static_cast<double>(steps);
  const SteppedFlow F(flow, h, method, inputs);
  Matrix x = Matrix::Zero(1, 1), next(1, 1);
  for (Index t = 0; t < steps; ++t) {
    const double scale = 2 * t < steps ? 1 : 2;  // the whole step lies on one side of the jump
    Matrix u(F.input_dim(), 1);
    for (Index i = 0; i < u.rows(); ++i) {
      const double part =
          u.rows() == 1 ? 0 : static_cast<double>(i) / static_cast<double>(u.rows() - 1);
      u(i, 0) = scale * std::cos(h * (static_cast<double>(t) + part));
    }
    F.evaluate(x, u, next);
    x.swap(next);
  }
  return x(0, 0);
}

TEST(StepInputs, AtNodesKeepTheOrderAcrossAJump) {
  for (const auto& [method, order] :
       {std::pair{Method::euler, 1}, {Method::heun, 2}, {Method::rk4, 4}}) {
    const double coarse = std::abs(stepped(method, StepInputs::at_nodes, 40) - filtered());
    const double fine = std::abs(stepped(method, StepInputs::at_nodes, 80) - filtered());
    EXPECT_NEAR(std::log2(coarse / fine), order, 0.1) << name_of(method);
  }
  // Held at its value at the start of each step, an input leaves any method at order 1.
  const double coarse = std::abs(stepped(Method::rk4, StepInputs::held, 40) - filtered());
  const double fine = std::abs(stepped(Method::rk4, StepInputs::held, 80) - filtered());
  EXPECT_NEAR(std::log2(coarse / fine), 1, 0.1);
}

TEST(StepInputs, AtNodesAreEnclosed) {
  const Filter flow;
  const SteppedFlow F(flow, 0.1, Method::rk4, StepInputs::at_nodes);
  Matrix y(1, 1);
  F.evaluate(Matrix{{0.4}}, Matrix{{1}, {2}, {-3}}, y);
  const auto box = F.enclose({Interval(0.4)}, {Interval(1.0), Interval(2.0), Interval(-3.0)});
  ASSERT_TRUE(box.has_value());
  EXPECT_LE((*box)[0].lo, y(0, 0));
  EXPECT_GE((*box)[0].hi, y(0, 0));
  EXPECT_LT((*box)[0].hi - (*box)[0].lo, 1e-13);
}

}  // namespace
}  // namespace nullcline
