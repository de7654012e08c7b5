// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/unit_function.hpp"
#include "nullcline/core/enclosure.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells::detail {

// Products with matrices that act on each of n units alone. J holds P Q numbers a unit, number
// q P + p being dy_q/dx_p, a column a point of the batch; V has k columns a point.

/// W_q = sum_p J_qp V_p.                    J: (Q P n, B)  V: (P n, B k)  W: (Q n, B k)
void unit_product(Index n, In<Matrix> J, In<Matrix> V, Out<Matrix> W);
Matrix unit_product(Index n, In<Matrix> J, In<Matrix> V);

/// V_p = sum_q J_qp W_q.                    J: (Q P n, B)  W: (Q n, B k)  V: (P n, B k)
void unit_product_transposed(Index n, In<Matrix> J, In<Matrix> W, Out<Matrix> V);
Matrix unit_product_transposed(Index n, In<Matrix> J, In<Matrix> W);

/// sum_pr Z_p' diag(H_pr) Z_r with H_pr = H_rp.          H: (P P n)  Z: (P n, d)  result (d, d)
Matrix unit_quadratic_form(Index n, const Matrix& H, In<Matrix> Z);

/// sum_pr d2phi / dx_p dx_r v_p w_r of every unit.          X: (P n, B)  V, W: (P n, B k)  (Q n, B
/// k)
Matrix unit_bilinear(const UnitFunction<double>& phi, Index n, In<Matrix> X, In<Matrix> V,
                     In<Matrix> W);

/// Views of a ball's arrays, or of some of their columns.
struct BallView {
  Out<Matrix> center, radius;
};
inline BallView columns(MatrixBall& A, Index first, Index count) {
  return {A.center.middleCols(first, count), A.radius.middleCols(first, count)};
}

// For intervals J (Q P n) of one point, W (Q n, k):

/// W += J_p V_p, summed over the p that V (P' n, k) has, p = first .. first + P' - 1 of P; the
/// radius of V may be null for 0.
void add_unit_product(Index n, Index P, const Box& J, Index first, In<Matrix> V,
                      const Matrix* V_radius, BallView W);

/// The same of the identity, P' = k / n.
void add_unit_diagonal(Index n, Index P, const Box& J, Index first, BallView W);

}  // namespace nullcline::cells::detail
