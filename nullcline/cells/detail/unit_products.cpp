// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/detail/unit_products.hpp"

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::cells::detail {

void unit_product(Index n, In<Matrix> J, In<Matrix> V, Out<Matrix> W) {
  const Index P = V.rows() / n, Q = J.rows() / V.rows(), B = J.cols();
  const Index k = B == 0 ? 0 : V.cols() / B;
  W.setZero();
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
}

Matrix unit_product(Index n, In<Matrix> J, In<Matrix> V) {
  Matrix W(J.rows() / V.rows() * n, V.cols());
  unit_product(n, J, V, W);
  return W;
}

void unit_product_transposed(Index n, In<Matrix> J, In<Matrix> W, Out<Matrix> V) {
  const Index Q = W.rows() / n, P = J.rows() / W.rows(), B = J.cols();
  const Index k = B == 0 ? 0 : W.cols() / B;
  V.setZero();
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
}

Matrix unit_product_transposed(Index n, In<Matrix> J, In<Matrix> W) {
  Matrix V(J.rows() / W.rows() * n, W.cols());
  unit_product_transposed(n, J, W, V);
  return V;
}

void add_unit_product(Index n, Index P, const Box& J, Index first, In<Matrix> V,
                      const Matrix* V_radius, BallView W) {
  const Index count = V.rows() / n, Q = W.center.rows() / n;
  const MatrixBall factors = ball_of(J);
  // Rounding of the sum over all p, here and in other calls, is charged to each of its terms.
  const double rounding = gamma_bound(P + 2), raise = 1 + gamma_bound(2 * P + 8);
  for (Index q = 0; q < Q; ++q) {
    for (Index p = 0; p < count; ++p) {
      const Index at = (q * P + first + p) * n;
      const Vector c = factors.center.col(0).segment(at, n);
      const Vector r = factors.radius.col(0).segment(at, n);
      if (c.isZero(0) && r.isZero(0)) continue;
      const Vector size = raise * c.array().abs();
      const Vector spread = raise * (r.array() + rounding * size.array()) + underflow;
      for (Index j = 0; j < V.cols(); ++j) {
        const auto Vc = V.col(j).segment(p * n, n).array();
        W.center.col(j).segment(q * n, n).array() += c.array() * Vc;
        auto radius = W.radius.col(j).segment(q * n, n).array();
        if (V_radius == nullptr) {
          radius += spread.array() * Vc.abs();
        } else {
          const auto Vr = V_radius->col(j).segment(p * n, n).array();
          radius += size.array() * Vr + spread.array() * (Vc.abs() + Vr);
        }
      }
    }
  }
}

void add_unit_diagonal(Index n, Index P, const Box& J, Index first, BallView W) {
  const Index Q = W.center.rows() / n;
  for (Index q = 0; q < Q; ++q) {
    for (Index j = 0; j < W.center.cols(); ++j) {
      const Index row = q * n + j % n;
      const Interval sum = Interval::around(W.center(row, j), W.radius(row, j)) +
                           J[static_cast<std::size_t>((q * P + first) * n + j)];
      W.center(row, j) = sum.center();
      W.radius(row, j) = sum.radius();
    }
  }
}

Matrix unit_bilinear(const UnitFunction<double>& phi, Index n, In<Matrix> X, In<Matrix> V,
                     In<Matrix> W) {
  const Index P = phi.inputs, Q = phi.outputs, k = X.cols() > 0 ? V.cols() / X.cols() : 0;
  Matrix result = Matrix::Zero(Q * n, V.cols());
  Vector H(P * P * n);
  for (Index q = 0; q < Q; ++q) {
    Vector only = Vector::Zero(Q * n);
    only.segment(q * n, n).setOnes();
    for (Index b = 0; b < X.cols(); ++b) {
      phi.hessian(n, X.col(b).data(), only.data(), H.data());
      if (H.isZero(0)) continue;
      for (Index j = b * k; j < (b + 1) * k; ++j) {
        auto sum = result.col(j).segment(q * n, n);
        for (Index p = 0; p < P; ++p) {
          for (Index r = 0; r < P; ++r) {
            sum.array() += H.segment((p * P + r) * n, n).array() *
                           V.col(j).segment(p * n, n).array() * W.col(j).segment(r * n, n).array();
          }
        }
      }
    }
  }
  return result;
}

Matrix unit_quadratic_form(Index n, const Matrix& H, In<Matrix> Z) {
  if ((H.array() == 0).all()) return Matrix::Zero(Z.cols(), Z.cols());
  return multiply(Z, unit_product(n, H, Z), true);
}

}  // namespace nullcline::cells::detail
