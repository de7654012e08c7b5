// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/cycles/detail/shooting.hpp"

namespace nullcline::dynamics::detail {

/// f(x, u) at one state.
inline Vector velocity(const Flow& flow, In<Vector> u, In<Vector> x) {
  Vector v(x.size());
  flow.evaluate(x, u, v);
  return v;
}

/// d(x, T)/ds = (T f(x, u), 0): time in units of the period, which becomes a state, so that the
/// derivatives of a step by x and by T come together.
class PeriodFlow final : public Flow {
 public:
  explicit PeriodFlow(const Flow& flow) : flow_(flow), n_(flow.state_dim()) {}
  Index state_dim() const override { return n_ + 1; }
  Index input_dim() const override { return flow_.input_dim(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Matrix f(n_, X.cols());
    flow_.evaluate(X.topRows(n_), U, f);
    Y.topRows(n_) = f * X.row(n_).asDiagonal();
    Y.row(n_).setZero();
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    const double T = x(n_);
    const Jacobians J = flow_.jacobians(x.head(n_), u);
    Jacobians scaled{Matrix::Zero(n_ + 1, n_ + 1), Matrix::Zero(n_ + 1, input_dim())};
    scaled.state.topLeftCorner(n_, n_) = T * J.state;
    scaled.state.topRightCorner(n_, 1) = velocity(flow_, u, x.head(n_));
    scaled.input.topRows(n_) = T * J.input;
    return scaled;
  }
  Derivatives derivatives() const override { return flow_.derivatives(); }

 private:
  const Flow& flow_;
  Index n_;
};

/// phi(x_i) - x_{i+1} = 0 at each node, phi being `steps` Runge-Kutta steps of T / (nodes steps)
/// each, and normal . (x_1 - anchor) = 0, normal along f(anchor); unknowns (x_1, ..., x_nodes, T).
class FlowShooting final : public ShootingProblem {
 public:
  FlowShooting(const Flow& flow, In<Vector> u, In<Vector> anchor, Index nodes, Index steps)
      : n_(flow.state_dim()),
        nodes_(nodes),
        steps_(steps),
        scaled_(flow),
        stepper_(scaled_, 1.0 / static_cast<double>(nodes * steps), Method::rk4),
        step_(stepper_, u),
        anchor_(anchor),
        normal_(velocity(flow, u, anchor).normalized()) {}

  Vector residual(In<Vector> z) const override {
    Matrix X = with_period(z), next(n_ + 1, nodes_);
    for (Index s = 0; s < steps_; ++s) {
      step_.step(X, next);
      X.swap(next);
    }
    Vector g(z.size());
    for (Index i = 0; i < nodes_; ++i) {
      g.segment(i * n_, n_) = X.col(i).head(n_) - z.segment(((i + 1) % nodes_) * n_, n_);
    }
    g(z.size() - 1) = normal_.dot(z.head(n_) - anchor_);
    return g;
  }

  CyclicSystem linearize(In<Vector> z) const override {
    const Matrix X = with_period(z);
    CyclicSystem A;
    for (Index i = 0; i < nodes_; ++i) {
      Vector x = X.col(i), next(n_ + 1);
      Matrix D = Matrix::Identity(n_ + 1, n_ + 1);
      for (Index s = 0; s < steps_; ++s) {
        D = step_.jacobian(x) * D;
        step_.step(x, next);
        x.swap(next);
      }
      A.J.emplace_back(D.topLeftCorner(n_, n_));
      A.T.emplace_back(D.topRightCorner(n_, 1));
    }
    A.P.resize(1, n_ + 1);
    A.P << normal_.transpose(), 0.0;
    return A;
  }

  double largest_state(In<Vector> z) const override {
    return with_period(z).topRows(n_).colwise().norm().maxCoeff();
  }

  /// The orbit at every step of the period.    (n, nodes steps)
  Matrix orbit(In<Vector> z) const {
    Matrix X = with_period(z), next(n_ + 1, nodes_), states(n_, nodes_ * steps_);
    for (Index s = 0; s < steps_; ++s) {
      for (Index i = 0; i < nodes_; ++i) states.col(i * steps_ + s) = X.col(i).head(n_);
      step_.step(X, next);
      X.swap(next);
    }
    return states;
  }

 private:
  Matrix with_period(In<Vector> z) const {
    Matrix X(n_ + 1, nodes_);
    X.topRows(n_) = z.head(n_ * nodes_).reshaped(n_, nodes_);
    X.row(n_).setConstant(z(n_ * nodes_));
    return X;
  }

  Index n_, nodes_, steps_;
  PeriodFlow scaled_;
  SteppedFlow stepper_;
  FrozenMap step_;
  Vector anchor_, normal_;
};

}  // namespace nullcline::dynamics::detail
