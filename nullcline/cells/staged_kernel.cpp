// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/staged_kernel.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace nullcline::cells {
namespace {

/// Steps whose weight gradient is one product: about 128 columns keep both factors in L1.
Index steps_per_product(Index batch) { return std::max<Index>(1, 128 / batch); }

}  // namespace

template <std::floating_point Real>
StagedKernel<Real>::StagedKernel(StagedStep<Real> step, Index n, Index m)
    : step_(std::move(step)), n_(n), m_(m), stages_(step_.stages.size()) {}

template <std::floating_point Real>
void StagedKernel<Real>::set_matrices(const std::vector<MatrixX<Real>>& M) {
  assert(M.size() == stages_.size());
  const Index c = step_.operand_dim(n_);
  for (std::size_t k = 0; k < M.size(); ++k) {
    assert(M[k].rows() == step_.stages[k].blocks * n_ && M[k].cols() == step_.matrix_cols(n_, m_));
    stages_[k].M.pack(M[k]);
    if (c > 0) stages_[k].M_operand_transposed.pack(M[k].leftCols(c), true);
    if (m_ > 0) stages_[k].M_input_transposed.pack(M[k].middleCols(c, m_), true);
  }
}

template <std::floating_point Real>
void StagedKernel<Real>::draw_noise(const Drive<Real>& drive) {
  if (drive.noise == nullptr || !step_.noisy) {
    noise_.resize(0, 0);
    return;
  }
  const Index size = n_ * batch_;
  noise_.resize(n_, steps_ * batch_);
  for (Index t = 0; t < steps_; ++t) {
    RandomStream stream = *drive.noise;
    stream.seek_group(static_cast<std::uint64_t>((drive.first_step + t) * ((size + 63) / 64)));
    stream.fill_normal({noise_.data() + t * size, static_cast<std::size_t>(size)});
  }
}

template <std::floating_point Real>
void StagedKernel<Real>::step_forward(Index t) {
  const Index c = step_.operand_dim(n_), first = t * batch_;
  const Index S = state_dim();
  stages_[0].locals.middleCols(first, batch_).bottomRows(S) = states_.middleCols(first, batch_);
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    Stage& stage = stages_[k];
    const auto& law = step_.stages[k];
    const Index rows = stage.locals.rows(), cols = stage.operands.rows();
    const Index products = law.blocks * n_;
    Real* local = stage.locals.data() + first * rows;
    Real* q = stage.operands.data() + first * cols;
    if (c > 0) {
      law.operand->evaluate(n_, batch_, {local + products, rows}, nullptr, {q, cols});
    }
    multiply_packed(stage.M, q, 1, cols, batch_, local, rows, false);
    Units<Real> next{states_.data() + (first + batch_) * S, S};
    if (k + 1 < stages_.size()) {
      MatrixX<Real>& following = stages_[k + 1].locals;
      next = {following.data() + first * following.rows() + step_.stages[k + 1].blocks * n_,
              following.rows()};
    }
    law.combine->evaluate(n_, batch_, {local, rows}, noise(t), next);
  }
}

template <std::floating_point Real>
void StagedKernel<Real>::forward(const Drive<Real>& drive) {
  steps_ = drive.steps;
  batch_ = drive.batch;
  const Index columns = steps_ * batch_, c = step_.operand_dim(n_);
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    Stage& stage = stages_[k];
    stage.operands.resize(c + m_ + 1, columns);
    stage.operands.middleRows(c, m_) = drive.inputs;
    stage.operands.bottomRows(1).setOnes();
    stage.locals.resize(step_.stages[k].combine->inputs * n_, columns);
  }
  draw_noise(drive);
  states_.resize(state_dim(), columns + batch_);
  states_.leftCols(batch_) = drive.start;
  const Index S = state_dim(), F = feature_dim();
  if (step_.features) features_.resize(F, columns);
  for (Index t = 1; t <= steps_; ++t) {
    step_forward(t - 1);
    if (step_.features) {
      step_.features->evaluate(n_, batch_, {states_.data() + t * batch_ * S, S}, nullptr,
                               {features_.data() + (t - 1) * batch_ * F, F});
    }
    if (drive.after_step) drive.after_step(t);
  }
}

template <std::floating_point Real>
View<Real> StagedKernel<Real>::features() const {
  if (step_.features) return view(features_);
  return {states_.data() + batch_ * state_dim(), feature_dim(), steps_ * batch_,
          Eigen::OuterStride<>(state_dim())};
}

