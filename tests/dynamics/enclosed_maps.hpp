// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics {

/// A map with bounds, written once for intervals: F and, row by row, its Jacobian.
class EnclosedMap final : public Map {
 public:
  using Function = std::function<Box(const Box&)>;
  EnclosedMap(Index dim, Function F, Function J) : dim_(dim), F_(std::move(F)), J_(std::move(J)) {}

  Index dim() const override { return dim_; }
  void step(In<Matrix> X, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) Y.col(b) = ball_of(F_(box_around(X.col(b), 0))).center;
  }
  std::optional<Box> enclose(const Box& x) const override { return F_(x); }
  std::optional<MatrixBall> enclose_jacobian(const Box& x) const override {
    const MatrixBall rows = ball_of(J_(x));
    MatrixBall J{Matrix(dim_, dim_), Matrix(dim_, dim_)};
    for (Index i = 0; i < dim_; ++i) {
      J.center.row(i) = rows.center.col(0).segment(i * dim_, dim_).transpose();
      J.radius.row(i) = rows.radius.col(0).segment(i * dim_, dim_).transpose();
    }
    return J;
  }

 private:
  Index dim_;
  Function F_, J_;
};

/// (x, y) -> (1 - 1.4 x^2 + y, 0.3 x) with the doubles 1.4 and 0.3.
inline EnclosedMap enclosed_henon_map() {
  return EnclosedMap(
      2,
      [](const Box& x) -> Box {
        return {Interval(1.0) - Interval(1.4) * x[0] * x[0] + x[1], Interval(0.3) * x[0]};
      },
      [](const Box& x) -> Box {
        return {Interval(-2.8) * x[0], 1.0, 0.3, 0.0};
      });
}

/// x -> x + g(x) on the line, g and its slope given.
inline EnclosedMap enclosed_scalar_map(std::function<Interval(Interval)> g,
                                       std::function<Interval(Interval)> slope) {
  return EnclosedMap(
      1, [g](const Box& x) -> Box { return {x[0] + g(x[0])}; },
      [slope](const Box& x) -> Box { return {Interval(1.0) + slope(x[0])}; });
}

/// x -> A tanh(B x): A, B (n, n).
class EnclosedTanhMap final : public Map {
 public:
  EnclosedTanhMap(Matrix A, Matrix B) : A_(std::move(A)), B_(std::move(B)) {}
  Index dim() const override { return A_.rows(); }
  void step(In<Matrix> X, Out<Matrix> Y) const override {
    Y = A_ * (B_ * X).array().tanh().matrix();
  }
  Matrix jacobian(In<Vector> x) const override {
    const Vector slope = 1 - (B_ * x).array().tanh().square();
    return A_ * slope.asDiagonal() * B_;
  }
  std::optional<Box> enclose(const Box& x) const override {
    Box v = product(B_, x);
    for (Interval& m : v) m = tanh(m);
    return product(A_, v);
  }
  std::optional<MatrixBall> enclose_jacobian(const Box& x) const override {
    const Box v = product(B_, x);
    MatrixBall slopes(Matrix::Zero(dim(), dim()));
    for (Index i = 0; i < dim(); ++i) {
      const Interval& m = v[static_cast<std::size_t>(i)];
      // 1 - tanh^2 falls with |m|; tanh is within [-1, 1] and good to 16 units in the last place.
      const double least = m.lo <= 0 && m.hi >= 0 ? 0 : std::min(std::abs(m.lo), std::abs(m.hi));
      const Interval near = tanh(Interval(least)), far = tanh(Interval(m.magnitude()));
      const Interval slope = hull(Interval(1.0) - near * near, Interval(1.0) - far * far);
      slopes.center(i, i) = slope.center();
      slopes.radius(i, i) = slope.radius();
    }
    return multiply(multiply(A_, slopes), MatrixBall(B_));
  }

 private:
  Matrix A_, B_;
};

}  // namespace nullcline::dynamics
