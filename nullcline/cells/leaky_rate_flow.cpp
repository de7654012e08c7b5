// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "nullcline/cells/leaky_rate.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::cells {
namespace {

/// A X; states that are not finite pass through, as an orbit may escape.
Matrix product(const PackedMatrix<double>& A, In<Matrix> X) {
  Matrix Y(A.rows(), X.cols());
  multiply_packed(A, X.data(), 1, X.outerStride(), X.cols(), Y.data(), Y.rows(), false);
  return Y;
}

}  // namespace

LeakyRateFlow::LeakyRateFlow(Matrix W, Matrix B, Vector b, Activation activation, double theta,
                             double tau)
    : W_(std::move(W)),
      B_(std::move(B)),
      b_(std::move(b)),
      activation_(activation),
      theta_(theta),
      tau_(tau) {
  require(W_.rows() == W_.cols() && B_.rows() == W_.rows() && b_.size() == W_.rows(),
          "LeakyRateFlow: W must be (n, n), B (n, m) and b (n)");
  require(tau > 0, "LeakyRateFlow: tau must be positive");
  packed_W_.pack(W_);
  packed_W_transposed_.pack(W_, true);
}

Matrix LeakyRateFlow::drive(In<Matrix> X, In<Matrix> U) const {
  Matrix m = product(packed_W_, X);
  if (B_.cols() > 0) m.noalias() += B_ * U;
  m.colwise() += b_;
  return m;
}

Matrix LeakyRateFlow::slopes(In<Matrix> X, In<Matrix> U) const {
  return drive(X, U).unaryExpr(
      [this](double m) { return cells::evaluate(activation_, theta_, m).slope; });
}

void LeakyRateFlow::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  Y = drive(X, U).unaryExpr(
      [this](double m) { return cells::evaluate(activation_, theta_, m).value; });
  Y = (Y - X) / tau_;
}

void LeakyRateFlow::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                 Out<Matrix> W) const {
  const Matrix S = slopes(X, U);
  W = product(packed_W_, VX);
  if (B_.cols() > 0) W.noalias() += B_ * VU;
  const Index k = X.cols() == 0 ? 0 : VX.cols() / X.cols();
  for (Index b = 0; b < X.cols(); ++b) {
    W.middleCols(b * k, k).array().colwise() *= S.col(b).array();
  }
  W = (W - VX) / tau_;
}

void LeakyRateFlow::pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                              Out<Matrix> VU) const {
  const Matrix S = slopes(X, U);
  Matrix scaled = W / tau_;
  const Index k = X.cols() == 0 ? 0 : W.cols() / X.cols();
  for (Index b = 0; b < X.cols(); ++b) {
    scaled.middleCols(b * k, k).array().colwise() *= S.col(b).array();
  }
  VX = product(packed_W_transposed_, scaled) - W / tau_;
  if (B_.cols() > 0) VU.noalias() = B_.transpose() * scaled;
}

Jacobians LeakyRateFlow::jacobians(In<Vector> x, In<Vector> u) const {
  const Vector S = slopes(x, u);
  Matrix state = S.asDiagonal() * W_;
  state.diagonal().array() -= 1;
  return {state / tau_, S.asDiagonal() * B_ / tau_};
}

Matrix LeakyRateFlow::second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const {
  const Index n = W_.rows(), m = B_.cols();
  Vector weight = drive(x, u).unaryExpr(
      [this](double value) { return cells::evaluate(activation_, theta_, value).curvature; });
  weight.array() *= w.array() / tau_;
  if ((weight.array() == 0).all()) return Matrix::Zero(n + m, n + m);
  Matrix WB(n, n + m);
  WB << W_, B_;
  return multiply(WB, weight.asDiagonal() * WB, true);
}

}  // namespace nullcline::cells
