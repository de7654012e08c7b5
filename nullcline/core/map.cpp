// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/errors.hpp"

namespace nullcline {
namespace {

/// Y = f(Z) for a batch of points Z = (x, u), the state above the input.
using BatchFunction = std::function<void(const Matrix& Z, Matrix& Y)>;

const double eps = std::numeric_limits<double>::epsilon();
const double first_step = std::cbrt(eps);              // balances h^2 with eps / h
const double second_step = std::sqrt(std::sqrt(eps));  // balances h^2 with eps / h^2

Matrix stacked(In<Matrix> X, In<Matrix> U) {
  Matrix Z(X.rows() + U.rows(), X.cols());
  Z << X, U;
  return Z;
}

/// The number k of tangents to each of the B points.
Index tangents_per_point(In<Matrix> X, In<Matrix> V) {
  const Index B = X.cols();
  require(B == 0 ? V.cols() == 0 : V.cols() % B == 0,
          "tangents: the number of columns must be a multiple of the number of states");
  return B == 0 ? 0 : V.cols() / B;
}

/// h with h |v| = eps^(1/3) max(1, max_j |z_j|); 1 for v = 0.
double step_along(In<Vector> z, In<Vector> v) {
  const double length = v.stableNorm();
  const double size = z.size() > 0 ? std::max(1.0, z.cwiseAbs().maxCoeff()) : 1.0;
  return length > 0 ? first_step * size / length : 1.0;
}

/// W = J(z) v by (f(z + h v) - f(z - h v)) / 2 h.
Matrix difference_along(const BatchFunction& f, const Matrix& Z, const Matrix& V, Index n) {
  const Index k = tangents_per_point(Z, V), count = V.cols();
  Matrix points(Z.rows(), 2 * count), values(n, 2 * count), W(n, count);
  Vector h(count);
  for (Index j = 0; j < count; ++j) {
    const auto z = Z.col(j / k);
    h(j) = step_along(z, V.col(j));
    points.col(2 * j) = z + h(j) * V.col(j);
    points.col(2 * j + 1) = z - h(j) * V.col(j);
  }
  f(points, values);
  for (Index j = 0; j < count; ++j) {
    W.col(j) = (values.col(2 * j) - values.col(2 * j + 1)) / (2 * h(j));
  }
  return W;
}

/// d2g / dz dz' of g = w'f: for i != j the four corners (z +- h_i e_i +- h_j e_j) over 4 h_i h_j,
/// on the diagonal g(z + 2 h_i e_i) - 2 g(z) + g(z - 2 h_i e_i), which is the same formula.
Matrix second_difference(const BatchFunction& f, const Vector& z, In<Vector> w) {
  const Index d = z.size();
  const Vector h = second_step * z.cwiseAbs().cwiseMax(1.0);
  Matrix H(d, d), corners(d, 4), values(w.size(), 4);
  for (Index j = 0; j < d; ++j) {
    // A column of H at a time: 4 (d - j) points, of which w'f is taken in one batch.
    const Index rows = d - j;
    corners = z.replicate(1, 4 * rows);
    for (Index r = 0; r < rows; ++r) {
      for (Index c = 0; c < 4; ++c) {
        corners(j + r, 4 * r + c) += (c & 1) == 0 ? h(j + r) : -h(j + r);
        corners(j, 4 * r + c) += (c & 2) == 0 ? h(j) : -h(j);
      }
    }
    values.resize(w.size(), 4 * rows);
    f(corners, values);
    const Vector g = values.transpose() * w;
    for (Index r = 0; r < rows; ++r) {
      const double sum = (g(4 * r) - g(4 * r + 1)) - (g(4 * r + 2) - g(4 * r + 3));
      H(j + r, j) = H(j, j + r) = sum / (4 * h(j) * h(j + r));
    }
  }
  return H;
}

BatchFunction batch_function(const DrivenFunction& f) {
  return [&f, n = f.state_dim(), m = f.input_dim()](const Matrix& Z, Matrix& Y) {
    f.evaluate(Z.topRows(n), Z.bottomRows(m), Y);
  };
}

BatchFunction batch_function(const Map& map) {
  return [&map](const Matrix& Z, Matrix& Y) { map.step(Z, Y); };
}

}  // namespace

void DrivenFunction::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                  Out<Matrix> W) const {
  W = difference_along(batch_function(*this), stacked(X, U), stacked(VX, VU), state_dim());
}

