// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/feature_function.hpp"

#include <algorithm>

#include "nullcline/cells/detail/unit_products.hpp"

namespace nullcline::cells {

using detail::add_unit_product;
using detail::columns;
using detail::empty_sum;
using detail::unit_bilinear;
using detail::unit_product;
using detail::unit_product_transposed;

Matrix FeatureFunction::evaluate(In<Matrix> X) const {
  if (!step_.features) return X.topRows(feature_dim());
  Matrix Y(feature_dim(), X.cols());
  step_.features->evaluate(n_, X.cols(), {X.data(), X.outerStride()}, nullptr,
                           {Y.data(), Y.rows()});
  return Y;
}

Matrix FeatureFunction::local_jacobian(In<Matrix> X) const {
  Matrix J(step_.feature_count * step_.state * n_, X.cols());
  step_.features->jacobian(n_, X.cols(), {X.data(), X.outerStride()}, {J.data(), J.rows()});
  return J;
}

Matrix FeatureFunction::push_forward(In<Matrix> X, In<Matrix> VX) const {
  if (!step_.features) return VX.topRows(feature_dim());
  return unit_product(n_, local_jacobian(X), VX);
}

Matrix FeatureFunction::second_push_forward(In<Matrix> X, In<Matrix> VX, In<Matrix> WX) const {
  if (!step_.features) return Matrix::Zero(feature_dim(), VX.cols());
  return unit_bilinear(*step_.features, n_, X, VX, WX);
}

Matrix FeatureFunction::pull_back(In<Matrix> X, In<Matrix> W) const {
  if (step_.features) return unit_product_transposed(n_, local_jacobian(X), W);
  Matrix V = Matrix::Zero(state_dim(), W.cols());
  V.topRows(feature_dim()) = W;
  return V;
}

Matrix FeatureFunction::jacobian(In<Vector> x) const {
  return push_forward(x, Matrix::Identity(state_dim(), state_dim()));
}

Matrix FeatureFunction::second_derivative(In<Vector> x, In<Vector> w) const {
  const Index S = state_dim(), P = step_.state;
  Matrix H = Matrix::Zero(S, S);
  if (!step_.features) return H;
  Matrix curvature(P * P * n_, 1);
  const Vector weights = w;
  const Vector point = x;
  step_.features->hessian(n_, point.data(), weights.data(), curvature.data());
  for (Index p = 0; p < P; ++p) {
    for (Index r = 0; r < P; ++r) {
      H.block(p * n_, r * n_, n_, n_).diagonal() = curvature.col(0).segment((p * P + r) * n_, n_);
    }
  }
  return H;
}

Box FeatureFunction::enclose(const Box& x) const {
  Box y(static_cast<std::size_t>(feature_dim()));
  if (step_.features) {
    step_.features->enclose(n_, x.data(), y.data(), nullptr);
  } else {
    std::copy_n(x.begin(), y.size(), y.begin());
  }
  return y;
}

MatrixBall FeatureFunction::push_forward_ball(const Box& x, const MatrixBall& V) const {
  if (!step_.features) return V.block(0, 0, feature_dim(), V.cols());
  Box J(static_cast<std::size_t>(step_.feature_count * step_.state * n_));
  step_.features->enclose(n_, x.data(), nullptr, J.data());
  MatrixBall W = empty_sum(feature_dim(), V.cols());
  add_unit_product(n_, step_.state, J, 0, V.center, &V.radius, columns(W, 0, V.cols()));
  return W;
}

}  // namespace nullcline::cells
