// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/detail/unit_products.hpp"

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::cells::detail {

Matrix unit_product(Index n, const Matrix& J, In<Matrix> V) {
  const Index P = V.rows() / n, Q = J.rows() / V.rows(), B = J.cols();
  const Index k = B == 0 ? 0 : V.cols() / B;
  Matrix W = Matrix::Zero(Q * n, V.cols());
  for (Index b = 0; b < B; ++b) {
    for (Index q = 0; q < Q; ++q) {
      for (Index p = 0; p < P; ++p) {
        const auto factor = J.col(b).segment((q * P + p) * n, n).array();
        if ((factor == 0).all()) continue;
        W.block(q * n, b * k, n, k).array() +=
            V.block(p * n, b * k, n, k).array().colwise() * factor;
      }
    }
  }
  return W;
}

Matrix unit_product_transposed(Index n, const Matrix& J, In<Matrix> W) {
  const Index Q = W.rows() / n, P = J.rows() / W.rows(), B = J.cols();
  const Index k = B == 0 ? 0 : W.cols() / B;
  Matrix V = Matrix::Zero(P * n, W.cols());
  for (Index b = 0; b < B; ++b) {
    for (Index q = 0; q < Q; ++q) {
      for (Index p = 0; p < P; ++p) {
        const auto factor = J.col(b).segment((q * P + p) * n, n).array();
        if ((factor == 0).all()) continue;
        V.block(p * n, b * k, n, k).array() +=
            W.block(q * n, b * k, n, k).array().colwise() * factor;
      }
    }
  }
  return V;
}

MatrixBall unit_product(Index n, const Box& J, const MatrixBall& V) {
  const Index P = V.rows() / n, Q = static_cast<Index>(J.size()) / V.rows(), k = V.cols();
  const MatrixBall factors = ball_of(J);
  const double rounding = gamma_bound(P + 1);
  MatrixBall W{Matrix::Zero(Q * n, k), Matrix::Zero(Q * n, k)};
  for (Index q = 0; q < Q; ++q) {
    for (Index p = 0; p < P; ++p) {
      const auto c = factors.center.col(0).segment((q * P + p) * n, n).array();
      const auto r = factors.radius.col(0).segment((q * P + p) * n, n).array();
      if ((c == 0).all() && (r == 0).all()) continue;
      const Vector size = c.abs(), spread = r + rounding * size.array() + underflow;
      for (Index j = 0; j < k; ++j) {
        const auto Vc = V.center.col(j).segment(p * n, n).array();
        const auto Vr = V.radius.col(j).segment(p * n, n).array();
        W.center.col(j).segment(q * n, n).array() += c * Vc;
        W.radius.col(j).segment(q * n, n).array() +=
            size.array() * Vr + spread.array() * (Vc.abs() + Vr);
      }
    }
  }
  W.radius = W.radius.array() * (1 + gamma_bound(2 * P + 8)) + underflow;
  return W;
}

Matrix unit_quadratic_form(Index n, const Matrix& H, In<Matrix> Z) {
  if ((H.array() == 0).all()) return Matrix::Zero(Z.cols(), Z.cols());
  return multiply(Z, unit_product(n, H, Z), true);
}

}  // namespace nullcline::cells::detail
