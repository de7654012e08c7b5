// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/stacked_map.hpp"

#include "nullcline/cells/layered.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::cells {
namespace {

Box part(const Box& x, Index first, Index rows) {
  return {x.begin() + first, x.begin() + first + rows};
}

}  // namespace

StackedMap::StackedMap(std::vector<MapLayer> layers) : layers_(std::move(layers)), starts_{0} {
  for (const MapLayer& layer : layers_) starts_.push_back(starts_.back() + layer.map->state_dim());
}

std::vector<Matrix> StackedMap::inputs(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  std::vector<Matrix> seen = {U};
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].map->evaluate(X.middleRows(start(l), size(l)), seen[l],
                             Y.middleRows(start(l), size(l)));
    seen.push_back(layers_[l].features.evaluate(Y.middleRows(start(l), size(l))));
  }
  return seen;
}

void StackedMap::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const { inputs(X, U, Y); }

void StackedMap::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                              Out<Matrix> W) const {
  Matrix Y(X.rows(), X.cols());
  const auto seen = inputs(X, U, Y);
  Matrix v = VU;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Index first = start(l), rows = size(l);
    layers_[l].map->push_forward(X.middleRows(first, rows), seen[l], VX.middleRows(first, rows), v,
                                 W.middleRows(first, rows));
    v = layers_[l].features.push_forward(Y.middleRows(first, rows), W.middleRows(first, rows));
  }
}

void StackedMap::second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                     In<Matrix> WX, In<Matrix> WU, Out<Matrix> D) const {
  Matrix Y(X.rows(), X.cols());
  const auto seen = inputs(X, U, Y);
  Matrix v = VU, w = WU, d = Matrix::Zero(VU.rows(), VU.cols());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Index first = start(l), rows = size(l);
    const DrivenMap& map = *layers_[l].map;
    const auto x = X.middleRows(first, rows);
    const auto y = Y.middleRows(first, rows);
    const auto vx = VX.middleRows(first, rows), wx = WX.middleRows(first, rows);
    Matrix v_next(rows, VX.cols()), w_next(rows, VX.cols()), d_next(rows, VX.cols());
    map.push_forward(x, seen[l], vx, v, v_next);
    map.push_forward(x, seen[l], wx, w, w_next);
    map.push_forward(x, seen[l], Matrix::Zero(rows, VX.cols()), d, d_next);
    map.second_push_forward(x, seen[l], vx, v, wx, w, D.middleRows(first, rows));
    D.middleRows(first, rows) += d_next;
    const FeatureFunction& features = layers_[l].features;
    v = features.push_forward(y, v_next);
    w = features.push_forward(y, w_next);
    d = features.push_forward(y, D.middleRows(first, rows)) +
        features.second_push_forward(y, v_next, w_next);
  }
}

void StackedMap::pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                           Out<Matrix> VU) const {
  Matrix Y(X.rows(), X.cols());
  const auto seen = inputs(X, U, Y);
  Matrix from_above;
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const Index first = start(l), rows = size(l);
    Matrix w = W.middleRows(first, rows);
    if (from_above.size() > 0) {
      w += layers_[l].features.pull_back(Y.middleRows(first, rows), from_above);
    }
    from_above.resize(seen[l].rows(), W.cols());
    layers_[l].map->pull_back(X.middleRows(first, rows), seen[l], w, VX.middleRows(first, rows),
                              from_above);
  }
  VU = from_above;
}

Jacobians StackedMap::jacobians(In<Vector> x, In<Vector> u) const {
  const Index S = state_dim(), m = input_dim();
  Matrix y(S, 1);
  const auto seen = inputs(x, u, y);
  Matrix D = Matrix::Zero(S, S + m), du = Matrix::Zero(m, S + m);
  du.rightCols(m).setIdentity();
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Index first = start(l), rows = size(l);
    const Jacobians J = layers_[l].map->jacobians(x.segment(first, rows), seen[l].col(0));
    D.middleRows(first, rows).noalias() = J.input * du;
    D.block(first, first, rows, rows) += J.state;
    du = layers_[l].features.push_forward(y.middleRows(first, rows), D.middleRows(first, rows));
  }
  return {D.leftCols(S), D.rightCols(m)};
}

