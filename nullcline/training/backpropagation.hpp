// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <memory>
#include <vector>

#include "nullcline/cells/registry.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::training {

/// A network with its readout z = D x + c, and the loss of a batch of trials
///
///     L = sum_{t,b,o} w_tb (z_otb - y_otb)^2 / (n_out sum_{t,b} w_tb)
///
/// with its exact gradient by backpropagation through time. Trials start at the network's initial
/// state.
template <std::floating_point Real>
class Backpropagation {
 public:
  explicit Backpropagation(const cells::Network& network);

  /// The cell's parameters, then "readout" and "readout_bias".
  std::vector<cells::Parameter<Real>> parameters();
  void parameters_changed();

  /// The loss. Adds nothing and allocates no gradient: `gradients` has one matrix a parameter,
  /// which is overwritten, or empty to be left out.
  double loss_and_gradients(const tasks::Trials& trials, RandomStream* noise,
                            std::vector<MatrixX<Real>>& gradients);

  /// The loss alone.
  double loss(const tasks::Trials& trials, RandomStream* noise);

 private:
  /// Runs the trials; leaves dL/dz in `output_gradient_`.
  double run(const tasks::Trials& trials, RandomStream* noise);

  std::unique_ptr<cells::Cell<Real>> cell_;
  MatrixX<Real> D_, c_;
  MatrixX<Real> inputs_, start_;
  MatrixX<Real> output_gradient_;  // (n_out, T B)
};

}  // namespace nullcline::training
