// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/stepper.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/finite_differences.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
const std::vector<std::pair<Method, int>> orders = {
    {Method::euler, 1}, {Method::heun, 2}, {Method::rk4, 4}};

Matrix normal(Index rows, Index cols, std::uint64_t seed) {
  RandomStream stream(StreamAddress{.seed = seed});
  Matrix values(rows, cols);
  stream.fill_normal({values.data(), static_cast<std::size_t>(values.size())});
  return values;
}

/// dx/dt = A x + B u; derivatives left to finite differences.
class LinearFlow final : public Flow {
 public:
  LinearFlow(Matrix A, Matrix B) : A_(std::move(A)), B_(std::move(B)) {}
  Index state_dim() const override { return A_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override { Y = A_ * X + B_ * U; }

 private:
  Matrix A_, B_;
};

LinearFlow harmonic(double omega) {
  return LinearFlow(Matrix({{0.0, 1.0}, {-omega * omega, 0.0}}), Matrix(2, 0));
}

/// dx/dt = r x (1 - x), x(t) = 1 / (1 + (1 / x_0 - 1) e^{-r t}).
class LogisticFlow final : public Flow {
 public:
  Index state_dim() const override { return 1; }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    Y = r * X.array() * (1 - X.array());
  }
  static double solution(double start, double t) {
    return 1 / (1 + (1 / start - 1) * std::exp(-r * t));
  }
  static constexpr double r = 1.7;
};

/// x' = y, y' = mu (1 - x^2) y - x + u, with exact derivatives.
class VanDerPol final : public Flow {
 public:
  Index state_dim() const override { return 2; }
  Index input_dim() const override { return 1; }
  Derivatives derivatives() const override { return Derivatives::exact; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y.row(0) = X.row(1);
    Y.row(1) = mu * (1 - X.row(0).array().square()) * X.row(1).array() - X.row(0).array() +
               U.row(0).array();
  }
  Jacobians jacobians(In<Vector> x, In<Vector>) const override {
    return {Matrix({{0.0, 1.0}, {-2 * mu * x(0) * x(1) - 1, mu * (1 - x(0) * x(0))}}),
            Matrix({{0.0}, {1.0}})};
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    const Index k = VX.cols() / X.cols();
    for (Index b = 0; b < X.cols(); ++b) {
      const Jacobians J = jacobians(X.col(b), U.col(b));
      W.middleCols(b * k, k) =
          J.state * VX.middleCols(b * k, k) + J.input * VU.middleCols(b * k, k);
    }
  }
  Matrix second_derivative(In<Vector> x, In<Vector>, In<Vector> w) const override {
    Matrix H = Matrix::Zero(3, 3);
    H(0, 0) = -2 * mu * x(1) * w(1);
    H(0, 1) = H(1, 0) = -2 * mu * x(0) * w(1);
    return H;
  }
  static constexpr double mu = 1.5;
};

/// tau x' = -x + tanh(W x + B u), 5 units and 2 inputs, with exact derivatives.
class TanhNetwork final : public Flow {
 public:
  Index state_dim() const override { return 5; }
  Index input_dim() const override { return 2; }
  Derivatives derivatives() const override { return Derivatives::exact; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = (-X + rates(X, U)) / tau;
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> V) const override {
    V = (-VX + slopes(X, U, VX.cols()).cwiseProduct(W_ * VX + B_ * VU)) / tau;
  }
  void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> V, Out<Matrix> VX,
                 Out<Matrix> VU) const override {
    const Matrix G = slopes(X, U, V.cols()).cwiseProduct(V);
    VX = (-V + W_.transpose() * G) / tau;
    VU = B_.transpose() * G / tau;
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    const Vector g = slopes(x, u, 1);
    Matrix J = g.asDiagonal() * W_;
    J.diagonal().array() -= 1;
    return {J / tau, g.asDiagonal() * B_ / tau};
  }
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override {
    Matrix WB(5, 7);
    WB << W_, B_;
    const Vector y = rates(x, u);
    const Vector c = -2 * y.array() * (1 - y.array().square()) * w.array() / tau;
    return WB.transpose() * c.asDiagonal() * WB;
  }
  static constexpr double tau = 0.1;

 private:
  Matrix rates(In<Matrix> X, In<Matrix> U) const { return (W_ * X + B_ * U).array().tanh(); }
  Matrix slopes(In<Matrix> X, In<Matrix> U, Index tangents) const {
    const Matrix G = 1 - rates(X, U).array().square();
    Matrix repeated(5, tangents);
    const Index k = tangents / X.cols();
    for (Index j = 0; j < tangents; ++j) repeated.col(j) = G.col(j / k);
    return repeated;
  }

  Matrix W_ = normal(5, 5, 1), B_ = normal(5, 2, 2);
};

