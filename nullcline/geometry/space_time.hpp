// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/geometry/sensitivities.hpp"

namespace nullcline::geometry {

/// The (m + 1)-dimensional manifold that states are on when time counts as a coordinate: tangents
/// (x_t, a_1 .. a_m) and second derivatives, of a flow dx/dt = f(x, u)
///
///     x_t = f,   x_tt = f_x f + f_u du/dt,   x_ti = f_x a_i + f_u du/dkappa_i
///
/// [Pellegrino & Chadwick 2025, theorem 3.4]. Where an input jumps these are limits from the right.
struct SpaceTime {
  Matrix tangents;  ///< (n, C (m + 1)) of column c: x_t, a_1 .. a_m.
  Matrix second;    ///< (n, C (m + 1) (m + 2) / 2) tt, t1 .. tm, 11 ..; empty without second ones.
};

/// At the kept steps of `found` with the inputs u_t that follow; at t = T the last there are, of
/// inputs at nodes the limit from the left. `inputs` has the channels of f, or those of the step
/// with inputs at nodes, f's first. `rates` (n_in, T K) is du/dt at the steps, empty where inputs
/// stand still between jumps; with f's channels. Throws std::invalid_argument on other sizes.
SpaceTime space_time(const Flow& f, const ManifoldInputs& inputs, const Sensitivities& found,
                     In<Matrix> rates = Matrix());

/// (F(x, u) - x) / dt as a flow: what stands for f where there is a map alone. Its `space_time` has
/// velocities and their derivatives by kappa that are those of the discrete orbit. Refers to F.
class StepRate final : public Flow {
 public:
  StepRate(const DrivenMap& F, double dt) : F_(F), dt_(dt) {}
  Index state_dim() const override { return F_.state_dim(); }
  Index input_dim() const override { return F_.input_dim(); }
  Derivatives derivatives() const override { return F_.derivatives(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;

 private:
  const DrivenMap& F_;
  double dt_;
};

/// Whether the inputs, or their tangents, jump at t = 0 .. T: (T + 1). Of inputs of `channels`
/// rows, held through each step, between u_{t-1} and u_t; of inputs at nodes between the last node
/// of step t - 1 and the first of step t. No jump at 0 and T.
std::vector<bool> input_jumps(const ManifoldInputs& inputs, Index channels);

/// The t of 1 .. T at which nothing jumps: what statistics over time are taken of.
std::vector<Index> steps_without_jumps(const ManifoldInputs& inputs, Index channels);

/// Layers as time: of a feed-forward network as one map of all its layers' states, one below the
/// other, and of its sensitivities after one step, those of layer l at "step" l = 1 .. layers.
/// Throws std::invalid_argument unless found.steps is {1} and the layers are equally wide.
Sensitivities layers_as_steps(const Sensitivities& found, Index layers);

}  // namespace nullcline::geometry
