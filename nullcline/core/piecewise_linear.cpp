// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/piecewise_linear.hpp"

#include <cmath>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline {
namespace {

/// phi'(m), of the negative side at 0.
Matrix slopes(const Matrix& m, double below) {
  return m.unaryExpr([below](double v) { return v > 0 ? 1.0 : below; });
}

/// Each column of `slopes` times the k columns of V that belong to it.
void scale_blocks(const Matrix& slopes, Matrix& V) {
  if (slopes.cols() == 0) return;
  const Index k = V.cols() / slopes.cols();
  for (Index j = 0; j < V.cols(); ++j) V.col(j).array() *= slopes.col(j / k).array();
}

/// phi over an interval.
Interval kinked(const Interval& m, double below) {
  if (m.lo > 0) return m;
  if (m.hi <= 0) return Interval(below) * m;
  return hull(Interval(below) * Interval(m.lo, 0), Interval(0, m.hi));
}

/// The slopes of the secants of phi in an interval.
Interval slope_over(const Interval& m, double below) {
  if (m.lo > 0) return 1;
  if (m.hi <= 0) return below;
  return hull(1, below);
}

/// x + c, entry by entry.
void shift(const Vector& c, Box& x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += c(static_cast<Index>(i));
}

void require_tangents(In<Matrix> X, In<Matrix> V) {
  require(X.cols() == 0 ? V.cols() == 0 : V.cols() % X.cols() == 0,
          "tangents: the number of columns must be a multiple of the number of states");
}

}  // namespace

PiecewiseLinearMap::PiecewiseLinearMap(Matrix A, Matrix B, Matrix C, Vector c, Vector e,
                                       double below)
    : A_(std::move(A)),
      B_(std::move(B)),
      C_(std::move(C)),
      c_(std::move(c)),
      e_(std::move(e)),
      below_(below) {
  const Index n = A_.rows(), K = C_.rows();
  require(n > 0 && A_.cols() == n && e_.size() == n && B_.rows() == n && C_.cols() == n &&
              B_.cols() == K && c_.size() == K,
          "PiecewiseLinearMap: need A (n, n), B (n, K), C (K, n), c (K), e (n), n > 0");
  require(A_.allFinite() && B_.allFinite() && C_.allFinite() && c_.allFinite() && e_.allFinite() &&
              std::isfinite(below_),
          "PiecewiseLinearMap: a number is not finite");
}

PiecewiseLinearMap PiecewiseLinearMap::plrnn(In<Vector> a, In<Matrix> W, In<Vector> h,
                                             double below) {
  const Index n = a.size();
  return {a.asDiagonal(), W, Matrix::Identity(n, n), Vector::Zero(n), h, below};
}

PiecewiseLinearMap PiecewiseLinearMap::vanilla(In<Matrix> W, In<Vector> c, double below) {
  const Index n = W.rows();
  return {Matrix::Zero(n, n), Matrix::Identity(n, n), W, c, Vector::Zero(n), below};
}

PiecewiseLinearMap PiecewiseLinearMap::leaky_rate(double alpha, In<Matrix> W, In<Vector> c,
                                                  double below) {
  const Index n = W.rows();
  const Matrix I = Matrix::Identity(n, n);
  return {(1 - alpha) * I, alpha * I, W, c, Vector::Zero(n), below};
}

PiecewiseLinearMap PiecewiseLinearMap::leaky_current(double alpha, In<Matrix> W, In<Vector> c,
                                                     double below) {
  const Index n = W.rows();
  const Matrix I = Matrix::Identity(n, n);
  return {(1 - alpha) * I, alpha * W, I, Vector::Zero(n), alpha * c, below};
}

void PiecewiseLinearMap::step(In<Matrix> X, Out<Matrix> Y) const {
  Matrix m = C_ * X;
  m.colwise() += c_;
  m.array() *= slopes(m, below_).array();
  Y.noalias() = A_ * X;
  Y.noalias() += B_ * m;
  Y.colwise() += e_;
}

void PiecewiseLinearMap::push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const {
  require_tangents(X, V);
  Matrix inner = C_ * V;
  scale_blocks(slopes((C_ * X).colwise() + c_, below_), inner);
  W.noalias() = A_ * V;
  W.noalias() += B_ * inner;
}

void PiecewiseLinearMap::pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const {
  require_tangents(X, W);
  Matrix inner = B_.transpose() * W;
  scale_blocks(slopes((C_ * X).colwise() + c_, below_), inner);
  V.noalias() = A_.transpose() * W;
  V.noalias() += C_.transpose() * inner;
}

Matrix PiecewiseLinearMap::jacobian(In<Vector> x) const { return piece(region(x)).J; }

Matrix PiecewiseLinearMap::second_derivative(In<Vector>, In<Vector>) const {
  return Matrix::Zero(dim(), dim());
}

Box PiecewiseLinearMap::preactivations(const Box& x) const {
  Box m = product(C_, x);
  shift(c_, m);
  return m;
}

std::optional<Box> PiecewiseLinearMap::enclose(const Box& x) const {
  Box m = preactivations(x);
  for (Interval& unit : m) unit = kinked(unit, below_);
  Box y = product(A_, x);
  const Box bent = product(B_, m);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += bent[i];
  shift(e_, y);
  return y;
}

std::optional<MatrixBall> PiecewiseLinearMap::enclose_jacobian(const Box& x) const {
  const Box m = preactivations(x);
  MatrixBall scaled(B_);  // B D
  for (Index k = 0; k < kinks(); ++k) {
    const Interval slope = slope_over(m[static_cast<std::size_t>(k)], below_);
    if (slope.lo == 1 && slope.hi == 1) continue;
    const double center = slope.center();
    const double spread = above(slope.radius() + 2 * unit_roundoff * std::abs(center));
    scaled.radius.col(k) = (1 + gamma_bound(4)) * spread * B_.col(k).cwiseAbs().array() + underflow;
    scaled.center.col(k) *= center;
  }
  return multiply(scaled, MatrixBall(C_)) + MatrixBall(A_);
}

Region PiecewiseLinearMap::region(In<Vector> x) const {
  const Vector m = C_ * x + c_;
  Region above(static_cast<std::size_t>(kinks()));
  for (Index k = 0; k < kinks(); ++k) above[static_cast<std::size_t>(k)] = m(k) > 0;
  return above;
}

AffinePiece PiecewiseLinearMap::piece(const Region& region) const {
  require(static_cast<Index>(region.size()) == kinks(),
          "PiecewiseLinearMap: a region must have one sign for each kinked unit");
  Matrix scaled = B_;
  for (Index k = 0; k < kinks(); ++k) {
    if (!region[static_cast<std::size_t>(k)]) scaled.col(k) *= below_;
  }
  AffinePiece made{A_, e_};
  made.J.noalias() += scaled * C_;
  made.d.noalias() += scaled * c_;
  return made;
}

}  // namespace nullcline