Vector integrated(const Flow& flow, Method method, Vector x, double time, int steps) {
  const SteppedFlow map(flow, time / steps, method);
  const Matrix u(flow.input_dim(), 1);
  Vector next(x.size());
  for (int t = 0; t < steps; ++t) {
    map.evaluate(x, u, next);
    x = next;
  }
  return x;
}

/// log2 of the ratio of errors when the step is halved, in the limit the order.
double measured_order(const Flow& flow, Method method, const Vector& start, const Vector& exact,
                      double time) {
  const double coarse = (integrated(flow, method, start, time, 200) - exact).norm();
  const double fine = (integrated(flow, method, start, time, 400) - exact).norm();
  return std::log2(coarse / fine);
}

TEST(SteppedFlow, ConvergesOnTheHarmonicOscillatorWithItsOrder) {
  const double omega = 1.3, time = 4;
  const Vector start({{1.0, 0.5}});
  const double c = std::cos(omega * time), s = std::sin(omega * time);
  const Vector exact({{c * 1.0 + s * 0.5 / omega, -omega * s * 1.0 + c * 0.5}});
  const LinearFlow flow = harmonic(omega);
  for (const auto& [method, order] : orders) {
    EXPECT_NEAR(measured_order(flow, method, start, exact, time), order, 0.05) << name_of(method);
  }
}

TEST(SteppedFlow, ConvergesOnTheLogisticFlowWithItsOrder) {
  const double time = 2;
  const Vector exact = Vector::Constant(1, LogisticFlow::solution(0.1, time));
  for (const auto& [method, order] : orders) {
    EXPECT_NEAR(measured_order(LogisticFlow(), method, Vector::Constant(1, 0.1), exact, time),
                order, 0.05)
        << name_of(method);
  }
}

TEST(SteppedFlow, OfALinearFlowIsTheTaylorPolynomialOfTheExponential) {
  // x_{t+1} = p(h A) x + h q(h A) B u with p = sum_{k <= order} z^k / k!, q = (p - 1) / z.
  const Matrix A = normal(4, 4, 1), B = normal(4, 2, 2), X = normal(4, 3, 3), U = normal(2, 3, 4);
  const LinearFlow flow(A, B);
  const double h = 0.1;
  for (const auto& [method, order] : orders) {
    Matrix Y(4, 3), expected = X;
    Matrix term = X, input_term = h * B * U;
    for (int k = 1; k <= order; ++k) {
      term = h * A * term / k;
      expected += term + input_term;
      input_term = h * A * input_term / (k + 1);
    }
    SteppedFlow(flow, h, method).evaluate(X, U, Y);
    EXPECT_LE((Y - expected).norm(), 100 * eps * expected.norm()) << name_of(method);
  }
}

TEST(SteppedFlow, OfABatchIsThatOfItsColumns) {
  const TanhNetwork network;
  const Matrix X = normal(5, 6, 3), U = normal(2, 6, 4);
  for (const auto& [method, order] : orders) {
    const SteppedFlow map(network, 0.02, method);
    Matrix Y(5, 6);
    map.evaluate(X, U, Y);
    for (Index b = 0; b < 6; ++b) {
      Vector y(5);
      map.evaluate(X.col(b), U.col(b), y);
      EXPECT_LE((Y.col(b) - y).norm(), 10 * eps * y.norm());
    }
  }
}

TEST(SteppedFlow, StartsFromFlowsWithRightDerivatives) {
  EXPECT_LT(check_derivatives(VanDerPol(), Vector({{0.8, -0.4}}), Vector({{0.3}})).largest(), 1e-8);
  EXPECT_LT(check_derivatives(TanhNetwork(), normal(5, 1, 5), normal(2, 1, 6)).largest(), 1e-8);
}

