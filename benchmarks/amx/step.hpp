// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "levels.hpp"
#include "nullcline/cells/fused/rate.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/training/optimizer.hpp"

namespace nullcline::amx {

/// What step_nullcline.cpp trains: a leaky rate network with ReLU, its recurrent weights alone.
struct Case {
  Index units, batch, steps;
};
cells::Network start_of(const Case& it, std::uint64_t id);
Settings settings_of(const Case& it);

using KernelMaker =
    std::function<std::unique_ptr<cells::Kernel<float>>(const cells::fused::RateOptions&)>;

/// Steps of Trainer<float> around any kernel of the rate network: the same trials, noise, loss and
/// optimizer; without checkpoints, schedules, penalties.
class Step {
 public:
  Step(const Case& it, std::uint64_t id, const KernelMaker& kernel);

  /// Trials, forward, backward, Adam; returns the loss.
  double step();
  /// The gradient by W at the weights of the start, on the trials of step k.
  const MatrixX<float>& gradient(Index k);

  const cells::fused::RateOptions& options() const { return options_; }
  const MatrixX<float>& weights() const { return M_.front(); }  ///< [W B b]
  const cells::Network& network() const { return network_; }
  const tasks::Trials& trials() const { return trials_; }
  RandomStream noise_of(Index k) const;

 private:
  double run(Index k);

  Case case_;
  std::uint64_t id_;
  Levels task_;
  cells::Network network_;
  cells::fused::RateOptions options_;
  std::unique_ptr<cells::Kernel<float>> kernel_;
  std::vector<MatrixX<float>> M_, dM_, gradients_;
  std::unique_ptr<training::Optimizer<float>> optimizer_;
  double rate_;
  tasks::Trials trials_;
  MatrixX<float> W_, D_, thin_D_, c_, inputs_, targets_, shares_, outputs_, start_;
  Index taken_ = 0;
};

/// The gradient by W of the mean squared error, in double and plain: of the kernel's weights,
/// inputs and noise as floats.                                                    (n, n)
Matrix reference_gradient(const Step& step, Index k);

}  // namespace nullcline::amx
