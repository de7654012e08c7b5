// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "nullcline/core/map.hpp"

namespace nullcline {

/// One-step methods in the form
///
///     k_i = f(x + h a_i k_{i-1}, u_i),   x_{t+1} = x + h sum_i b_i k_i,
///
/// Euler (order 1), Heun (order 2: a = 0, 1; b = 1/2, 1/2) and the classical Runge-Kutta method
/// (order 4: a = 0, 1/2, 1/2, 1; b = 1/6, 1/3, 1/3, 1/6).
enum class Method { euler, heun, rk4 };

Method method_from_name(const std::string& name);  ///< Throws Error on an unknown name.
const char* name_of(Method method);

/// What a step is given as its input: u, `held` through the step, u_i = u; or its values
/// `at_nodes`, one below the other, at the times t_n + a_i h that the method looks at (Euler 1: the
/// start; Heun 2: start and end; Runge-Kutta 3: start, middle, end). The first is the limit from
/// the right, the last from the left: where an input jumps, at the end of a step, each step sees
/// its own side, and the method keeps its order.
enum class StepInputs { held, at_nodes };
Index node_count(Method method, StepInputs inputs);

/// The driven map of one step of length `dt` (seconds) of `flow`, which it refers to or owns.
/// Derivatives are those of the discrete step, exact if the flow's are. A negative `dt` steps back
/// in time; 0 or one that is not finite is std::invalid_argument.
class SteppedFlow final : public DrivenMap {
 public:
  SteppedFlow(const Flow& flow, double dt, Method method = Method::euler,
              StepInputs inputs = StepInputs::held);
  SteppedFlow(std::unique_ptr<const Flow> flow, double dt, Method method = Method::euler,
              StepInputs inputs = StepInputs::held);

  Index state_dim() const override { return flow_.state_dim(); }
  Index input_dim() const override { return flow_.input_dim() * node_count(method_, inputs_); }
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
  Derivatives derivatives() const override { return flow_.derivatives(); }

  double dt() const { return dt_; }

 private:
  std::unique_ptr<const Flow> owned_;  // null when the flow belongs to somebody else
  const Flow& flow_;
  double dt_;
  Method method_;
  StepInputs inputs_;
};

}  // namespace nullcline
