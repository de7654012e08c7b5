// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/geometry/sensitivities.hpp"

namespace nullcline::geometry {

/// F(x, u) + eps P(x, u) with eps an input more, the last: F(., .; W + eps dW) to first order in
/// eps, where P = dF/dW dW says how a change of weights changes a map (Base = DrivenMap) or a flow
/// (Base = Flow, to be stepped). Exact derivatives where F and P have them. Refers to both.
template <class Base>
class Deformed final : public Base {
 public:
  Deformed(const Base& F, const DrivenFunction& P);
  Index state_dim() const override { return F_.state_dim(); }
  Index input_dim() const override { return F_.input_dim() + 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;
  void second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU, In<Matrix> WX,
                           In<Matrix> WU, Out<Matrix> D) const override;
  Derivatives derivatives() const override;

 private:
  const Base& F_;
  const DrivenFunction& P_;
};

/// What learning does to the metric, to first order in a change dW of the weights:
///
///     dG_ij = da_i . a_j + a_i . da_j,
///
/// with the changes dx of the states and da_i of their tangents, which obey the linearized dynamics
/// driven by P and its derivative [Pellegrino & Chadwick 2025; for a rate network the forcing of
/// da_i is dW (f'(x) a_i): what overlaps with the right singular vectors of dW is amplified].
struct MetricChange {
  Index points = 0, dim = 0;     ///< K, m
  std::vector<Index> steps;      ///< (S)
  Matrix states, tangents;       ///< (n, S K), (n, S K m) before the change.
  Matrix state_change;           ///< (n, S K) dx
  Matrix tangent_change;         ///< (n, S K m) da_i
  Matrix metric, metric_change;  ///< (m m, S K) G and dG, column by column.
  Derivatives derivatives = Derivatives::exact;
};

/// `deformed` is a Deformed map, or a stepped Deformed flow (inputs held): its last input is eps.
/// The inputs are those without it. They are second sensitivities by (kappa, eps) at eps = 0.
MetricChange metric_change(const DrivenMap& deformed, const ManifoldInputs& inputs,
                           const SensitivityOptions& options = {}, const Progress& progress = {});

}  // namespace nullcline::geometry
