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

Matrix unit_quadratic_form(Index n, const Matrix& H, In<Matrix> Z) {
  if ((H.array() == 0).all()) return Matrix::Zero(Z.cols(), Z.cols());
  return multiply(Z, unit_product(n, H, Z), true);
}

}  // namespace nullcline::cells::detail
