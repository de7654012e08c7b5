// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <memory>

#include "nullcline/cells/registry.hpp"
#include "nullcline/tasks/task.hpp"
#include "nullcline/training/readout.hpp"

namespace nullcline::training {

/// FORCE [Sussillo & Abbott 2009]: the network is driven by its own output through fixed weights
/// Q (n, n_out), as by n_out more inputs,
///
///     s_t = F(s_{t-1}, [u_t; z_{t-1}]),  z_t = D r_t + c,  z_0 = c,
///
/// while recursive least squares holds z to the target from the first step on; what is fed back is
/// z_t before that step's update. As z is linear in r, the loop closes into the network itself:
/// W r + Q z = (W + Q D) r + Q c. `closed` is that network, an ordinary one without feedback, which
/// does the same to rounding (where r of the start is zero, as for x = 0 of a rate network).
///
/// Without feedback (Q empty) this is a reservoir with an online readout.
template <std::floating_point Real>
class Force {
 public:
  /// Throws Error (field training.feedback) when there is feedback and the cell has no "recurrent"
  /// (n, F) and "bias" into which it could close.
  Force(const cells::Network& start, In<Matrix> feedback, double lambda);

  /// Runs trials and learns at every step and trial with weight w > 0; returns the mean squared
  /// error before each update, sum w |z - y|^2 / (n_out sum w).
  double learn(const tasks::Trials& trials, RandomStream* noise) {
    return run(trials, noise, true);
  }

  /// The same without learning; `outputs` shows what it gave.
  double loss(const tasks::Trials& trials, RandomStream* noise) {
    return run(trials, noise, false);
  }
  const Matrix& outputs() const { return outputs_; }  ///< z (n_out, T B) of the last run

  cells::Network closed() const;

  RecursiveReadout& readout() { return readout_; }
  const RecursiveReadout& readout() const { return readout_; }

 private:
  double run(const tasks::Trials& trials, RandomStream* noise, bool learning);

  cells::Network start_;
  Matrix feedback_;  // Q (n, n_out) or (n, 0)
  std::unique_ptr<cells::Cell<Real>> cell_;
  RecursiveReadout readout_;
  MatrixX<Real> inputs_, state_;
  Matrix outputs_;
};

}  // namespace nullcline::training
