// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/fused/factors.hpp"
#include "nullcline/cells/kernel.hpp"

namespace nullcline::cells::fused {

/// What all fused kernels share: where sequences, gradients and packed factors lie, and the loop
/// over time. A cell adds its two steps.
///
/// n units are padded to n' = whole vectors, so that no loop has a rest; padded weights are zero.
/// Operand columns are [q (n'); u (m); 1], so that recurrent, input and bias parts are one product
/// and one outer product. Their leading dimension is an odd number of cache lines: a power of two
/// would put all columns into the same few sets of L1.
template <class Real>
class FusedKernel : public Kernel<Real> {
 public:
  Index input_dim() const override { return m_; }
  Index state_dim() const override { return n_; }
  Index feature_dim() const override { return n_; }
  void forward(const Drive<Real>& drive) override;
  View<Real> states() const override;
  View<Real> features() const override;
  void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) override;

 protected:
  /// `blocks` blocks of n rows make up delta.
  FusedKernel(Index n, Index m, Index blocks, bool noisy);

  /// Arrays of its own for `steps_` x `batch_`; copies the start of the states.
  virtual void begin_forward(const Drive<Real>& drive) = 0;
  /// State t from state t - 1 and input t. `noise`, normals (n, B) with room to read n' rows, or
  /// null.
  virtual void forward_step(const Drive<Real>& drive, Index t, const Real* noise) = 0;

  /// Packs the left factor [M' D'] of the way back, and sets dL/ds_T.
  virtual void begin_backward(const OutputGradient<Real>& output) = 0;
  /// From delta of step t + 1 (a right factor, errors of step t below it) to that of step t: fills
  /// `delta(t)`. `more`: added to dL/dh_t, or null.
  virtual void backward_step(Index t, const Real* more) = 0;
  /// Adds to the gradients dM the outer products of `steps` steps from step t on, whose deltas lie
  /// one after the other.
  virtual void add_products(Index t, Index steps) = 0;
  /// dL/ds_0 into `start` (S, B), after the last step.
  virtual void finish_start(MatrixX<Real>& start) = 0;
  /// dL/dM of the padded arrays into the caller's.
  virtual void finish_gradients(std::vector<MatrixX<Real>>& dM) = 0;
  /// The input weights of a unit of block b of delta, one an input.
  virtual Column<Real> input_weights(Index block, Index unit) const = 0;

  /// Room for `size` values; memory once taken is kept.
  template <class T>
  static void grow(AlignedVector<T>& values, Index size) {
    if (static_cast<Index>(values.size()) < size) values.resize(static_cast<std::size_t>(size));
  }

  Real* operand(Index t) { return operands_.data() + t * batch_ * ld_; }
  const Real* operand(Index t) const { return operands_.data() + t * batch_ * ld_; }
  /// A chunk of two or more steps has a slot each: that of step t is free when t + chunk is done.
  Real* delta(Index t) { return deltas_.data() + (t - 1) % chunk_ * batch_ * delta_ld_; }

  /// Fills the input rows and the ones of the operand columns of step t.
  void put_inputs(const Drive<Real>& drive, Index t, Real* operand) const;

  Index n_, m_, padded_, blocks_, ld_;
  Index steps_ = 0, batch_ = 0, outputs_ = 0, chunk_ = 2, delta_ld_ = 0;
  AlignedVector<Real> operands_;  ///< (ld, (T + 1) B): state t beside input t + 1.

 private:
  bool noisy_;
  AlignedVector<Real> noise_, deltas_, more_;
  Packer<Real> input_back_;
};

/// The leading dimension of columns of at least `rows`.
template <class Real>
Index leading_dimension(Index rows) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(Real));
  const Index lines = (rows + line - 1) / line;
  return (lines % 2 == 0 ? lines + 1 : lines) * line;
}

}  // namespace nullcline::cells::fused