TEST(SteppedFlow, HasExactDerivativesOfTheDrivenVanDerPolOscillator) {
  const VanDerPol flow;
  for (const auto& [method, order] : orders) {
    const SteppedFlow map(flow, 0.3, method);
    const DerivativeErrors errors = check_derivatives(map, Vector({{0.8, -0.4}}), Vector({{0.3}}));
    EXPECT_LT(errors.largest(), 1e-8) << name_of(method);
    EXPECT_EQ(map.derivatives(), Derivatives::exact);
  }
}

TEST(SteppedFlow, HasExactDerivativesOfATanhNetwork) {
  const TanhNetwork network;
  for (const auto& [method, order] : orders) {
    const DerivativeErrors errors =
        check_derivatives(SteppedFlow(network, 0.05, method), normal(5, 1, 5), normal(2, 1, 6));
    EXPECT_LT(errors.largest(), 1e-8) << name_of(method);
  }
}

TEST(SteppedFlow, PullsBackTheAdjointOfPushingForward) {
  const TanhNetwork network;
  const Index B = 3, k = 2;
  const Matrix X = normal(5, B, 1), U = normal(2, B, 2), VX = normal(5, B * k, 3),
               VU = normal(2, B * k, 4), W = normal(5, B * k, 5);
  for (const auto& [method, order] : orders) {
    const SteppedFlow map(network, 0.05, method);
    Matrix pushed(5, B * k), back_X(5, B * k), back_U(2, B * k);
    map.push_forward(X, U, VX, VU, pushed);
    map.pull_back(X, U, W, back_X, back_U);
    for (Index j = 0; j < B * k; ++j) {
      EXPECT_NEAR(W.col(j).dot(pushed.col(j)),
                  back_X.col(j).dot(VX.col(j)) + back_U.col(j).dot(VU.col(j)), 100 * eps);
    }
  }
}

TEST(SteppedFlow, PushesForwardAsItsJacobiansDo) {
  const VanDerPol flow;
  const SteppedFlow map(flow, 0.2, Method::rk4);
  const Vector x({{0.8, -0.4}}), u({{0.3}});
  const Jacobians J = map.jacobians(x, u);
  const Matrix VX = normal(2, 4, 1), VU = normal(1, 4, 2);
  Matrix W(2, 4);
  map.push_forward(x, u, VX, VU, W);
  EXPECT_LE((W - J.state * VX - J.input * VU).norm(), 100 * eps);
}

TEST(SteppedFlow, FreezesToAMap) {
  const TanhNetwork network;
  const SteppedFlow map(network, 0.05, Method::heun);
  const FrozenMap frozen(map, normal(2, 1, 6));
  EXPECT_LT(check_derivatives(frozen, normal(5, 1, 5)).largest(), 1e-8);
  EXPECT_EQ(frozen.derivatives(), Derivatives::exact);
}

TEST(SteppedFlow, SaysThatDerivativesAreDifferencesWhenTheFlowsAre) {
  const LogisticFlow flow;
  EXPECT_EQ(SteppedFlow(flow, 0.1).derivatives(), Derivatives::finite_differences);
}

TEST(SteppedFlow, StepsBackInTime) {
  const VanDerPol flow;
  const Vector x({{0.8, -0.4}}), u({{0.3}});
  Vector there(2), back(2);
  const double h = 1e-3;
  SteppedFlow(flow, h, Method::rk4).evaluate(x, u, there);
  SteppedFlow(flow, -h, Method::rk4).evaluate(there, u, back);
  EXPECT_LE((back - x).norm(), 10 * std::pow(h, 5));  // the local error of order 5
}

TEST(SteppedFlow, RefusesStepsThatAreNoSteps) {
  const VanDerPol flow;
  EXPECT_THROW(SteppedFlow(flow, 0), std::invalid_argument);
  EXPECT_THROW(SteppedFlow(flow, std::nan("")), std::invalid_argument);
  EXPECT_THROW(SteppedFlow(flow, INFINITY), std::invalid_argument);
}

TEST(Method, HasANameEach) {
  for (const auto& [method, order] : orders) {
    EXPECT_EQ(method_from_name(name_of(method)), method);
  }
  try {
    method_from_name("rk5");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "method: found \"rk5\", expected one of \"euler\", \"heun\", \"rk4\"; "
                 "did you mean \"rk4\"?");
  }
}

}  // namespace
}  // namespace nullcline
