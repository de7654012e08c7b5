// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nullcline/cells/tangent_cell.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::training {

/// What is asked of the pullback metric G_ij = a_i . a_j, a_i = dx_t / dkappa_i, of the states that
/// a manifold of inputs drives. Means are over the points kappa of a grid and over the steps, with
/// weights w_t; c_t is the target; then over the manifolds of the task.
///
///     mean_ratio   (mean G_aa / G_bb - c)^2, c the mean of c_t
///     log_ratio    mean (log G_aa / G_bb - log c_t)^2
///     log_trace    mean (log tr G - log c_t)^2
///     metric       mean |G - G*|^2 / |G*|^2, Frobenius, G* of every point and step
///
/// The first forbids a warp in the mean (c = 1) [the causal experiment of Pellegrino & Chadwick
/// 2025 as our notes reconstruct it], the second imposes one. Where a metric that is divided by or
/// of which a logarithm is taken is 0, the loss is not finite.
enum class MetricGoal { mean_ratio, log_ratio, log_trace, metric };

/// The loss on one manifold's inputs: K points, T steps, m coordinates, W = K (1 + m) columns a
/// step as TangentCell has them.
struct MetricTarget {
  Index points = 0, dim = 0;
  Matrix inputs;               ///< (n_in, T W)
  Vector weights;              ///< (T), w_t >= 0, not all 0
  Vector values;               ///< (T), c_t > 0; not for `metric`
  Index above = 0, below = 0;  ///< a and b of the ratios, from 0
  Matrix metrics = {};         ///< G* (m m, T K), for `metric`
};

/// The augmented inputs of the points `kappas` (m, K) of a manifold: u, then du / dkappa_i.
Matrix augmented_inputs(const tasks::InputManifold& manifold, In<Matrix> kappas);

/// `count` values a coordinate, evenly spaced from the lowest to the highest or around a circle,
/// the first coordinate the slowest.                                               (m, count^m)
Matrix manifold_grid(const tasks::InputManifold& manifold, Index count);

/// The loss and its exact gradient by the parameters of any cell, in double, without noise: a
/// reverse sweep over states and tangents.
class MetricLoss {
 public:
  enum class Space { states, features };

  /// All targets must have one dimension. Throws std::invalid_argument where sizes do not fit.
  MetricLoss(const cells::Network& network, MetricGoal goal, std::vector<MetricTarget> targets,
             Space space = Space::states);

  /// As training::Backpropagation, without the readout.
  std::vector<cells::Parameter<double>> parameters() { return cell_->parameters(); }
  void parameters_changed() { cell_->parameters_changed(); }

  /// Adds `factor` times the gradient to each that is not empty; with none at all there is no way
  /// back.
  double loss(std::vector<Matrix>* gradients = nullptr, double factor = 1);

  /// G of each target in turn, (m m, T K), at the last call.
  const std::vector<Matrix>& metrics() const { return metrics_; }

  /// The digest of the network whose metric G* is, where metric_loss_from made it; else 0. So that
  /// a training is not resumed with another goal.
  std::uint64_t model() const { return model_; }
  void set_model(std::uint64_t digest) { model_ = digest; }

 private:
  double loss_of(const MetricTarget& target, In<Matrix> metrics, Matrix& slopes) const;

  std::unique_ptr<cells::TangentCell> cell_;
  MetricGoal goal_;
  std::vector<MetricTarget> targets_;
  Space space_;
  std::vector<Matrix> metrics_;
  std::uint64_t model_ = 0;
};

/// What the settings of a training ask for, of all input manifolds of its task; none where `metric`
/// is "none". Throws Error (field training.NAME) where they do not fit the task, where the metric
/// of the network in a file, `metric_like`, is not finite or 0 in the window that they name, and
/// where that of `network` has no finite loss there.
std::optional<MetricLoss> metric_loss_from(const Settings& training, const cells::Network& network,
                                           const tasks::Task& task);

}  // namespace nullcline::training