void DrivenFunction::second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                         In<Matrix> WX, In<Matrix> WU, Out<Matrix> D) const {
  // Every tangent w moves its point for itself, so points are repeated: at each one v is pushed.
  const Index n = state_dim(), k = tangents_per_point(X, VX), count = VX.cols();
  Matrix Z(n + input_dim(), count);
  for (Index j = 0; j < count; ++j) Z.col(j) << X.col(j / k), U.col(j / k);
  const Matrix W = stacked(WX, WU);
  Vector h(count);
  for (Index j = 0; j < count; ++j) h(j) = step_along(Z.col(j), W.col(j));
  const Matrix up = Z + W * h.asDiagonal(), down = Z - W * h.asDiagonal();
  Matrix pushed_down(n, count);
  push_forward(up.topRows(n), up.bottomRows(input_dim()), VX, VU, D);
  push_forward(down.topRows(n), down.bottomRows(input_dim()), VX, VU, pushed_down);
  D = (D - pushed_down) * (0.5 * h.cwiseInverse()).asDiagonal();
}

void DrivenFunction::pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                               Out<Matrix> VU) const {
  const Index k = tangents_per_point(X, W);
  for (Index b = 0; b < X.cols(); ++b) {
    const Jacobians J = jacobians(X.col(b), U.col(b));
    VX.middleCols(b * k, k).noalias() = J.state.transpose() * W.middleCols(b * k, k);
    VU.middleCols(b * k, k).noalias() = J.input.transpose() * W.middleCols(b * k, k);
  }
}

Jacobians DrivenFunction::jacobians(In<Vector> x, In<Vector> u) const {
  const Index n = state_dim(), m = input_dim();
  const Matrix I = Matrix::Identity(n + m, n + m);
  Matrix J(n, n + m);
  push_forward(x, u, I.topRows(n), I.bottomRows(m), J);
  return {J.leftCols(n), J.rightCols(m)};
}

Matrix DrivenFunction::second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const {
  return second_difference(batch_function(*this), stacked(x, u), w);
}

void Map::push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const {
  W = difference_along(batch_function(*this), X, V, dim());
}

void Map::pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const {
  const Index k = tangents_per_point(X, W);
  for (Index b = 0; b < X.cols(); ++b) {
    V.middleCols(b * k, k).noalias() = jacobian(X.col(b)).transpose() * W.middleCols(b * k, k);
  }
}

Matrix Map::jacobian(In<Vector> x) const {
  Matrix J(dim(), dim());
  push_forward(x, Matrix::Identity(dim(), dim()), J);
  return J;
}

Matrix Map::second_derivative(In<Vector> x, In<Vector> w) const {
  return second_difference(batch_function(*this), x, w);
}

Vector DrivenFunction::state_bound() const {
  return Vector::Constant(state_dim(), std::numeric_limits<double>::infinity());
}

Vector Map::state_bound() const {
  return Vector::Constant(dim(), std::numeric_limits<double>::infinity());
}

FrozenMap::FrozenMap(const DrivenMap& driven, In<Vector> u) : driven_(driven), u_(u) {
  require(u.size() == driven.input_dim(), "FrozenMap: u must have the dimension of the input");
}

void FrozenMap::step(In<Matrix> X, Out<Matrix> Y) const {
  driven_.evaluate(X, u_.replicate(1, X.cols()), Y);
}

void FrozenMap::push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const {
  const Matrix VU = Matrix::Zero(u_.size(), V.cols());
  driven_.push_forward(X, u_.replicate(1, X.cols()), V, VU, W);
}

void FrozenMap::pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const {
  Matrix VU(u_.size(), W.cols());
  driven_.pull_back(X, u_.replicate(1, X.cols()), W, V, VU);
}

Matrix FrozenMap::jacobian(In<Vector> x) const { return driven_.jacobians(x, u_).state; }

Matrix FrozenMap::second_derivative(In<Vector> x, In<Vector> w) const {
  return driven_.second_derivative(x, u_, w).topLeftCorner(dim(), dim());
}

std::optional<Box> FrozenMap::enclose(const Box& x) const {
  return driven_.enclose(x, box_around(u_, 0));
}

std::optional<MatrixBall> FrozenMap::enclose_jacobian(const Box& x) const {
  auto J = driven_.enclose_jacobians(x, box_around(u_, 0));
  if (!J) return std::nullopt;
  return std::move(J->state);
}

std::optional<Box> DrivenFunction::enclose(const Box&, const Box&) const { return std::nullopt; }
std::optional<JacobianBalls> DrivenFunction::enclose_jacobians(const Box&, const Box&) const {
  return std::nullopt;
}
std::optional<Box> Map::enclose(const Box&) const { return std::nullopt; }
std::optional<MatrixBall> Map::enclose_jacobian(const Box&) const { return std::nullopt; }

void CallableMap::step(In<Matrix> X, Out<Matrix> Y) const {
  for (Index b = 0; b < X.cols(); ++b) {
    const Vector y = f_(X.col(b));
    require(y.size() == dim_, "CallableMap: the function must return as many numbers as it takes");
    Y.col(b) = y;
  }
}

}  // namespace nullcline
