// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/cells/staged.hpp"
#include "nullcline/core/map.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/core/scratch.hpp"

namespace nullcline::cells {

/// What a staged step does without noise, in double, with exact derivatives: the pointwise parts
/// by jets, the rest by products with the M_k. With L_k = [v_k; r_k], lambda_k = dL/dr_{k+1} and
/// Z_k = dL_k/d(x, u),
///
///     sum_j w_j d2s'_j = sum_k Z_k' combine_k''(L_k; lambda_k) Z_k
///                            + (dr_k)' operand_k''(r_k; (M_k' dv_k)_q) dr_k.
///
/// StagedFunction<DrivenMap> is a cell's map. A rule whose last combination is dx/dt instead of x'
/// makes a StagedFunction<Flow>.
template <class Base>
class StagedFunction : public Base {
 public:
  /// M_k as StagedStep has them; m inputs.
  StagedFunction(StagedStep<double> step, std::vector<Matrix> M, Index m);

  Index state_dim() const override { return step_.state * n_; }
  Index input_dim() const override { return m_; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;
  void second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU, In<Matrix> WX,
                           In<Matrix> WU, Out<Matrix> D) const override;
  void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                 Out<Matrix> VU) const override;
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override;
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override;
  std::optional<Box> enclose(const Box& x, const Box& u) const override;
  std::optional<JacobianBalls> enclose_jacobians(const Box& x, const Box& u) const override;
  Derivatives derivatives() const override { return Derivatives::exact; }
  Vector state_bound() const override;

 private:
  struct Stage {
    Matrix M;
    PackedMatrix<double> packed, transposed;
    std::vector<bool> has_operand;  // of the blocks of M, whether they multiply it by more than 0
  };
  using Pad = Scratch::Pad;
  /// Of a block of states whose L_k are known, dcombine_k/dL_k and dq_k/dr_k of every stage.
  struct Slopes {
    std::vector<Pad> combine, operand;
  };
  std::vector<Pad> locals(In<Matrix> X, In<Matrix> U, Out<Matrix> Y, Scratch& scratch) const;
  Pad jacobian_of_combine(std::size_t k, const Pad& L, Scratch& scratch) const;
  Pad jacobian_of_operand(std::size_t k, const Pad& L, Scratch& scratch) const;
  Slopes slopes(const std::vector<Pad>& L, Scratch& scratch) const;
  template <class Body>
  void linearized_over_blocks(In<Matrix> X, In<Matrix> U, Index tangents, const Body& body) const;
  Pad no_operands(In<Matrix> VU, Scratch& scratch) const;
  void push_block(const Slopes& J, In<Matrix> VX, In<Matrix> VU, Out<Matrix> W) const;
  void second_push_block(const std::vector<Pad>& L, const Slopes& J, In<Matrix> VX, In<Matrix> VU,
                         In<Matrix> WX, In<Matrix> WU, Out<Matrix> D) const;
  void pull_block(const Slopes& J, In<Matrix> W, Out<Matrix> VX, Out<Matrix> VU) const;
  Jacobians jacobians_of_one_stage(In<Vector> x, In<Vector> u) const;
  Matrix tangents(In<Vector> x, In<Vector> u, std::vector<Pad>& L, std::vector<Matrix>& Z,
                  Scratch& scratch) const;
  /// L_k over a box; on the way dq_k/dr_k where J is not null.
  Box local_box(std::size_t k, const Box& carried, const Box& u, Box* J) const;

  StagedStep<double> step_;
  std::vector<Stage> stages_;
  Index n_, m_;
};

}  // namespace nullcline::cells
