// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/family.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics {
namespace {

double difference_step(double at) {
  static const double step = std::cbrt(std::numeric_limits<double>::epsilon());
  return step * std::max(1.0, std::abs(at));
}

/// d(w'F)/dz' (n + 1), z = (x, p).
Vector gradient(const MapFamily& family, In<Vector> x, double p, In<Vector> w) {
  Vector g(x.size() + 1);
  g << family.jacobian(x, p).transpose() * w, w.dot(family.parameter_derivative(x, p));
  return g;
}

}  // namespace

Matrix MapFamily::jacobian(In<Vector> x, double p) const {
  const Index n = dim();
  Matrix points = x.replicate(1, 2 * n), values(n, 2 * n), J(n, n);
  for (Index j = 0; j < n; ++j) {
    points(j, 2 * j) += difference_step(x(j));
    points(j, 2 * j + 1) -= difference_step(x(j));
  }
  step(points, p, values);
  for (Index j = 0; j < n; ++j) {
    J.col(j) = (values.col(2 * j) - values.col(2 * j + 1)) / (2 * difference_step(x(j)));
  }
  return J;
}

Vector MapFamily::parameter_derivative(In<Vector> x, double p) const {
  const double h = difference_step(p);
  Vector above(dim()), below(dim());
  step(x, p + h, above);
  step(x, p - h, below);
  return (above - below) / (2 * h);
}

Matrix MapFamily::second_derivative(In<Vector> x, double p, In<Vector> w) const {
  const Index n = dim();
  Matrix H(n + 1, n + 1);
  for (Index j = 0; j <= n; ++j) {
    const double h = difference_step(j < n ? x(j) : p), in_p = j < n ? 0 : h;
    Vector in_x = Vector::Zero(n);
    if (j < n) in_x(j) = h;
    H.col(j) =
        (gradient(*this, x + in_x, p + in_p, w) - gradient(*this, x - in_x, p - in_p, w)) / (2 * h);
  }
  return 0.5 * (H + H.transpose());
}

void FamilyMember::push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const {
  const Index B = X.cols();
  require(B == 0 ? V.cols() == 0 : V.cols() % B == 0,
          "FamilyMember: the number of tangents must be a multiple of the number of states");
  for (Index b = 0; b < B; ++b) {
    const Index k = V.cols() / B;
    W.middleCols(b * k, k).noalias() = jacobian(X.col(b)) * V.middleCols(b * k, k);
  }
}

Matrix FamilyMember::second_derivative(In<Vector> x, In<Vector> w) const {
  return family_.second_derivative(x, p_, w).topLeftCorner(dim(), dim());
}

InputLine::InputLine(const DrivenMap& driven, In<Vector> u0, In<Vector> u1)
    : driven_(driven), start_(u0) {
  require(u0.size() == driven.input_dim() && u1.size() == driven.input_dim(),
          "InputLine: u0 and u1 must have the dimension of the input");
  direction_ = u1 - u0;
}

void InputLine::step(In<Matrix> X, double p, Out<Matrix> Y) const {
  driven_.evaluate(X, input(p).replicate(1, X.cols()), Y);
}

Matrix InputLine::jacobian(In<Vector> x, double p) const {
  return driven_.jacobians(x, input(p)).state;
}

Vector InputLine::parameter_derivative(In<Vector> x, double p) const {
  Vector derivative(dim());
  driven_.push_forward(x, input(p), Vector::Zero(dim()), direction_, derivative);
  return derivative;
}

Matrix InputLine::second_derivative(In<Vector> x, double p, In<Vector> w) const {
  const Index n = dim(), m = direction_.size();
  const Matrix in_xu = driven_.second_derivative(x, input(p), w);
  Matrix H(n + 1, n + 1);
  H.topLeftCorner(n, n) = in_xu.topLeftCorner(n, n);
  H.topRightCorner(n, 1) = in_xu.topRightCorner(n, m) * direction_;
  H.bottomLeftCorner(1, n) = H.topRightCorner(n, 1).transpose();
  H(n, n) = direction_.dot(in_xu.bottomRightCorner(m, m) * direction_);
  return H;
}

Blend::Blend(const Map& F0, const Map& F1) : F0_(F0), F1_(F1) {
  require(F0.dim() == F1.dim(), "Blend: both maps must have one dimension");
}

