// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/cells/staged.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::cells {

/// How a staged step changes with its matrices along dM_k: P(x, u) = d/d eps of the step with
/// M_k + eps dM_k at eps = 0, without noise. With a dot for d/d eps and L_k = [v_k; r_k],
///
///     v_k. = M_k [q_k.; 0; 0] + dM_k [q_k; u; 1],    r_{k+1}. = combine_k'(L_k) L_k.,
///
/// and its push-forward by differentiating these once more, so that both are exact. Its second
/// derivatives are DrivenFunction's, differences of the push-forward.
class StagedChange final : public DrivenFunction {
 public:
  /// M_k and dM_k as StagedStep has them, of the same shapes; m inputs.
  StagedChange(StagedStep<double> step, std::vector<Matrix> M, std::vector<Matrix> dM, Index m);

  Index state_dim() const override { return step_.state * n_; }
  Index input_dim() const override { return m_; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  StagedStep<double> step_;
  std::vector<Matrix> M_, dM_;
  Index n_, m_;
};

}  // namespace nullcline::cells
