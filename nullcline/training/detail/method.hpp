// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/training/backpropagation.hpp"
#include "nullcline/training/metric_loss.hpp"

namespace nullcline::training::detail {

/// The network that is trained, as all methods see it.
template <std::floating_point Real>
struct Model {
  Backpropagation<Real> network;
  std::vector<cells::Parameter<Real>> parameters;
  std::vector<MatrixX<Real>> gradients;  // of each parameter; empty: not moved by gradients
  std::optional<MetricLoss> metric = {};

  bool trains(std::size_t p) const { return gradients[p].size() > 0; }
};

struct StepResult {
  double loss = 0;     ///< Of the task, before the step.
  double penalty = 0;  ///< What regularizers add.
  bool finite = true;  ///< false: something was not finite, and nothing has changed.
  bool done = false;   ///< Further steps would change nothing.
};

/// How one step of a training goes. A method keeps its own state, which it saves in a checkpoint
/// and takes from there.
template <std::floating_point Real>
class Method {
 public:
  virtual ~Method() = default;

  /// Step k = 0, 1, ...
  virtual StepResult step(Index k, const tasks::Trials& trials, RandomStream& noise) = 0;

  /// The outputs (n_out, T B) of the network as it is.
  virtual Matrix outputs(const tasks::Trials& trials, RandomStream& noise) = 0;

  /// Puts into `network` what the method has trained beside the parameters with gradients.
  virtual void finish(cells::Network&) const {}

  virtual void save(io::Dataset& checkpoint) const = 0;
  virtual void restore(const io::Dataset& checkpoint, const std::filesystem::path& path) = 0;
};

/// Backpropagation with a rule of optimizer.hpp, or with L-BFGS.
template <std::floating_point Real>
std::unique_ptr<Method<Real>> gradient_method(Model<Real>& model, const Settings& training);
template <std::floating_point Real>
std::unique_ptr<Method<Real>> lbfgs_method(Model<Real>& model, const Settings& training);

/// The readout alone: by ridge regression, anew after each step on all trials so far, so that the
/// loss of a step is that of trials not yet seen; or by FORCE, with feedback drawn from `stream`.
template <std::floating_point Real>
std::unique_ptr<Method<Real>> ridge_method(Model<Real>& model, const Settings& training);
template <std::floating_point Real>
std::unique_ptr<Method<Real>> force_method(const cells::Network& start, const Settings& training,
                                           RandomStream stream);

}  // namespace nullcline::training::detail
