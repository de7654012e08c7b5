// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/kernel.hpp"
#include "nullcline/cells/staged.hpp"
#include "nullcline/core/packed_product.hpp"

namespace nullcline::cells {

/// Any staged step as a kernel: the slow twin of those that are written by hand, and what runs
/// where there is none. All steps are kept; with L_k = [v_k; r_k], going back from dL/ds_t,
///
///     dL_k = combine_k'(L_k)' dr_{k+1},   dM_k += dv_k [q_k; u; 1]',
///     dr_k += operand_k'(r_k)' (M_k' dv_k)_q,   du += (M_k' dv_k)_u.
template <std::floating_point Real>
class StagedKernel final : public Kernel<Real> {
 public:
  /// n units and m inputs.
  StagedKernel(StagedStep<Real> step, Index n, Index m);

  Index state_dim() const override { return step_.state * n_; }
  Index input_dim() const override { return m_; }
  Index feature_dim() const override { return step_.feature_count * n_; }
  void set_matrices(const std::vector<MatrixX<Real>>& M) override;
  void forward(const Drive<Real>& drive) override;
  View<Real> states() const override { return view(states_); }
  View<Real> features() const override;
  void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) override;

 private:
  struct Stage {
    PackedMatrix<Real> M, M_operand_transposed, M_input_transposed;
    MatrixX<Real> operands;  // [q; u; 1] (c + m + 1, T B)
    MatrixX<Real> locals;    // [v; r] ((G + R) n, T B)
    MatrixX<Real> deltas;    // dL/d[v; r] of some steps ((G + R) n, chunk B)
  };
  void draw_noise(const Drive<Real>& drive);
  void step_forward(Index t);
  void output_backward(const OutputGradient<Real>& output, Index t, MatrixX<Real>& ds);
  void step_backward(Index t, Index chunk, MatrixX<Real>& ds);
  void accumulate(Index t, Index columns, Gradients<Real>& gradients);
  const Real* noise(Index t) const {
    return noise_.size() == 0 ? nullptr : noise_.data() + t * n_ * batch_;
  }

  StagedStep<Real> step_;
  Index n_, m_, steps_ = 0, batch_ = 0;
  std::vector<Stage> stages_;
  MatrixX<Real> states_, features_, noise_;
  MatrixX<Real> feature_gradient_, carried_gradient_, operand_gradient_;
};

}  // namespace nullcline::cells