void Blend::step(In<Matrix> X, double p, Out<Matrix> Y) const {
  Matrix Y0(X.rows(), X.cols());
  F0_.step(X, Y0);
  F1_.step(X, Y);
  Y = (1 - p) * Y0 + p * Y;
}

Matrix Blend::jacobian(In<Vector> x, double p) const {
  return (1 - p) * F0_.jacobian(x) + p * F1_.jacobian(x);
}

Vector Blend::parameter_derivative(In<Vector> x, double) const {
  Vector y0(dim()), y1(dim());
  F0_.step(x, y0);
  F1_.step(x, y1);
  return y1 - y0;
}

Matrix Blend::second_derivative(In<Vector> x, double p, In<Vector> w) const {
  const Index n = dim();
  Matrix H = Matrix::Zero(n + 1, n + 1);
  H.topLeftCorner(n, n) = (1 - p) * F0_.second_derivative(x, w) + p * F1_.second_derivative(x, w);
  H.topRightCorner(n, 1) = (F1_.jacobian(x) - F0_.jacobian(x)).transpose() * w;
  H.bottomLeftCorner(1, n) = H.topRightCorner(n, 1).transpose();
  return H;
}

Derivatives Blend::derivatives() const {
  const bool exact = F0_.derivatives() == Derivatives::exact;
  return exact ? F1_.derivatives() : Derivatives::finite_differences;
}

CallableFamily::CallableFamily(Index dim, MapAt map_at, double p)
    : dim_(dim), map_at_(std::move(map_at)) {
  require(dim > 0 && map_at_, "CallableFamily: need dim > 0 and a function");
  derivatives_ = at(p)->derivatives();
}

std::unique_ptr<Map> CallableFamily::at(double p) const {
  std::unique_ptr<Map> map = map_at_(p);
  require(map && map->dim() == dim_, "CallableFamily: the function must return maps of size dim");
  return map;
}

void CallableFamily::step(In<Matrix> X, double p, Out<Matrix> Y) const { at(p)->step(X, Y); }

Matrix CallableFamily::jacobian(In<Vector> x, double p) const { return at(p)->jacobian(x); }

IteratedFamily::IteratedFamily(const MapFamily& family, Index k) : family_(family), k_(k) {
  require(k > 0, "IteratedFamily: need k > 0");
}

void IteratedFamily::step(In<Matrix> X, double p, Out<Matrix> Y) const {
  Matrix state = X;
  for (Index j = 0; j < k_; ++j) {
    family_.step(state, p, Y);
    state = Y;
  }
}

Matrix IteratedFamily::jacobian(In<Vector> x, double p) const {
  Matrix J = family_.jacobian(x, p);
  Vector state = x, next(x.size());
  for (Index j = 1; j < k_; ++j) {
    family_.step(state, p, next);
    state.swap(next);
    J = (family_.jacobian(state, p) * J).eval();
  }
  return J;
}

Vector IteratedFamily::parameter_derivative(In<Vector> x, double p) const {
  Vector d = family_.parameter_derivative(x, p);
  Vector state = x, next(x.size());
  for (Index j = 1; j < k_; ++j) {
    family_.step(state, p, next);
    state.swap(next);
    d = (family_.jacobian(state, p) * d + family_.parameter_derivative(state, p)).eval();
  }
  return d;
}

Matrix IteratedFamily::second_derivative(In<Vector> x, double p, In<Vector> w) const {
  const Index n = dim();
  std::vector<Vector> states{x};
  std::vector<Matrix> jacobians, Z{Matrix::Identity(n + 1, n + 1)};
  for (Index j = 0; j < k_; ++j) {
    const Vector state = states.back();
    jacobians.push_back(family_.jacobian(state, p));
    Matrix next = Z.back();
    next.topRows(n) = jacobians.back() * Z.back().topRows(n) +
                      family_.parameter_derivative(state, p) * Z.back().row(n);
    Z.push_back(std::move(next));
    Vector image(n);
    family_.step(state, p, image);
    states.push_back(std::move(image));
  }
  Matrix H = Matrix::Zero(n + 1, n + 1);
  Vector weight = w;
  for (auto j = static_cast<std::size_t>(k_); j-- > 0;) {
    H += Z[j].transpose() * family_.second_derivative(states[j], p, weight) * Z[j];
    weight = (jacobians[j].transpose() * weight).eval();
  }
  return 0.5 * (H + H.transpose());
}

}  // namespace nullcline::dynamics
