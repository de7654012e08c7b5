// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/detail/affine_cycle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/attempt.hpp"

namespace nullcline::dynamics::detail {
namespace {

/// Q' [top; bottom] of the QR of a step.
Matrix rotated(const Eigen::HouseholderQR<Matrix>& qr, In<Matrix> top, In<Matrix> bottom) {
  Matrix both(top.rows() + bottom.rows(), top.cols());
  both << top, bottom;
  both.applyOnTheLeft(qr.householderQ().adjoint());
  return both;
}

}  // namespace

void AffineCycle::push(In<Matrix> J, In<Vector> d) {
  Step step;
  if (steps_.empty()) {
    step.E = -J;
    step.D.setIdentity(n_, n_);
    step.g = d;
    step.offset = d.norm();
    steps_.push_back(std::move(step));
    return;
  }
  const Step& before = steps_.back();
  Matrix stacked(2 * n_, n_);
  stacked << before.D, -J;
  step.qr.compute(stacked);

  Matrix rest = Matrix::Zero(2 * n_, 2 * n_ + 1);  // coefficients of x_0, x_{t+1}; right side
  rest.topLeftCorner(n_, n_) = before.E;
  rest.block(n_, n_, n_, n_).setIdentity();
  rest.col(2 * n_) << before.g, d;
  rest.applyOnTheLeft(step.qr.householderQ().adjoint());
  step.S = rest.topLeftCorner(n_, n_);
  step.T = rest.block(0, n_, n_, n_);
  step.E = rest.bottomLeftCorner(n_, n_);
  step.D = rest.block(n_, n_, n_, n_);
  step.r = rest.col(2 * n_).head(n_);
  step.g = rest.col(2 * n_).tail(n_);
  step.offset = std::max(before.offset, d.norm());
  steps_.push_back(std::move(step));
}

double AffineCycle::rounding() const {
  return 8 * std::numeric_limits<double>::epsilon() * static_cast<double>(n_ + steps()) *
         (steps_.back().E.norm() + steps_.back().D.norm());
}

bool AffineCycle::close() {
  const Matrix closed = steps_.back().E + steps_.back().D;
  if (!closed.allFinite()) return false;
  last_.compute(closed);
  // The reciprocal of the norm of the inverse; comparing is false for NaN.
  return last_.rcond() * closed.cwiseAbs().colwise().sum().maxCoeff() > rounding();
}

bool AffineCycle::solvable() const {
  const Step& end = steps_.back();
  const Matrix closed = end.E + end.D;
  if (!closed.allFinite() || !end.g.allFinite()) return false;
  const auto factors = attempt(svd, closed);
  if (!factors) return true;  // not refuted
  const Vector seen = factors->U.transpose() * end.g;
  double inside = 0, outside = 0;
  for (Index i = 0; i < n_; ++i) {
    const bool regular = factors->values(i) > 4 * rounding();
    if (regular) inside = std::max(inside, std::abs(seen(i)) / factors->values(i));
    if (!regular) outside = std::max(outside, std::abs(seen(i)));
  }
  const double eps = std::numeric_limits<double>::epsilon();
  return outside <=
         4 * rounding() * inside + 64 * eps * static_cast<double>(n_ + steps()) * end.offset;
}

Matrix AffineCycle::states() const {
  Matrix r(n_, steps());
  for (Index t = 1; t < steps(); ++t) r.col(t) = steps_[static_cast<std::size_t>(t)].r;
  return back_substituted(first_state(), r);
}

Matrix AffineCycle::solve(In<Matrix> R) const {
  Matrix r(n_, steps());
  Vector g = R.col(0);
  for (Index t = 1; t < steps(); ++t) {
    const Vector both = rotated(steps_[static_cast<std::size_t>(t)].qr, g, R.col(t));
    r.col(t) = both.head(n_);
    g = both.tail(n_);
  }
  return back_substituted(last_.solve(g), r);
}

Matrix AffineCycle::back_substituted(const Vector& x0, const Matrix& r) const {
  Matrix X(n_, steps());
  X.col(0) = x0;
  Vector next = x0;  // x_k
  for (Index t = steps() - 1; t > 0; --t) {
    const Step& step = steps_[static_cast<std::size_t>(t)];
    next = r.col(t) - step.S * x0 - step.T * next;
    step.qr.matrixQR().topRows(n_).triangularView<Eigen::Upper>().solveInPlace(next);
    X.col(t) = next;
  }
  return X;
}

}  // namespace nullcline::dynamics::detail
