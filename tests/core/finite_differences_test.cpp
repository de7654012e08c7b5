// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/finite_differences.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace nullcline {
namespace {

TEST(FiniteDifferenceJacobian, OfAnAffineFunctionIsItsMatrix) {
  const Matrix A = Matrix({{1.0, -2.0, 0.5}, {3.0, 0.0, 4.0}});
  const auto f = [&](In<Vector> x) -> Vector { return A * x + Vector::Ones(2); };
  // No truncation: the rounding of values of size 10 over a step of 6e-6.
  EXPECT_LE((finite_difference_jacobian(f, Vector({{1.0, -1.0, 0.3}})) - A).norm(), 1e-9);
}

TEST(FiniteDifferenceJacobian, OfSinesIsAccurateToEpsToTheTwoThirds) {
  const auto f = [](In<Vector> x) -> Vector { return x.array().sin(); };
  const Vector x({{0.0, 0.4, -2.0, 30.0}});
  const Matrix J = finite_difference_jacobian(f, x);
  for (Index j = 0; j < 4; ++j) {
    const double scale = std::max(1.0, std::abs(x(j)));  // h grows with x: error ~ (h x)^2 / 6
    EXPECT_NEAR(J(j, j), std::cos(x(j)), 1e-10 * scale * scale);
  }
}

TEST(FiniteDifferenceGradient, OfAQuadraticFormIsTwiceTheProduct) {
  const Vector d({{1.0, 2.0, 3.0}}), x({{0.1, -1.0, 2.0}});
  const auto f = [&](In<Vector> p) { return p.dot(d.asDiagonal() * p); };
  EXPECT_LE((finite_difference_gradient(f, x) - 2 * d.cwiseProduct(x)).norm(), 1e-8);
}

TEST(FiniteDifferences, TakeFunctionsOfNothing) {
  EXPECT_EQ(
      finite_difference_jacobian([](In<Vector>) -> Vector { return Vector::Ones(3); }, Vector(0))
          .rows(),
      3);
  EXPECT_EQ(finite_difference_gradient([](In<Vector>) { return 1.0; }, Vector(0)).size(), 0);
}

TEST(FiniteDifferences, RefuseAFunctionOfChangingSize) {
  const auto f = [](In<Vector> x) -> Vector { return Vector::Zero(x(0) > 0 ? 2 : 3); };
  EXPECT_THROW(finite_difference_jacobian(f, Vector::Zero(1)), std::invalid_argument);
}

/// y = tanh(A x + B u) with exact derivatives, of which one may be spoilt.
enum class Spoilt { nothing, state, input, push, blocks, pull, second, nan };

class SpoiltTanh final : public DrivenFunction {
 public:
  explicit SpoiltTanh(Spoilt spoilt) : spoilt_(spoilt) {}
  Index state_dim() const override { return 2; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = (A_ * X + B_ * U).array().tanh();
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    const Matrix G = slopes(X, U);
    const Index k = VX.cols() / X.cols();
    for (Index j = 0; j < VX.cols(); ++j) {
      const Index point = spoilt_ == Spoilt::blocks ? j % X.cols() : j / k;
      W.col(j) = G.col(point).cwiseProduct(A_ * VX.col(j) + B_ * VU.col(j));
    }
    if (spoilt_ == Spoilt::push) W(0, 0) += 0.01;
  }
  void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                 Out<Matrix> VU) const override {
    const Matrix G = slopes(X, U);
    const Index k = W.cols() / X.cols();
    for (Index j = 0; j < W.cols(); ++j) {
      VX.col(j) = A_.transpose() * G.col(j / k).cwiseProduct(W.col(j));
      VU.col(j) = B_.transpose() * G.col(j / k).cwiseProduct(W.col(j));
    }
    if (spoilt_ == Spoilt::pull) VU(0, VU.cols() - 1) += 0.01;
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    const Vector g = slopes(x, u);
    Jacobians J{g.asDiagonal() * A_, g.asDiagonal() * B_};
    if (spoilt_ == Spoilt::state) J.state(1, 0) += 0.01;
    if (spoilt_ == Spoilt::input) J.input(1, 0) += 0.01;
    if (spoilt_ == Spoilt::nan) J.state(0, 1) = std::numeric_limits<double>::quiet_NaN();
    return J;
  }
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override {
    Matrix AB(2, 3);
    AB << A_, B_;
    const Vector y = (A_ * x + B_ * u).array().tanh();
    const Vector curvature = -2 * y.array() * (1 - y.array().square()) * w.array();
    Matrix H = AB.transpose() * curvature.asDiagonal() * AB;
    if (spoilt_ == Spoilt::second) H(2, 0) += 0.01;
    return H;
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Matrix slopes(In<Matrix> X, In<Matrix> U) const {
    return 1 - (A_ * X + B_ * U).array().tanh().square();
  }

  Spoilt spoilt_;
  Matrix A_ = Matrix({{0.5, -1.0}, {0.8, 0.3}}), B_ = Matrix({{0.7}, {-0.4}});
};

DerivativeErrors errors_of(Spoilt spoilt) {
  return check_derivatives(SpoiltTanh(spoilt), Vector({{0.3, -0.2}}), Vector({{0.5}}));
}

constexpr double small = 1e-9;  // central differences of tanh, with room
constexpr double large = 4e-3;  // what a spoilt 0.01 cannot hide under

TEST(CheckDerivatives, PassesExactDerivatives) {
  EXPECT_LT(errors_of(Spoilt::nothing).largest(), small);
}

TEST(CheckDerivatives, FindsTheDerivativeThatIsWrong) {
  const DerivativeErrors state = errors_of(Spoilt::state);
  EXPECT_GT(state.jacobian_state, large);
  EXPECT_LT(std::max({state.jacobian_input, state.push_forward, state.pull_back,
                      state.second_derivative}),
            small);
  const DerivativeErrors input = errors_of(Spoilt::input);
  EXPECT_GT(input.jacobian_input, large);
  EXPECT_LT(std::max(input.jacobian_state, input.push_forward), small);
  const DerivativeErrors push = errors_of(Spoilt::push);
  EXPECT_GT(push.push_forward, large);
  EXPECT_LT(std::max(push.jacobian_state, push.pull_back), small);
  const DerivativeErrors pull = errors_of(Spoilt::pull);
  EXPECT_GT(pull.pull_back, large);
  EXPECT_LT(std::max(pull.jacobian_input, pull.push_forward), small);
  const DerivativeErrors second = errors_of(Spoilt::second);
  EXPECT_GT(second.second_derivative, large);
  EXPECT_LT(std::max(second.jacobian_state, second.pull_back), small);
}

TEST(CheckDerivatives, FindsTangentsTakenAtTheWrongPoint) {
  EXPECT_GT(errors_of(Spoilt::blocks).push_forward, 1e-5);
}

TEST(CheckDerivatives, CallsANanInfinitelyWrong) {
  EXPECT_TRUE(std::isinf(errors_of(Spoilt::nan).jacobian_state));
  EXPECT_TRUE(std::isinf(errors_of(Spoilt::nan).largest()));
}

TEST(CheckDerivatives, RefusesPointsOfAWrongSize) {
  EXPECT_THROW(check_derivatives(SpoiltTanh(Spoilt::nothing), Vector(3), Vector(1)),
               std::invalid_argument);
  EXPECT_THROW(check_derivatives(SpoiltTanh(Spoilt::nothing), Vector(2), Vector(0)),
               std::invalid_argument);
}

TEST(CheckDerivatives, TakesMapsToo) {
  const CallableMap henon(2, [](In<Vector> x) -> Vector {
    return Vector({{1 - 1.4 * x(0) * x(0) + x(1), 0.3 * x(0)}});
  });
  // The second derivative compares second differences with differences of differences, whose
  // own error is eps^(2/3) / eps^(1/3).
  const DerivativeErrors errors = check_derivatives(henon, Vector({{0.6, 0.2}}));
  EXPECT_LT(errors.jacobian_state, small);
  EXPECT_EQ(errors.jacobian_input, 0);
  EXPECT_LT(errors.push_forward, small);
  EXPECT_LT(errors.pull_back, small);
  EXPECT_LT(errors.second_derivative, 1e-4);
}

}  // namespace
}  // namespace nullcline
