// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/map.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace nullcline {
namespace {

/// (x, u) -> (sin(x_0) u, x_0 x_1^2 + u^2): only `evaluate`, derivatives by finite differences.
class Wave final : public DrivenMap {
 public:
  Index state_dim() const override { return 2; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y.row(0) = X.row(0).array().sin() * U.row(0).array();
    Y.row(1) = X.row(0).array() * X.row(1).array().square() + U.row(0).array().square();
  }
};

Jacobians wave_jacobians(const Vector& x, double u) {
  return {Matrix({{std::cos(x(0)) * u, 0.0}, {x(1) * x(1), 2 * x(0) * x(1)}}),
          Matrix({{std::sin(x(0))}, {2 * u}})};
}

/// d2 (w'y) / dz dz' at z = (x_0, x_1, u).
Matrix wave_second_derivative(const Vector& x, double u, const Vector& w) {
  return Matrix({{-w(0) * std::sin(x(0)) * u, 2 * w(1) * x(1), w(0) * std::cos(x(0))},
                 {2 * w(1) * x(1), 2 * w(1) * x(0), 0.0},
                 {w(0) * std::cos(x(0)), 0.0, 2 * w(1)}});
}

constexpr double first_order = 1e-9;   // eps^(2/3) = 4e-11, with room for third derivatives
constexpr double second_order = 1e-6;  // eps^(1/2) = 1.5e-8, the same

const Matrix X = Matrix({{0.3, -1.2}, {0.7, 2.0}});  // two states
const Matrix U = Matrix({{0.9, -0.4}});
const Matrix VX = Matrix({{1.0, 0.2, -0.3, 0.0}, {-2.0, 0.5, 0.1, 0.0}});  // two tangents each
const Matrix VU = Matrix({{0.3, -1.0, 2.0, 0.0}});

TEST(DrivenFunction, SaysThatItsDerivativesAreFiniteDifferences) {
  EXPECT_EQ(Wave().derivatives(), Derivatives::finite_differences);
}

TEST(DrivenFunction, DifferencesItsJacobians) {
  const Jacobians J = Wave().jacobians(X.col(0), U.col(0));
  const Jacobians known = wave_jacobians(X.col(0), U(0, 0));
  EXPECT_LE((J.state - known.state).norm(), first_order);
  EXPECT_LE((J.input - known.input).norm(), first_order);
}

TEST(DrivenFunction, PushesBlocksOfTangentsForward) {
  Matrix W(2, 4);
  Wave().push_forward(X, U, VX, VU, W);
  for (Index j = 0; j < 4; ++j) {
    const Jacobians J = wave_jacobians(X.col(j / 2), U(0, j / 2));
    EXPECT_LE((W.col(j) - J.state * VX.col(j) - J.input * VU.col(j)).norm(), 3 * first_order);
  }
  EXPECT_EQ(W.col(3), Vector::Zero(2));
}

TEST(DrivenFunction, PullsBlocksOfCotangentsBack) {
  Matrix back_X(2, 4), back_U(1, 4);
  Wave().pull_back(X, U, VX, back_X, back_U);
  for (Index j = 0; j < 4; ++j) {
    const Jacobians J = wave_jacobians(X.col(j / 2), U(0, j / 2));
    EXPECT_LE((back_X.col(j) - J.state.transpose() * VX.col(j)).norm(), 3 * first_order);
    EXPECT_LE((back_U.col(j) - J.input.transpose() * VX.col(j)).norm(), 3 * first_order);
  }
}

TEST(DrivenFunction, PushesTangentsOfAnyLength) {
  for (const double length : {1e-200, 1e-6, 1e6, 1e200}) {
    Matrix W(2, 1);
    Wave().push_forward(X.col(0), U.col(0), length * VX.col(0), length * VU.col(0), W);
    const Jacobians J = wave_jacobians(X.col(0), U(0, 0));
    EXPECT_LE((W / length - J.state * VX.col(0) - J.input * VU.col(0)).norm(), 3 * first_order);
  }
}

TEST(DrivenFunction, TakesSecondDifferences) {
  const Vector w({{0.8, -1.5}});
  for (Index b = 0; b < 2; ++b) {
    const Matrix H = Wave().second_derivative(X.col(b), U.col(b), w);
    EXPECT_LE((H - wave_second_derivative(X.col(b), U(0, b), w)).norm(), second_order);
    EXPECT_EQ(H, H.transpose());
  }
}

TEST(DrivenFunction, TakesNoStates) {
  Matrix W(2, 0), back_X(2, 0), back_U(1, 0);
  EXPECT_NO_THROW(Wave().push_forward(Matrix(2, 0), Matrix(1, 0), Matrix(2, 0), Matrix(1, 0), W));
  EXPECT_NO_THROW(Wave().pull_back(Matrix(2, 0), Matrix(1, 0), W, back_X, back_U));
}

TEST(DrivenFunction, RefusesTangentsThatDoNotDivideAmongTheStates) {
  Matrix W(2, 3);
  EXPECT_THROW(Wave().push_forward(X, U, VX.leftCols(3), VU.leftCols(3), W), std::invalid_argument);
}

/// Exact Jacobians make the default pull-back exact.
class WithJacobians final : public DrivenFunction {
 public:
  Index state_dim() const override { return 2; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> states, In<Matrix> inputs, Out<Matrix> Y) const override {
    Wave().evaluate(states, inputs, Y);
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override { return wave_jacobians(x, u(0)); }
};

TEST(DrivenFunction, UsesGivenJacobiansToPullBack) {
  Matrix back_X(2, 4), back_U(1, 4);
  WithJacobians().pull_back(X, U, VX, back_X, back_U);
  const Jacobians J = wave_jacobians(X.col(1), U(0, 1));
  EXPECT_LE((back_X.col(2) - J.state.transpose() * VX.col(2)).norm(), 1e-15);
}

TEST(FrozenMap, IsTheDrivenMapAtAConstantInput) {
  const Wave wave;
  const FrozenMap frozen(wave, U.col(0));
  Matrix Y(2, 2), expected(2, 2);
  frozen.step(X, Y);
  wave.evaluate(X, U.col(0).replicate(1, 2), expected);
  EXPECT_EQ(Y, expected);
  EXPECT_EQ(frozen.dim(), 2);
  EXPECT_EQ(frozen.derivatives(), Derivatives::finite_differences);
}

TEST(FrozenMap, HasTheDerivativesByTheStateAlone) {
  const Wave wave;
  const FrozenMap frozen(wave, U.col(0));
  const Vector w({{0.8, -1.5}});
  Matrix pushed(2, 4), pulled(2, 4);
  frozen.push_forward(X, VX, pushed);
  frozen.pull_back(X, VX, pulled);
  for (Index j = 0; j < 4; ++j) {
    const Matrix J = wave_jacobians(X.col(j / 2), U(0, 0)).state;
    EXPECT_LE((pushed.col(j) - J * VX.col(j)).norm(), 3 * first_order);
    EXPECT_LE((pulled.col(j) - J.transpose() * VX.col(j)).norm(), 3 * first_order);
  }
  EXPECT_LE((frozen.jacobian(X.col(1)) - wave_jacobians(X.col(1), U(0, 0)).state).norm(),
            3 * first_order);
  EXPECT_LE((frozen.second_derivative(X.col(1), w) -
             wave_second_derivative(X.col(1), U(0, 0), w).topLeftCorner(2, 2))
                .norm(),
            second_order);
}

TEST(FrozenMap, RefusesAnInputOfAnotherSize) {
  const Wave wave;
  EXPECT_THROW(FrozenMap(wave, Vector::Zero(2)), std::invalid_argument);
}

/// (x, y) -> (1 - a x^2 + y, b x)
CallableMap henon(double a = 1.4, double b = 0.3) {
  return CallableMap(2, [a, b](In<Vector> x) -> Vector {
    return Vector({{1 - a * x(0) * x(0) + x(1), b * x(0)}});
  });
}

TEST(CallableMap, StepsEachColumn) {
  Matrix Y(2, 2);
  henon().step(X, Y);
  for (Index b = 0; b < 2; ++b) {
    EXPECT_EQ(Y(0, b), 1 - 1.4 * X(0, b) * X(0, b) + X(1, b));
    EXPECT_EQ(Y(1, b), 0.3 * X(0, b));
  }
}

TEST(CallableMap, HasDerivativesByFiniteDifferences) {
  const CallableMap map = henon();
  const Vector x = X.col(0), w({{2.0, 1.0}});
  const Matrix known = Matrix({{-2.8 * x(0), 1.0}, {0.3, 0.0}});
  EXPECT_EQ(map.derivatives(), Derivatives::finite_differences);
  EXPECT_LE((map.jacobian(x) - known).norm(), first_order);
  Matrix pushed(2, 4), pulled(2, 4);
  map.push_forward(X, VX, pushed);
  map.pull_back(X, VX, pulled);
  EXPECT_LE((pushed.leftCols(2) - known * VX.leftCols(2)).norm(), 3 * first_order);
  EXPECT_LE((pulled.leftCols(2) - known.transpose() * VX.leftCols(2)).norm(), 3 * first_order);
  EXPECT_LE((map.second_derivative(x, w) - Matrix({{-5.6, 0.0}, {0.0, 0.0}})).norm(), second_order);
}

TEST(CallableMap, RefusesAFunctionThatReturnsAnotherSize) {
  const CallableMap wrong(2, [](In<Vector>) -> Vector { return Vector::Zero(3); });
  Matrix Y(2, 1);
  EXPECT_THROW(wrong.step(Matrix::Zero(2, 1), Y), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
