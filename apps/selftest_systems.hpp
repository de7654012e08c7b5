// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/map.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::apps {

/// y = f(x, u) of n numbers of state and m of input, Base being DrivenMap or Flow, and the
/// derivative of f along (v, r). All of it double*.
template <class Base>
class System final : public Base {
 public:
  using Function = std::function<void(const double* x, const double* u, double* y)>;
  using Derivative = std::function<void(const double* x, const double* u, const double* v,
                                        const double* r, double* w)>;
  System(Index n, Index m, Function f, Derivative df, Vector bound = {})
      : n_(n), m_(m), f_(std::move(f)), df_(std::move(df)), bound_(std::move(bound)) {}

  Index state_dim() const override { return n_; }
  Index input_dim() const override { return m_; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) f_(X.col(b).data(), U.col(b).data(), Y.col(b).data());
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    const Index k = X.cols() > 0 ? VX.cols() / X.cols() : 0;
    for (Index c = 0; c < VX.cols(); ++c) {
      df_(X.col(c / k).data(), U.col(c / k).data(), VX.col(c).data(), VU.col(c).data(),
          W.col(c).data());
    }
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    const Matrix I = Matrix::Identity(n_ + m_, n_ + m_);
    Matrix J(n_, n_ + m_);
    for (Index c = 0; c < n_ + m_; ++c) {
      df_(x.data(), u.data(), I.col(c).data(), I.col(c).data() + n_, J.col(c).data());
    }
    return {J.leftCols(n_), J.rightCols(m_)};
  }
  Derivatives derivatives() const override { return Derivatives::exact; }
  Vector state_bound() const override { return bound_.size() > 0 ? bound_ : Base::state_bound(); }

 private:
  Index n_, m_;
  Function f_;
  Derivative df_;
  Vector bound_;  // empty for none
};

using MapSystem = System<DrivenMap>;
using FlowSystem = System<Flow>;

/// Standard normal numbers, the same on every machine.
inline Matrix normal_matrix(Index rows, Index cols, double scale, std::uint64_t seed) {
  RandomStream stream({seed, 0, Purpose::analysis_starts, 0});
  Matrix A(rows, cols);
  for (double& entry : A.reshaped()) entry = scale * stream.normal();
  return A;
}

/// x' = r x (1 - x), the input being r.
inline MapSystem logistic_map() {
  return MapSystem(
      1, 1, [](const double* x, const double* r, double* y) { *y = *r * *x * (1 - *x); },
      [](const double* x, const double* r, const double* v, const double* q, double* w) {
        *w = *r * (1 - 2 * *x) * *v + *q * *x * (1 - *x);
      });
}

/// (x, y)' = (1 - a x^2 + y, 0.3 x), the input being a.
inline MapSystem henon_map() {
  return MapSystem(
      2, 1,
      [](const double* x, const double* a, double* y) {
        y[0] = 1 - *a * x[0] * x[0] + x[1];
        y[1] = 0.3 * x[0];
      },
      [](const double* x, const double* a, const double* v, const double* q, double* w) {
        w[0] = -2 * *a * x[0] * v[0] + v[1] - *q * x[0] * x[0];
        w[1] = 0.3 * v[0];
      });
}

/// Lorenz' flow, the input being rho.
inline FlowSystem lorenz_flow(double sigma = 10, double beta = 8.0 / 3) {
  return FlowSystem(
      3, 1,
      [=](const double* x, const double* rho, double* y) {
        y[0] = sigma * (x[1] - x[0]);
        y[1] = x[0] * (*rho - x[2]) - x[1];
        y[2] = x[0] * x[1] - beta * x[2];
      },
      [=](const double* x, const double* rho, const double* v, const double* q, double* w) {
        w[0] = sigma * (v[1] - v[0]);
        w[1] = v[0] * (*rho - x[2]) + x[0] * (*q - v[2]) - v[1];
        w[2] = v[0] * x[1] + x[0] * v[1] - beta * v[2];
      });
}

/// r' = r (mu - r^2), theta' = omega in the plane.
inline FlowSystem stuart_landau_flow(double mu, double omega) {
  return FlowSystem(
      2, 0,
      [=](const double* x, const double*, double* y) {
        const double g = mu - x[0] * x[0] - x[1] * x[1];
        y[0] = g * x[0] - omega * x[1];
        y[1] = g * x[1] + omega * x[0];
      },
      [=](const double* x, const double*, const double* v, const double*, double* w) {
        const double g = mu - x[0] * x[0] - x[1] * x[1];
        const double dg = -2 * (x[0] * v[0] + x[1] * v[1]);
        w[0] = g * v[0] + dg * x[0] - omega * v[1];
        w[1] = g * v[1] + dg * x[1] + omega * v[0];
      });
}

/// x' = W tanh(V x), W (n, k), V (k, n): as a map.
inline MapSystem tanh_map(Matrix W, Matrix V) {
  const Index n = W.rows();
  const auto vector = [n](const double* x) { return Eigen::Map<const Vector>(x, n); };
  return MapSystem(
      n, 0,
      [=](const double* x, const double*, double* y) {
        Eigen::Map<Vector>(y, n) = W * (V * vector(x)).array().tanh().matrix();
      },
      [=](const double* x, const double*, const double* v, const double*, double* w) {
        const Vector slope = 1 - (V * vector(x)).array().tanh().square();
        Eigen::Map<Vector>(w, n) = W * slope.cwiseProduct(V * vector(v));
      },
      W.cwiseAbs().rowwise().sum());
}

/// Three bits x = tanh(w x) that do not influence each other, in a subspace of R^20.
struct LatentBits {
  Matrix Q = orthonormal_basis(normal_matrix(20, 3, 1, 2));
  MapSystem driven;
  FrozenMap map;
  explicit LatentBits(double w) : driven(tanh_map(Q, w * Q.transpose())), map(driven, Vector(0)) {}
};

}  // namespace nullcline::apps
