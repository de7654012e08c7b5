// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <memory>
#include <vector>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/tasks/task.hpp"
#include "nullcline/training/regularizer.hpp"

namespace nullcline::training {

/// How a batch is run and what is made of its outputs.
struct BackpropagationOptions {
  tasks::Loss loss = tasks::Loss::squared_error;
  ActivityPenalty activity = {};

  double loss_weight = 1;  ///< Of the loss in the gradient; `loss` is without it.

  /// K >= 1: the T steps are cut into K segments of ceil(T / K); 0: K = about sqrt(T).
  Index segments = 1;
};

/// A network with its readout z = D r + c, and the loss of a batch of trials (loss.hpp) with the
/// penalty of its activity (regularizer.hpp): their exact gradient by backpropagation through time.
///
/// With K > 1 segments only the states at the starts of segments are kept on the way forward; on
/// the way back each segment but the last is run again, with the same noise [checkpointing,
/// Griewank 1992; for recurrent networks Chen et al. 2016, Gruslys et al. 2016]. That costs up to
/// one more forward pass and needs memory for
///
///     c B ceil(T / K)  +  S B (K + 1)  +  (m + 2 n_out + 2) B T   numbers (and 2 F B K for
///     `rate`),
///
/// where c is what a cell keeps of a step of a trial (for leaky_rate n, and a bit or a number a
/// unit), S its state, m and n_out the inputs and outputs; with K = sqrt(T) the first two are (c +
/// S) B sqrt(T). The loss is that of one segment bit for bit; gradients differ by rounding, as
/// cells sum over steps in other blocks.
///
/// After the first call nothing is allocated as long as trials keep their size.
template <std::floating_point Real>
class Backpropagation {
 public:
  explicit Backpropagation(const cells::Network& network,
                           const BackpropagationOptions& options = {});

  /// The cell's parameters, then "readout" and "readout_bias".
  std::vector<cells::Parameter<Real>> parameters();
  void parameters_changed();

  /// The loss, with the penalty of the activity. `gradients` has one matrix a parameter, which is
  /// overwritten, or empty to be left out.
  double loss_and_gradients(const tasks::Trials& trials, RandomStream* noise,
                            std::vector<MatrixX<Real>>& gradients);

  /// The loss alone.
  double loss(const tasks::Trials& trials, RandomStream* noise);

  /// The penalty of the activity in the last loss.
  double activity_penalty() const { return penalty_; }

  /// The outputs (n_out, T B) of trials.
  Matrix outputs(const tasks::Trials& trials, RandomStream* noise);

  /// Runs trials in one segment and shows their features r (F, T B) until the next call.
  cells::View<Real> features(const tasks::Trials& trials, RandomStream* noise);

 private:
  void take(const tasks::Trials& trials);
  void fill_start();
  Index segment_count() const;
  Index length_of(Index segment) const;
  void run_segment(Index segment, RandomStream* noise, bool read_out);
  void run_all(RandomStream* noise);
  double run_for_loss(const tasks::Trials& trials, RandomStream* noise);
  void pack_readout();
  void apply_readout(Index segment, Index t);
  void add_readout_gradient(Index segment, Index first, Index last);

  void find_valid_steps(const tasks::Trials& trials);
  double activity_of(Index segment);
  void add_activity_gradient(Index segment, Index t, InOut<MatrixX<Real>> G) const;

  BackpropagationOptions options_;
  VectorX<Real> of_outputs_;  // v, or empty
  std::unique_ptr<cells::Cell<Real>> cell_;
  MatrixX<Real> D_, c_;
  MatrixX<Real> thin_D_, thin_dD_;  // D', dL/dD' of a thin readout (F, n_out)
  PackedMatrix<Real> packed_D_, packed_errors_;
  MatrixX<Real>* dD_ = nullptr;  // where gradients of the readout go, on the way back

  Index steps_ = 0, batch_ = 0, length_ = 0;  // T, B, ceil(T / K)
  MatrixX<Real> inputs_, targets_, shares_;   // (m, T B), (n_out, T B), (1, T B)
  MatrixX<Real> outputs_;                     // z, then dL/dz (n_out, T B)
  std::vector<MatrixX<Real>> starts_;         // s_0 of each segment (S, B)
  MatrixX<Real> later_, earlier_;             // dL/ds at the end and at the start of a segment

  MatrixX<Real> valid_;                      // (1, T B), 1 / (F steps) or 0
  std::vector<MatrixX<Real>> first_, last_;  // features at the borders of segments (F, B)
  double penalty_ = 0;
};

}  // namespace nullcline::training
