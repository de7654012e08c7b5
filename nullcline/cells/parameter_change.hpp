// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "nullcline/cells/network.hpp"

namespace nullcline::cells {

/// How a network's map changes with its parameters along a direction,
///
///     P(x, u) = d/d eps F(x, u; W + eps dW) at eps = 0,
///
/// by central differences over eps, as are its derivatives: exact to rounding over the step where F
/// is linear in what changes (the current form of rate networks), else with an error of about
/// eps^(2/3) of the machine.
class ParameterChange final : public DrivenFunction {
 public:
  /// `change` has arrays dW by name; parameters that it does not name stay as they are. Throws
  /// Error on a name or a shape that the network does not have, or where all is 0.
  ParameterChange(const Network& network, const std::map<std::string, Matrix>& change);

  Index state_dim() const override { return above_->state_dim(); }
  Index input_dim() const override { return above_->input_dim(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;

 private:
  double step_ = 0;
  std::unique_ptr<DrivenMap> above_, below_;
};

/// trained - start, parameter by parameter, of two networks of one shape.
std::map<std::string, Matrix> parameter_difference(const Network& start, const Network& trained);

}  // namespace nullcline::cells
