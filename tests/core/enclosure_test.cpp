// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/enclosure.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "nullcline/core/map.hpp"
#include "nullcline/core/stepper.hpp"
#include "tests/core/random_matrix.hpp"

namespace nullcline {
namespace {

using Long = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

/// |A - ball| <= 0 in long double, whose products of doubles of these sizes are good to 2^-60.
bool holds(const MatrixBall& ball, const Long& A) {
  return ((A - ball.center.cast<long double>()).cwiseAbs().array() <=
          ball.radius.cast<long double>().array())
      .all();
}

/// A member of the ball, one of its corners where `corner` is set.
Long member(const MatrixBall& ball, const Matrix& choice, bool corner) {
  const Matrix t = corner ? Matrix(choice.array().sign()) : Matrix(choice.array().tanh());
  return ball.center.cast<long double>() +
         t.cast<long double>().cwiseProduct(ball.radius.cast<long double>());
}

TEST(MatrixBall, ProductsAndSumsContainThoseOfMembers) {
  const Index n = 40;
  for (const double radius : {0.0, 1e-15, 1e-3}) {
    const MatrixBall A{random_matrix<double>(n, n, 1),
                       radius * random_matrix<double>(n, n, 2).cwiseAbs()};
    const MatrixBall B{random_matrix<double>(n, 7, 3),
                       radius * random_matrix<double>(n, 7, 4).cwiseAbs()};
    const MatrixBall product = multiply(A, B), sum = B + B;
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
      const Long a = member(A, random_matrix<double>(n, n, 10 + trial), trial % 2 == 0);
      const Long b = member(B, random_matrix<double>(n, 7, 50 + trial), trial % 2 == 0);
      ASSERT_TRUE(holds(product, a * b)) << radius;
      ASSERT_TRUE(holds(sum, b + b)) << radius;
    }
    // gamma_n n for rounding, and a radius that grows with the number of terms.
    EXPECT_LE(product.radius.maxCoeff(), 2e-14 * n + 20 * radius * n);
  }
}

TEST(MatrixBall, ProductWithABoxContainsThoseOfMembers) {
  const Matrix A = random_matrix<double>(30, 20, 5);
  for (const double radius : {0.0, 1e-12, 0.1}) {
    const Vector x = random_matrix<double>(20, 1, 6);
    const Box y = product(A, box_around(x, radius));
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
      const MatrixBall ball{x, Matrix::Constant(20, 1, radius)};
      const Long exact =
          A.cast<long double>() * member(ball, random_matrix<double>(20, 1, trial), true);
      for (Index i = 0; i < 30; ++i) {
        const Interval& bound = y[static_cast<std::size_t>(i)];
        ASSERT_LE(static_cast<long double>(bound.lo), exact(i));
        ASSERT_GE(static_cast<long double>(bound.hi), exact(i));
      }
    }
  }
}

TEST(MatrixBall, UpperBoundsOfNonNegativeSumsAreNotBelowThem) {
  const Matrix A = random_matrix<double>(50, 300, 7).cwiseAbs(),
               v = random_matrix<double>(300, 1, 8).cwiseAbs();
  const Long Av = A.cast<long double>() * v.cast<long double>();
  const Long rows = A.cast<long double>().rowwise().sum();
  EXPECT_TRUE((upper_product(A, v).cast<long double>().array() >= Av.col(0).array()).all());
  EXPECT_TRUE((upper_row_sums(A).cast<long double>().array() >= rows.col(0).array()).all());
  EXPECT_LE((upper_product(A, v) - A * v).maxCoeff(), 1e-11);
}

TEST(MatrixBall, WhatIsNotFiniteStaysSo) {
  Matrix A = Matrix::Ones(2, 2);
  A(0, 0) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(multiply(MatrixBall(A), MatrixBall(Matrix::Ones(2, 2))).is_finite());
  EXPECT_THROW(multiply(MatrixBall(A), MatrixBall(Matrix::Ones(3, 2))), std::invalid_argument);
}

/// dx/dt = a x - x^3 + u, with bounds.
class Cubic final : public Flow {
 public:
  Index state_dim() const override { return 1; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = 2 * X.array() - X.array().cube() + U.array();
  }
  std::optional<Box> enclose(const Box& x, const Box& u) const override {
    return Box{Interval(2.0) * x[0] - x[0] * x[0] * x[0] + u[0]};
  }
  std::optional<JacobianBalls> enclose_jacobians(const Box& x, const Box&) const override {
    return JacobianBalls{ball_of({Interval(2.0) - Interval(3.0) * x[0] * x[0]}),
                         MatrixBall(Matrix::Ones(1, 1))};
  }
};

TEST(SteppedFlow, EnclosesItsStepsOfEveryMethod) {
  const Cubic flow;
  const Vector u = Vector::Constant(1, 0.3);
  for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
    const SteppedFlow stepped(flow, 0.05, method);
    const FrozenMap map(stepped, u);
    for (const double radius : {0.0, 1e-3, 0.2}) {
      const Box box = box_around(Vector::Constant(1, 0.7), radius);
      const Interval value = map.enclose(box)->front();
      const MatrixBall J = *map.enclose_jacobian(box);
      for (double t = -1; t <= 1; t += 0.125) {
        const Matrix x = Matrix::Constant(1, 1, 0.7 + t * radius);
        Matrix y(1, 1);
        map.step(x, y);
        EXPECT_LE(std::abs(y(0) - value.center()), value.radius() + 4e-16) << name_of(method);
        const double h = 1e-4;
        Matrix up(1, 1), down(1, 1);
        map.step(x.array() + h, up);
        map.step(x.array() - h, down);
        // Central differences: h^2 of a third derivative of order one, and eps / h.
        EXPECT_LE(std::abs((up(0) - down(0)) / (2 * h) - J.center(0)), J.radius(0) + 2e-8);
      }
      EXPECT_TRUE(radius > 0 || J.radius(0) + value.radius() <= 1e-14);
    }
  }
  const CallableMap plain(1, [](In<Vector> x) { return Vector(x); });
  EXPECT_FALSE(plain.enclose(box_around(u, 0)).has_value());
  EXPECT_FALSE(plain.enclose_jacobian(box_around(u, 0)).has_value());
}

}  // namespace
}  // namespace nullcline
