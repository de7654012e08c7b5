// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/family.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "nullcline/core/finite_differences.hpp"
#include "tests/dynamics/analytic_families.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

struct Errors {
  double jacobian, parameter_derivative, second_derivative;
};

/// Against central differences in z = (x, p) of the derivative below, as check_derivatives.
Errors errors_at(const MapFamily& family, const Vector& x, double p, const Vector& w) {
  const Index n = family.dim();
  Vector z(n + 1);
  z << x, p;
  const Matrix first = finite_difference_jacobian(
      [&](In<Vector> at) {
        Vector y(n);
        family.step(at.head(n), at(n), y);
        return y;
      },
      z);
  const Matrix second = finite_difference_jacobian(
      [&](In<Vector> at) {
        const Vector state = at.head(n);
        Vector g(n + 1);
        g << family.jacobian(state, at(n)).transpose() * w,
            w.dot(family.parameter_derivative(state, at(n)));
        return g;
      },
      z);
  return {(family.jacobian(x, p) - first.leftCols(n)).cwiseAbs().maxCoeff(),
          (family.parameter_derivative(x, p) - first.col(n)).cwiseAbs().maxCoeff(),
          (family.second_derivative(x, p, w) - second).cwiseAbs().maxCoeff()};
}

/// Central differences err by eps^(2/3) times third derivatives, a few here.
void expect_exact(const MapFamily& family, const Vector& x, double p, const Vector& w) {
  const Errors errors = errors_at(family, x, p, w);
  EXPECT_LE(errors.jacobian, 1e-8);
  EXPECT_LE(errors.parameter_derivative, 1e-8);
  EXPECT_LE(errors.second_derivative, 1e-8);
  EXPECT_EQ(family.derivatives(), Derivatives::exact);
}

