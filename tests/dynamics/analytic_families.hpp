// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/dynamics/branches/continuation.hpp"
#include "nullcline/dynamics/branches/family.hpp"

namespace nullcline::dynamics {

/// A family given by F(x; p), dF/dx and dF/dp at one state.
class AnalyticFamily final : public MapFamily {
 public:
  using VectorOf = std::function<Vector(const Vector&, double)>;
  using MatrixOf = std::function<Matrix(const Vector&, double)>;
  AnalyticFamily(Index dim, VectorOf F, MatrixOf J, VectorOf in_p)
      : dim_(dim), F_(std::move(F)), J_(std::move(J)), in_p_(std::move(in_p)) {}
  Index dim() const override { return dim_; }
  void step(In<Matrix> X, double p, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) Y.col(b) = F_(X.col(b), p);
  }
  Matrix jacobian(In<Vector> x, double p) const override { return J_(x, p); }
  Vector parameter_derivative(In<Vector> x, double p) const override { return in_p_(x, p); }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Index dim_;
  VectorOf F_;
  MatrixOf J_;
  VectorOf in_p_;
};

inline Vector vector_of(std::initializer_list<double> entries) {
  Vector v(static_cast<Index>(entries.size()));
  Index i = 0;
  for (const double entry : entries) v(i++) = entry;
  return v;
}

/// x -> x + g(x, p) on the line: fixed points are the zeros of g.
inline AnalyticFamily scalar_family(std::function<double(double, double)> g,
                                    std::function<double(double, double)> dg_dx,
                                    std::function<double(double, double)> dg_dp) {
  return AnalyticFamily(
      1, [g](const Vector& x, double p) { return vector_of({x(0) + g(x(0), p)}); },
      [dg_dx](const Vector& x, double p) {
        return Matrix(Matrix::Constant(1, 1, 1 + dg_dx(x(0), p)));
      },
      [dg_dp](const Vector& x, double p) { return vector_of({dg_dp(x(0), p)}); });
}

/// x -> x + p x - x^3.
inline AnalyticFamily pitchfork_family() {
  return scalar_family([](double x, double p) { return p * x - x * x * x; },
                       [](double x, double p) { return p - 3 * x * x; },
                       [](double x, double) { return x; });
}

/// x -> p x (1 - x).
inline AnalyticFamily logistic_family() {
  return scalar_family([](double x, double p) { return p * x * (1 - x) - x; },
                       [](double x, double p) { return p * (1 - 2 * x) - 1; },
                       [](double x, double) { return x * (1 - x); });
}

/// (x, y) -> (1 - p x^2 + y, b x).
inline AnalyticFamily henon_family(double b) {
  return AnalyticFamily(
      2,
      [b](const Vector& x, double p) {
        return vector_of({1 - p * x(0) * x(0) + x(1), b * x(0)});
      },
      [b](const Vector& x, double p) {
        return Matrix((Matrix(2, 2) << -2 * p * x(0), 1, b, 0).finished());
      },
      [](const Vector& x, double) {
        return vector_of({-x(0) * x(0), 0});
      });
}

/// (x, y) -> (p x (1 - y), x).
inline AnalyticFamily delayed_logistic_family() {
  return AnalyticFamily(
      2,
      [](const Vector& x, double p) {
        return vector_of({p * x(0) * (1 - x(1)), x(0)});
      },
      [](const Vector& x, double p) {
        return Matrix((Matrix(2, 2) << p * (1 - x(1)), -p * x(0), 1, 0).finished());
      },
      [](const Vector& x, double) {
        return vector_of({x(0) * (1 - x(1)), 0});
      });
}

/// x -> tanh(w x + u) with an input u, exact.
class TanhUnit final : public DrivenMap {
 public:
  explicit TanhUnit(double w) : w_(w) {}
  Index state_dim() const override { return 1; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = (w_ * X + U).array().tanh();
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    W = slope(X(0, 0), U(0, 0)) * (w_ * VX + VU);
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    const double s = slope(x(0), u(0));
    return {Matrix::Constant(1, 1, w_ * s), Matrix::Constant(1, 1, s)};
  }
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override {
    const double y = std::tanh(w_ * x(0) + u(0));
    const Vector direction = vector_of({w_, 1});
    return -2 * y * (1 - y * y) * w(0) * direction * direction.transpose();
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  double slope(double x, double u) const {
    const double y = std::tanh(w_ * x + u);
    return 1 - y * y;
  }
  double w_;
};

inline std::vector<SpecialPoint> of_kind(const Branch& branch, SpecialKind kind) {
  std::vector<SpecialPoint> found;
  for (const SpecialPoint& point : branch.special) {
    if (point.kind == kind) found.push_back(point);
  }
  return found;
}

}  // namespace nullcline::dynamics
