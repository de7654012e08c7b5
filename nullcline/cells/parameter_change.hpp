// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "nullcline/cells/network.hpp"

namespace nullcline::cells {

/// How a network's map changes with its parameters along a direction,
///
///     P(x, u) = d/d eps F(x, u; W + eps dW) at eps = 0.
///
/// Exact, with its push-forward, where the network has one layer (StagedChange), whatever its
/// weights are made of: of a low-rank product both factors, of Dale's |W| the sign of W times dW, 0
/// where W is 0. Of several layers by central differences over eps, with an error of about
/// eps^(2/3) of the machine, and `derivatives` says so.
class ParameterChange final : public DrivenFunction {
 public:
  /// `change` has arrays dW by name; parameters that it does not name stay as they are. Throws
  /// Error on a name or a shape that the network does not have, or where all is 0.
  ParameterChange(const Network& network, const std::map<std::string, Matrix>& change);

  Index state_dim() const override { return change_->state_dim(); }
  Index input_dim() const override { return change_->input_dim(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    change_->evaluate(X, U, Y);
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    change_->push_forward(X, U, VX, VU, W);
  }
  Derivatives derivatives() const override { return change_->derivatives(); }

 private:
  std::unique_ptr<DrivenFunction> change_;
};

/// The same by central differences over eps, of any network: a reference for tests.
std::unique_ptr<DrivenFunction> difference_change(const Network& network,
                                                  const std::map<std::string, Matrix>& change);

/// trained - start, parameter by parameter, of two networks of one shape.
std::map<std::string, Matrix> parameter_difference(const Network& start, const Network& trained);

}  // namespace nullcline::cells