/// Adds dL/ds_t through the features of step t.
template <std::floating_point Real>
void StagedKernel<Real>::output_backward(const OutputGradient<Real>& output, Index t,
                                         MatrixX<Real>& ds) {
  MatrixX<Real>& dy = feature_gradient_;
  dy.resize(feature_dim(), batch_);
  if (output.readout.rows() > 0) {
    dy.noalias() = output.readout.transpose() * output.errors.middleCols((t - 1) * batch_, batch_);
  } else {
    dy.setZero();
  }
  if (output.more) output.more(t, dy);
  if (!step_.features) {
    ds.topRows(feature_dim()) += dy;
    return;
  }
  carried_gradient_.resize(state_dim(), batch_);
  step_.features->pull_back(n_, batch_, {states_.data() + t * batch_ * state_dim(), state_dim()},
                            nullptr, {dy.data(), dy.rows()},
                            {carried_gradient_.data(), state_dim()});
  ds += carried_gradient_;
}

/// From dL/ds_t to dL/ds_{t-1}; leaves dL/d[v; r] of every stage in `deltas`.
template <std::floating_point Real>
void StagedKernel<Real>::step_backward(Index t, Index chunk, MatrixX<Real>& ds) {
  const Index c = step_.operand_dim(n_), first = (t - 1) * batch_;
  for (std::size_t k = stages_.size(); k-- > 0;) {
    Stage& stage = stages_[k];
    const auto& law = step_.stages[k];
    const Index rows = stage.locals.rows(), products = law.blocks * n_;
    const Real* local = stage.locals.data() + first * rows;
    Real* delta = stage.deltas.data() + (t - 1) % chunk * batch_ * rows;
    law.combine->pull_back(n_, batch_, {local, rows}, noise(t - 1), {ds.data(), ds.rows()},
                           {delta, rows});
    ds = Eigen::Map<MatrixX<Real>, 0, Eigen::OuterStride<>>(delta + products, rows - products,
                                                            batch_, Eigen::OuterStride<>(rows));
    if (c == 0) continue;
    operand_gradient_.resize(n_, batch_);
    multiply_packed(stage.M_operand_transposed, delta, 1, rows, batch_, operand_gradient_.data(),
                    n_, false);
    carried_gradient_.resize(rows - products, batch_);
    law.operand->pull_back(n_, batch_, {local + products, rows}, nullptr,
                           {operand_gradient_.data(), n_},
                           {carried_gradient_.data(), rows - products});
    ds += carried_gradient_;
  }
}

/// The gradients of matrices and inputs by `columns` columns from step t on.
template <std::floating_point Real>
void StagedKernel<Real>::accumulate(Index t, Index columns, Gradients<Real>& gradients) {
  PackedMatrix<Real> packed;
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    Stage& stage = stages_[k];
    const Index rows = stage.deltas.rows(), cols = stage.operands.rows();
    const Index products = step_.stages[k].blocks * n_;
    MatrixX<Real>& dM = gradients.parameters[k];
    if (dM.size() > 0) {
      packed.pack(stage.deltas.data(), products, columns, 1, rows);
      multiply_packed(packed, stage.operands.data() + (t - 1) * batch_ * cols, cols, 1, cols,
                      dM.data(), products, true);
    }
    if (gradients.inputs != nullptr && m_ > 0) {
      multiply_packed(stage.M_input_transposed, stage.deltas.data(), 1, rows, columns,
                      gradients.inputs->data() + (t - 1) * batch_ * m_, m_, k > 0);
    }
  }
}

template <std::floating_point Real>
void StagedKernel<Real>::backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) {
  const Index chunk = steps_per_product(batch_);
  for (Stage& stage : stages_) stage.deltas.resize(stage.locals.rows(), chunk * batch_);
  if (gradients.inputs != nullptr) gradients.inputs->resize(m_, steps_ * batch_);
  MatrixX<Real> ds = MatrixX<Real>::Zero(state_dim(), batch_);
  if (output.last_state != nullptr) ds = *output.last_state;
  for (Index t = steps_; t >= 1; --t) {
    output_backward(output, t, ds);
    step_backward(t, chunk, ds);
    if ((t - 1) % chunk != 0) continue;
    const Index steps = std::min(chunk, steps_ - (t - 1));
    accumulate(t, steps * batch_, gradients);
    if (output.after_steps) output.after_steps(t, t - 1 + steps);
  }
  if (gradients.start != nullptr) *gradients.start = ds;
}

template class StagedKernel<float>;
template class StagedKernel<double>;

}  // namespace nullcline::cells
