// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/iterated_map.hpp"

#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {

IteratedMap::IteratedMap(const Map& map, Index k) : map_(map), k_(k) {
  require(k >= 1, "IteratedMap: need k >= 1");
}

void IteratedMap::step(In<Matrix> X, Out<Matrix> Y) const {
  Matrix here = X;
  for (Index i = 0; i < k_; ++i) {
    map_.step(here, Y);
    if (i + 1 < k_) here = Y;
  }
}

void IteratedMap::push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const {
  Matrix here = X, next(X.rows(), X.cols()), tangents = V;
  for (Index i = 0; i < k_; ++i) {
    map_.push_forward(here, tangents, W);
    if (i + 1 == k_) break;
    tangents = W;
    map_.step(here, next);
    here.swap(next);
  }
}

void IteratedMap::pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const {
  std::vector<Matrix> states = {X};
  for (Index i = 1; i < k_; ++i) {
    Matrix next(X.rows(), X.cols());
    map_.step(states.back(), next);
    states.push_back(std::move(next));
  }
  Matrix cotangents = W;
  for (auto state = states.rbegin(); state != states.rend(); ++state) {
    map_.pull_back(*state, cotangents, V);
    cotangents = V;
  }
}

Matrix IteratedMap::jacobian(In<Vector> x) const {
  const Matrix orbit = orbit_of(map_, x, k_);
  Matrix product = map_.jacobian(orbit.col(0));
  for (Index i = 1; i < k_; ++i) product = map_.jacobian(orbit.col(i)) * product;
  return product;
}

Matrix IteratedMap::second_derivative(In<Vector> x, In<Vector> w) const {
  const Matrix orbit = orbit_of(map_, x, k_);
  std::vector<Matrix> J;
  for (Index i = 0; i < k_; ++i) J.push_back(map_.jacobian(orbit.col(i)));
  // From the last step to the first: H <- J' H J + H_i(w), w <- J' w.
  Matrix H = Matrix::Zero(dim(), dim());
  Vector weights = w;
  for (Index i = k_ - 1; i >= 0; --i) {
    const Matrix& step = J[static_cast<std::size_t>(i)];
    H = step.transpose() * H * step + map_.second_derivative(orbit.col(i), weights);
    weights = step.transpose() * weights;
  }
  return 0.5 * (H + H.transpose());
}

Matrix orbit_of(const Map& map, In<Vector> x, Index length) {
  require(x.size() == map.dim(), "orbit_of: the state must have the dimension of the map");
  require(length >= 1, "orbit_of: need length >= 1");
  Matrix orbit(map.dim(), length);
  orbit.col(0) = x;
  for (Index i = 1; i < length; ++i) map.step(orbit.col(i - 1), orbit.col(i));
  return orbit;
}

}  // namespace nullcline::dynamics