/// y = tanh(A x + B u), with exact derivatives to second order.
class TanhLayer final : public DrivenMap {
 public:
  TanhLayer(Matrix A, Matrix B) : A_(std::move(A)), B_(std::move(B)) {}
  Index state_dim() const override { return A_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = (A_ * X + B_ * U).array().tanh();
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    for (Index c = 0; c < VX.cols(); ++c) {
      const Index b = c / (VX.cols() / X.cols());
      const Jacobians at = jacobians(X.col(b), U.col(b));
      W.col(c) = at.state * VX.col(c) + at.input * VU.col(c);
    }
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    const Vector slope = 1 - (A_ * x + B_ * u).array().tanh().square();
    return {slope.asDiagonal() * A_, slope.asDiagonal() * B_};
  }
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override {
    const Vector y = (A_ * x + B_ * u).array().tanh();
    const Vector bend = -2 * y.array() * (1 - y.array().square()) * w.array();
    Matrix AB(A_.rows(), A_.cols() + B_.cols());
    AB << A_, B_;
    return AB.transpose() * bend.asDiagonal() * AB;
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Matrix A_, B_;
};

const Vector x3 = vector_of({0.3, -0.7, 0.5});
const Vector w3 = vector_of({1.0, -2.0, 0.5});

TEST(MapFamily, DifferencesWhatIsNotGiven) {
  class Only final : public MapFamily {
   public:
    Index dim() const override { return 3; }
    void step(In<Matrix> X, double p, Out<Matrix> Y) const override { Y = (p * X).array().sin(); }
  };
  const Only family;
  const Matrix J = (0.8 * (0.8 * x3).array().cos()).matrix().asDiagonal();
  EXPECT_LE((family.jacobian(x3, 0.8) - J).norm(), 1e-9);
  const Vector in_p = x3.array() * (0.8 * x3).array().cos();
  EXPECT_LE((family.parameter_derivative(x3, 0.8) - in_p).norm(), 1e-9);
  // w'd2F/dp2 = -sum w x^2 sin(p x). Differences of differences: eps^(2/3) / eps^(1/3).
  const Matrix H = family.second_derivative(x3, 0.8, w3);
  const double in_pp = -(w3.array() * x3.array().square() * (0.8 * x3).array().sin()).sum();
  EXPECT_NEAR(H(3, 3), in_pp, 1e-4);
  EXPECT_EQ(family.derivatives(), Derivatives::finite_differences);
}

TEST(InputLine, HasExactDerivatives) {
  const TanhLayer layer(random_matrix(3, 3, 0.8, 1), random_matrix(3, 2, 1, 2));
  const Vector u0 = vector_of({0.2, -0.4}), u1 = vector_of({-1.0, 0.7});
  const InputLine family(layer, u0, u1);
  expect_exact(family, x3, 0.3, w3);
  Vector y(3), expected(3);
  family.step(x3, 1, y);
  layer.evaluate(x3, u1, expected);
  EXPECT_LE((y - expected).norm(), 1e-15);
  EXPECT_THROW(InputLine(layer, u0, x3), std::invalid_argument);
}

TEST(Blend, HasExactDerivativesAndBothEnds) {
  const Matrix I = Matrix::Identity(3, 3);
  const auto F0 = tanh_map(I, random_matrix(3, 3, 0.8, 3), Vector::Zero(3));
  const auto F1 = tanh_map(I, random_matrix(3, 3, 0.8, 4), x3);
  const Blend family(F0, F1);
  expect_exact(family, x3, 0.3, w3);
  Vector y(3), expected(3);
  family.step(x3, 0, y);
  F0.step(x3, expected);
  EXPECT_EQ(y, expected);
  family.step(x3, 1, y);
  F1.step(x3, expected);
  EXPECT_EQ(y, expected);
  EXPECT_THROW(Blend(F0, henon_map()), std::invalid_argument);
}

TEST(CallableFamily, TakesDerivativesInTheStateFromItsMaps) {
  const Matrix W = random_matrix(3, 3, 0.8, 5), I = Matrix::Identity(3, 3);
  const auto gain = [&](double p) -> std::unique_ptr<Map> {
    return std::make_unique<AnalyticMap>(tanh_map(I, p * W, Vector::Zero(3)));
  };
  const CallableFamily family(3, gain, 1);
  // Differences of differences in p: eps^(2/3) / eps^(1/3).
  const Errors errors = errors_at(family, x3, 1.3, w3);
  EXPECT_LE(errors.jacobian, 1e-8);
  EXPECT_LE(errors.parameter_derivative, 1e-8);
  EXPECT_LE(errors.second_derivative, 1e-4);
  EXPECT_EQ(family.derivatives(), Derivatives::exact);
  EXPECT_EQ(family.jacobian(x3, 1.3), gain(1.3)->jacobian(x3));
  EXPECT_THROW(CallableFamily(2, gain, 1), std::invalid_argument);
  EXPECT_THROW(CallableFamily(3, {}, 1), std::invalid_argument);
  EXPECT_THROW(CallableFamily(
                   3, [](double) { return std::unique_ptr<Map>(); }, 1),
               std::invalid_argument);
}

TEST(IteratedFamily, HasTheDerivativesOfTheChain) {
  const auto henon = henon_family(0.3);
  for (const Index k : {1, 2, 3}) {
    const IteratedFamily family(henon, k);
    expect_exact(family, vector_of({0.3, 0.1}), 0.9, vector_of({1.0, -2.0}));
  }
  const IteratedFamily twice(henon, 2);
  Vector once(2), expected(2), y(2);
  henon.step(vector_of({0.3, 0.1}), 0.9, once);
  henon.step(once, 0.9, expected);
  twice.step(vector_of({0.3, 0.1}), 0.9, y);
  EXPECT_EQ(y, expected);
  EXPECT_THROW(IteratedFamily(henon, 0), std::invalid_argument);
}

TEST(FamilyMember, IsTheMapOfItsParameter) {
  const auto henon = henon_family(0.3);
  const FamilyMember member(henon, 1.4);
  const AnalyticMap map = henon_map();
  const Vector x = vector_of({0.3, 0.1});
  Vector y(2), expected(2);
  member.step(x, y);
  map.step(x, expected);
  EXPECT_EQ(y, expected);
  EXPECT_LE(check_derivatives(member, x).largest(), 1e-8);
}

}  // namespace
}  // namespace nullcline::dynamics