Matrix StackedMap::second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const {
  const Index S = state_dim(), m = input_dim(), d = S + m;
  Matrix y(S, 1);
  const auto seen = inputs(x, u, y);
  const Jacobians J = jacobians(x, u);
  Matrix D(S, d);
  D << J.state, J.input;
  Matrix H = Matrix::Zero(d, d), from_above;
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const Index first = start(l), rows = size(l), columns = seen[l].rows();
    Matrix lambda = w.segment(first, rows);
    const auto Dl = D.middleRows(first, rows);
    if (from_above.size() > 0) {
      const Matrix R =
          layers_[l].features.second_derivative(y.col(0).segment(first, rows), from_above.col(0));
      if (!R.isZero(0)) H += multiply(Dl, R * Dl, true);
      lambda += layers_[l].features.pull_back(y.middleRows(first, rows), from_above);
    }
    Matrix Z = Matrix::Zero(rows + columns, d);
    Z.block(0, first, rows, rows).setIdentity();
    if (l == 0) {
      Z.bottomRows(m).rightCols(m).setIdentity();
    } else {
      const Index before = start(l - 1), height = size(l - 1);
      Z.bottomRows(columns) = layers_[l - 1].features.push_forward(y.middleRows(before, height),
                                                                   D.middleRows(before, height));
    }
    const Matrix F =
        layers_[l].map->second_derivative(x.segment(first, rows), seen[l].col(0), lambda.col(0));
    H += multiply(Z, F * Z, true);
    Matrix unused(rows, 1);
    from_above.resize(columns, 1);
    layers_[l].map->pull_back(x.segment(first, rows), seen[l], lambda, unused, from_above);
  }
  return (H + H.transpose()) / 2;
}

Vector StackedMap::state_bound() const {
  Vector bound(state_dim());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    bound.segment(start(l), size(l)) = layers_[l].map->state_bound();
  }
  return bound;
}

std::optional<Box> StackedMap::enclose(const Box& x, const Box& u) const {
  Box y, seen = u;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const auto step = layers_[l].map->enclose(part(x, start(l), size(l)), seen);
    if (!step) return std::nullopt;
    y.insert(y.end(), step->begin(), step->end());
    seen = layers_[l].features.enclose(*step);
  }
  return y;
}

std::optional<JacobianBalls> StackedMap::enclose_jacobians(const Box& x, const Box& u) const {
  const Index S = state_dim(), m = input_dim();
  MatrixBall D(Matrix::Zero(S, S + m)), du(Matrix::Zero(m, S + m));
  du.center.rightCols(m).setIdentity();
  Box seen = u;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Index first = start(l), rows = size(l);
    const Box layer = part(x, first, rows);
    const auto step = layers_[l].map->enclose(layer, seen);
    const auto J = layers_[l].map->enclose_jacobians(layer, seen);
    if (!step || !J) return std::nullopt;
    MatrixBall own(Matrix::Zero(rows, S + m));
    own.center.middleCols(first, rows) = J->state.center;
    own.radius.middleCols(first, rows) = J->state.radius;
    const MatrixBall rows_of_D = multiply(J->input, du) + own;
    D.center.middleRows(first, rows) = rows_of_D.center;
    D.radius.middleRows(first, rows) = rows_of_D.radius;
    du = layers_[l].features.push_forward_ball(*step, rows_of_D);
    seen = layers_[l].features.enclose(*step);
  }
  return JacobianBalls{D.block(0, 0, S, S), D.block(0, S, S, m)};
}

std::optional<Box> EmbeddedMap::seen(const Box& u) const {
  if (u.size() != 1 || u[0].lo != u[0].hi) return std::nullopt;
  return box_around(seen(Matrix::Constant(1, 1, u[0].lo)).col(0), 0);
}

std::optional<Box> EmbeddedMap::enclose(const Box& x, const Box& u) const {
  const auto input = seen(u);
  if (!input) return std::nullopt;
  return map_->enclose(x, *input);
}

std::optional<JacobianBalls> EmbeddedMap::enclose_jacobians(const Box& x, const Box& u) const {
  const auto input = seen(u);
  if (!input) return std::nullopt;
  auto J = map_->enclose_jacobians(x, *input);
  if (J) J->input = MatrixBall(Matrix::Zero(state_dim(), 1));
  return J;
}

Matrix EmbeddedMap::seen(In<Matrix> U) const {
  return embedded<double>(
      embedding_, View<double>(U.data(), 1, U.cols(), Eigen::OuterStride<>(U.outerStride())));
}

void EmbeddedMap::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  map_->evaluate(X, seen(U), Y);
}

void EmbeddedMap::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix>,
                               Out<Matrix> W) const {
  map_->push_forward(X, seen(U), VX, Matrix::Zero(embedding_.cols(), VX.cols()), W);
}

void EmbeddedMap::second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix>,
                                      In<Matrix> WX, In<Matrix>, Out<Matrix> D) const {
  const Matrix none = Matrix::Zero(embedding_.cols(), VX.cols());
  map_->second_push_forward(X, seen(U), VX, none, WX, none, D);
}

void EmbeddedMap::pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                            Out<Matrix> VU) const {
  Matrix unused(embedding_.cols(), W.cols());
  map_->pull_back(X, seen(U), W, VX, unused);
  VU.setZero();
}

Jacobians EmbeddedMap::jacobians(In<Vector> x, In<Vector> u) const {
  return {map_->jacobians(x, seen(u).col(0)).state, Matrix::Zero(state_dim(), 1)};
}

Matrix EmbeddedMap::second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const {
  const Index S = state_dim();
  Matrix H = Matrix::Zero(S + 1, S + 1);
  H.topLeftCorner(S, S) = map_->second_derivative(x, seen(u).col(0), w).topLeftCorner(S, S);
  return H;
}

}  // namespace nullcline::cells
