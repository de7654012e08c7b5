// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/fused_kernel.hpp"

#include <algorithm>

namespace nullcline::cells::fused {
namespace {

/// About so many columns are an outer product, but at least two steps: long enough to pay for
/// reading and writing its sums, short enough, but for large batches, for delta and x to stay in
/// L2.
constexpr Index outer_columns = 128;

}  // namespace

template <class Real>
FusedKernel<Real>::FusedKernel(Index n, Index m, Index blocks, bool noisy)
    : n_(n),
      m_(m),
      padded_(shape<Real>().padded(n)),
      blocks_(blocks),
      ld_(leading_dimension<Real>(padded_ + m + 1)),
      noisy_(noisy) {}

template <class Real>
void FusedKernel<Real>::put_inputs(const Drive<Real>& drive, Index t, Real* operand) const {
  const Index stride = drive.inputs.outerStride();
  const Real* u = drive.inputs.data() + (t - 1) * batch_ * stride;
  for (Index b = 0; b < batch_; ++b, u += stride) {
    Real* tail = operand + b * ld_ + padded_;
    for (Index i = 0; i < m_; ++i) tail[i] = u[i];
    tail[m_] = 1;
  }
}

template <class Real>
void FusedKernel<Real>::forward(const Drive<Real>& drive) {
  steps_ = drive.steps;
  batch_ = drive.batch;
  this->grow(operands_, (steps_ + 1) * batch_ * ld_);
  for (Index b = 0; b < batch_; ++b) {
    Real* column = operands_.data() + b * ld_;
    std::copy_n(drive.start.data() + b * drive.start.outerStride(), n_, column);
    std::fill(column + n_, column + padded_, Real(0));
  }
  begin_forward(drive);

  const Index size = n_ * batch_;
  const bool noisy = noisy_ && drive.noise != nullptr;
  if (noisy) this->grow(noise_, size + padded_);
  for (Index t = 1; t <= steps_; ++t) {
    if (noisy) {
      RandomStream noise = *drive.noise;
      noise.seek_group(static_cast<std::uint64_t>((drive.first_step + t - 1) * ((size + 63) / 64)));
      noise.fill_normal(std::span<Real>(noise_.data(), static_cast<std::size_t>(size)));
    }
    put_inputs(drive, t, operand(t - 1));
    forward_step(drive, t, noisy ? noise_.data() : nullptr);
    if (drive.after_step) drive.after_step(t);
  }
}

template <class Real>
View<Real> FusedKernel<Real>::states() const {
  return {operands_.data(), n_, (steps_ + 1) * batch_, Eigen::OuterStride<>(ld_)};
}

template <class Real>
View<Real> FusedKernel<Real>::features() const {
  return {operand(1), n_, steps_ * batch_, Eigen::OuterStride<>(ld_)};
}

template <class Real>
void FusedKernel<Real>::backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) {
  const Index rows = blocks_ * padded_;
  chunk_ = std::max<Index>(2, outer_columns / batch_);
  outputs_ = output.errors.rows();
  delta_ld_ = leading_dimension<Real>(rows + outputs_);
  this->grow(deltas_, chunk_ * batch_ * delta_ld_);
  begin_backward(output);
  if (gradients.inputs != nullptr) {
    gradients.inputs->resize(m_, steps_ * batch_);
    input_back_.pack(m_, 1, 1, rows, 0, [&](Index, Index row) {
      const Index unit = row % padded_;
      return unit < n_ ? input_weights(row / padded_, unit) : column_of_zeros<Real>();
    });
  }
  for (Index b = 0; b < batch_; ++b) std::fill_n(delta(steps_ + 1) + b * delta_ld_, rows, Real(0));
  if (output.more) this->grow(more_, (n_ + padded_) * batch_);

  for (Index t = steps_; t >= 1; --t) {
    for (Index b = 0; b < batch_; ++b) {
      const Index column = (t - 1) * batch_ + b;
      const Real* errors = output.errors.data() + column * output.errors.outerStride();
      Real* below = delta(t + 1) + b * delta_ld_ + rows;
      for (Index o = 0; o < outputs_; ++o) below[o] = errors[o];  // few: a call would cost more
    }
    if (output.more) {
      std::fill(more_.begin(), more_.end(), Real(0));
      output.more(t, Eigen::Map<MatrixX<Real>, 0, Eigen::OuterStride<>>(
                         more_.data(), feature_dim(), batch_, Eigen::OuterStride<>(feature_dim())));
    }
    backward_step(t, output.more ? more_.data() : nullptr);
    if (gradients.inputs != nullptr) {
      multiply(input_back_.left(), {delta(t), 1, delta_ld_}, m_, batch_,
               gradients.inputs->data() + (t - 1) * batch_ * m_, m_);
    }
    if ((t - 1) % chunk_ != 0) continue;
    const Index steps = std::min(chunk_, steps_ - t + 1);
    add_products(t, steps);
    if (output.after_steps) output.after_steps(t, t + steps - 1);
  }
  if (gradients.start != nullptr) {
    for (Index b = 0; b < batch_; ++b) {
      std::fill_n(delta(1) + b * delta_ld_ + rows, outputs_, Real(0));
    }
    finish_start(*gradients.start);
  }
  finish_gradients(gradients.parameters);
}

template class FusedKernel<float>;
template class FusedKernel<double>;

}  // namespace nullcline::cells::fused
