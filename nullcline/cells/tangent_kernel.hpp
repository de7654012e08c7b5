// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/cells/staged.hpp"
#include "nullcline/core/packed_product.hpp"

namespace nullcline::cells {

/// A layer's states together with m tangents of each, of K points of a manifold of inputs, and the
/// gradients of a function of both by the layer's matrices: the reverse sweep over the augmented
/// dynamics
///
///     s' = F(s, u),   a_i' = F_s a_i + F_u du_i,   a_i = 0 at the start,
///
/// without noise, in double, for any staged step. A time step of an augmented sequence is
/// W = K (1 + m) columns: K of the points, then K m of their tangents, those of a point side by
/// side. As products are linear, one product with M_k does for both. With L_k = [v_k; r_k], its
/// tangents L_ki, and the cotangents lambda of r_{k+1} and mu_i of its tangents,
///
///     dL_k  = combine_k'(L_k)' lambda + sum_i combine_k''(L_k; mu_i) L_ki
///     dL_ki = combine_k'(L_k)' mu_i
///     dM_k += dv_k [q_k; u; 1]' + sum_i dv_ki [q_ki; du_i; 0]'
///
/// and the same again for the operands [Pellegrino & Chadwick 2025 by automatic differentiation;
/// for x' = -x + W f(x) + B u these are the adjoint equations of section 3.2 of our notes].
class TangentKernel {
 public:
  /// n units, m_in inputs, `dim` = m tangents.
  TangentKernel(StagedStep<double> step, Index n, Index m_in, Index dim);

  Index state_dim() const { return step_.state * n_; }            // S
  Index feature_dim() const { return step_.feature_count * n_; }  // F

  void set_matrices(const std::vector<Matrix>& M);

  /// T steps of K points from `start` (S, K), whose tangents are zero.   inputs: (m_in, T W)
  void forward(Index points, In<Matrix> inputs, In<Matrix> start);

  auto states() const { return states_.rightCols(states_.cols() - width()); }  // (S, T W)
  const Matrix& features() const { return features_; }                         // (F, T W)

  /// Cotangents of the states and features of the last `forward`, either of which may be empty.
  /// Adds to dM; leaves those of the inputs (m_in, T W) and of the start (S, K) where they are
  /// wanted.
  void backward(In<Matrix> of_states, In<Matrix> of_features, std::vector<Matrix>& dM,
                Matrix* of_inputs, Matrix* of_start);

 private:
  struct Stage {
    PackedMatrix<double> M, transposed;
    Matrix operands;  // [q; u; 1 or 0] (c + m_in + 1, T W)
    Matrix locals;    // [v; r] (P n, T W)
  };
  Index width() const { return points_ * (1 + dim_); }  // W
  Matrix apply(const UnitFunction<double>& phi, In<Matrix> X) const;
  Matrix pull_back(const UnitFunction<double>& phi, In<Matrix> X, In<Matrix> lambda) const;
  void step_forward(Index t);
  void step_backward(Index t, Matrix& lambda, std::vector<Matrix>& dM, Matrix* of_inputs);

  StagedStep<double> step_;
  Index n_, m_in_, dim_, points_ = 0, steps_ = 0;
  std::vector<Stage> stages_;
  Matrix states_, features_;
  PackedMatrix<double> packed_;
};

}  // namespace nullcline::cells
