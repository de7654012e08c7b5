// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::dynamics {

/// A flow of few variables without input: f(x, y) writes dx/dt at x into y, df(x, v, w) its
/// derivative along v into w (all double*).
template <class F, class DF>
class SmallFlow final : public Flow {
 public:
  SmallFlow(Index n, F f, DF df) : n_(n), f_(f), df_(df) {}
  Index state_dim() const override { return n_; }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) f_(X.col(b).data(), Y.col(b).data());
  }
  void push_forward(In<Matrix> X, In<Matrix>, In<Matrix> VX, In<Matrix>,
                    Out<Matrix> W) const override {
    const Index k = VX.cols() / X.cols();
    for (Index c = 0; c < VX.cols(); ++c) {
      df_(X.col(c / k).data(), VX.col(c).data(), W.col(c).data());
    }
  }
  Jacobians jacobians(In<Vector> x, In<Vector>) const override {
    Matrix J(n_, n_);
    const Matrix I = Matrix::Identity(n_, n_);
    for (Index c = 0; c < n_; ++c) df_(x.data(), I.col(c).data(), J.col(c).data());
    return {J, Matrix(n_, 0)};
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

  void at(const double* x, double* y) const { f_(x, y); }
  void along(const double* x, const double* v, double* w) const { df_(x, v, w); }

 private:
  Index n_;
  F f_;
  DF df_;
};

inline auto lorenz(double sigma = 10, double rho = 28, double beta = 8.0 / 3) {
  return SmallFlow(
      3,
      [=](const double* x, double* y) {
        y[0] = sigma * (x[1] - x[0]);
        y[1] = x[0] * (rho - x[2]) - x[1];
        y[2] = x[0] * x[1] - beta * x[2];
      },
      [=](const double* x, const double* v, double* w) {
        w[0] = sigma * (v[1] - v[0]);
        w[1] = v[0] * (rho - x[2]) - x[0] * v[2] - v[1];
        w[2] = v[0] * x[1] + x[0] * v[1] - beta * v[2];
      });
}

inline auto rossler(double a = 0.2, double b = 0.2, double c = 5.7) {
  return SmallFlow(
      3,
      [=](const double* x, double* y) {
        y[0] = -x[1] - x[2];
        y[1] = x[0] + a * x[1];
        y[2] = b + x[2] * (x[0] - c);
      },
      [=](const double* x, const double* v, double* w) {
        w[0] = -v[1] - v[2];
        w[1] = v[0] + a * v[1];
        w[2] = v[2] * (x[0] - c) + x[2] * v[0];
      });
}

/// r' = r (mu - r^2), theta' = omega in the plane: a limit cycle of radius sqrt(mu) and period
/// 2 pi / omega, exponents 0 and -2 mu.
inline auto stuart_landau(double mu = 1, double omega = 1) {
  return SmallFlow(
      2,
      [=](const double* x, double* y) {
        const double g = mu - x[0] * x[0] - x[1] * x[1];
        y[0] = g * x[0] - omega * x[1];
        y[1] = g * x[1] + omega * x[0];
      },
      [=](const double* x, const double* v, double* w) {
        const double g = mu - x[0] * x[0] - x[1] * x[1];
        const double dg = -2 * (x[0] * v[0] + x[1] * v[1]);
        w[0] = g * v[0] + dg * x[0] - omega * v[1];
        w[1] = g * v[1] + dg * x[1] + omega * v[0];
      });
}

/// tau x' = -x + J tanh(x).
class RandomRateFlow final : public Flow {
 public:
  RandomRateFlow(Matrix J, double tau) : J_(std::move(J)), tau_(tau) {}
  Index state_dim() const override { return J_.rows(); }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    const Matrix R = X.array().tanh();
    Y = (multiply(J_, R) - X) / tau_;
  }
  void push_forward(In<Matrix> X, In<Matrix>, In<Matrix> VX, In<Matrix>,
                    Out<Matrix> W) const override {
    const Matrix slope = 1 - X.array().tanh().square();
    Matrix S = VX;
    const Index k = VX.cols() / X.cols();
    for (Index c = 0; c < VX.cols(); ++c) S.col(c).array() *= slope.col(c / k).array();
    W = (multiply(J_, S) - VX) / tau_;
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Matrix J_;
  double tau_;
};

/// (x, u) -> J tanh(x) + u.
class DrivenTanhMap final : public DrivenMap {
 public:
  explicit DrivenTanhMap(Matrix J) : J_(std::move(J)) {}
  Index state_dim() const override { return J_.rows(); }
  Index input_dim() const override { return J_.rows(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    const Matrix R = X.array().tanh();
    Y = multiply(J_, R) + U;
  }
  void push_forward(In<Matrix> X, In<Matrix>, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    const Matrix slope = 1 - X.array().tanh().square();
    Matrix S = VX;
    const Index k = VX.cols() / X.cols();
    for (Index c = 0; c < VX.cols(); ++c) S.col(c).array() *= slope.col(c / k).array();
    W = multiply(J_, S) + VU;
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Matrix J_;
};

/// (x, u) -> scale A(u) x, the n^2 inputs being the entries of A.
class ProductOfInputs final : public DrivenMap {
 public:
  ProductOfInputs(Index n, double scale) : n_(n), scale_(scale) {}
  Index state_dim() const override { return n_; }
  Index input_dim() const override { return n_ * n_; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) Y.col(b) = scale_ * U.col(b).reshaped(n_, n_) * X.col(b);
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix>,
                    Out<Matrix> W) const override {
    const Index k = VX.cols() / X.cols();
    for (Index b = 0; b < X.cols(); ++b) {
      const Matrix A = scale_ * U.col(b).reshaped(n_, n_);
      W.middleCols(b * k, k) = A * VX.middleCols(b * k, k);
    }
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Index n_;
  double scale_;
};

}  // namespace nullcline::dynamics
