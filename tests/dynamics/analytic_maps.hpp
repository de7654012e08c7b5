// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <utility>

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics {

/// A map given by F, its Jacobian and sum_k w_k d2F_k at one state: exact derivatives.
class AnalyticMap final : public Map {
 public:
  using Function = std::function<Vector(const Vector&)>;
  using Jacobian = std::function<Matrix(const Vector&)>;
  using Second = std::function<Matrix(const Vector&, const Vector&)>;

  AnalyticMap(Index dim, Function F, Jacobian J, Second H = {})
      : dim_(dim), F_(std::move(F)), J_(std::move(J)), H_(std::move(H)) {}

  Index dim() const override { return dim_; }
  void step(In<Matrix> X, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) Y.col(b) = F_(X.col(b));
  }
  void pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const override {
    const Index k = W.cols() / X.cols();
    for (Index c = 0; c < W.cols(); ++c) V.col(c) = J_(X.col(c / k)).transpose() * W.col(c);
  }
  Matrix jacobian(In<Vector> x) const override { return J_(x); }
  Matrix second_derivative(In<Vector> x, In<Vector> w) const override {
    return H_ ? H_(x, w) : Matrix::Zero(dim_, dim_);
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Index dim_;
  Function F_;
  Jacobian J_;
  Second H_;
};

/// x -> A x + b.
inline AnalyticMap linear_map(const Matrix& A, const Vector& b) {
  return AnalyticMap(
      A.rows(), [A, b](const Vector& x) -> Vector { return A * x + b; },
      [A](const Vector&) -> Matrix { return A; });
}

/// x -> f(x) on the line.
inline AnalyticMap scalar_map(std::function<double(double)> f, std::function<double(double)> df,
                              std::function<double(double)> d2f) {
  return AnalyticMap(
      1, [f](const Vector& x) -> Vector { return Vector::Constant(1, f(x(0))); },
      [df](const Vector& x) -> Matrix { return Matrix::Constant(1, 1, df(x(0))); },
      [d2f](const Vector& x, const Vector& w) -> Matrix {
        return Matrix::Constant(1, 1, w(0) * d2f(x(0)));
      });
}

/// (x, y) -> (1 - a x^2 + y, b x).
inline AnalyticMap henon_map(double a = 1.4, double b = 0.3) {
  return AnalyticMap(
      2,
      [=](const Vector& x) -> Vector {
        return (Vector(2) << 1 - a * x(0) * x(0) + x(1), b * x(0)).finished();
      },
      [=](const Vector& x) -> Matrix {
        return (Matrix(2, 2) << -2 * a * x(0), 1, b, 0).finished();
      },
      [=](const Vector&, const Vector& w) -> Matrix {
        return (Matrix(2, 2) << -2 * a * w(0), 0, 0, 0).finished();
      });
}

/// x -> L tanh(R' x + c): L, R (n, r). With L = R = Q orthonormal and weight w, c = 0: L = Q,
/// R = w Q, r decoupled bits.
inline AnalyticMap tanh_map(const Matrix& L, const Matrix& R, const Vector& c) {
  const auto slope = [=](const Vector& x) -> Vector {
    return 1 - (R.transpose() * x + c).array().tanh().square();
  };
  return AnalyticMap(
      L.rows(),
      [=](const Vector& x) -> Vector {
        return L * (R.transpose() * x + c).array().tanh().matrix();
      },
      [=](const Vector& x) -> Matrix { return L * slope(x).asDiagonal() * R.transpose(); },
      [=](const Vector& x, const Vector& w) -> Matrix {
        const Vector t = (R.transpose() * x + c).array().tanh();
        const Vector bend = -2 * t.array() * slope(x).array() * (L.transpose() * w).array();
        return R * bend.asDiagonal() * R.transpose();
      });
}

/// z -> a z + W relu(z) + h.
inline AnalyticMap plrnn_map(const Vector& a, const Matrix& W, const Vector& h) {
  return AnalyticMap(
      a.size(),
      [=](const Vector& z) -> Vector { return a.cwiseProduct(z) + W * z.cwiseMax(0.0) + h; },
      [=](const Vector& z) -> Matrix {
        const Vector on = (z.array() > 0).cast<double>();
        Matrix J = W * on.asDiagonal();
        J.diagonal() += a;
        return J;
      });
}

/// x -> (1 - alpha) x + alpha relu(W x + c): the leaky rate network of the note.
inline AnalyticMap relu_rate_map(double alpha, const Matrix& W, const Vector& c) {
  return AnalyticMap(
      W.rows(),
      [=](const Vector& x) -> Vector {
        return (1 - alpha) * x + alpha * (W * x + c).cwiseMax(0.0);
      },
      [=](const Vector& x) -> Matrix {
        const Vector on = ((W * x + c).array() > 0).cast<double>();
        Matrix J = alpha * (on.asDiagonal() * W);
        J.diagonal().array() += 1 - alpha;
        return J;
      });
}

}  // namespace nullcline::dynamics
