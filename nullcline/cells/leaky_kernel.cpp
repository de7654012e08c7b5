// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/leaky_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/cells/detail/leaky_step.hpp"

namespace nullcline::cells {
namespace {

/// Steps whose weight gradient is one product: about 128 columns keep both factors in L1.
Index steps_per_product(Index batch) { return std::max<Index>(1, 128 / batch); }

}  // namespace

template <std::floating_point Real>
LeakyKernel<Real>::LeakyKernel(const LeakyKernelOptions& options, Index n, Index m)
    : n_(n),
      m_(m),
      activation_(options.activation),
      theta_(options.theta),
      alpha_(static_cast<Real>(options.alpha)),
      noise_scale_(static_cast<Real>(options.sigma * std::sqrt(2 / static_cast<double>(alpha_)))) {}

template <std::floating_point Real>
void LeakyKernel<Real>::set_matrices(const std::vector<MatrixX<Real>>& M) {
  B_ = M[0].middleCols(n_, m_);
  b_ = M[0].col(n_ + m_);
  packed_W_.pack(M[0].leftCols(n_));
  packed_W_transposed_.pack(M[0].leftCols(n_), true);
  packed_B_.pack(B_);
}

template <std::floating_point Real>
void LeakyKernel<Real>::forward(const Drive<Real>& drive) {
  const Index n = n_, m = m_, batch = drive.batch, size = n * batch;
  const bool noisy = drive.noise != nullptr && noise_scale_ > 0;
  steps_ = drive.steps;
  batch_ = batch;
  inputs_ = drive.inputs;
  states_.resize(n, (steps_ + 1) * batch);
  states_.leftCols(batch) = drive.start;
  slopes_.resize(n, steps_ * batch);
  for (Index t = 0; t < steps_; ++t) {
    const Real* x = states_.data() + t * size;
    Real* sums = slopes_.data() + t * size;
    if (noisy) {
      RandomStream noise = *drive.noise;
      noise.seek_group(static_cast<std::uint64_t>((drive.first_step + t) * ((size + 63) / 64)));
      noise.fill_normal({sums, static_cast<std::size_t>(size)}, noise_scale_);
    }
    multiply_packed(packed_W_, x, 1, n, batch, sums, n, noisy);
    if (m > 0) {
      multiply_packed(packed_B_, inputs_.data() + t * m * batch, 1, m, batch, sums, n, true);
    }
    detail::leaky_forward(activation_, theta_, alpha_, n, batch, b_.data(), x, sums,
                          states_.data() + (t + 1) * size);
  }
}

template <std::floating_point Real>
void LeakyKernel<Real>::backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) {
  const Index n = n_, m = m_, batch = batch_, size = n * batch;
  const Index chunk = steps_per_product(batch);
  MatrixX<Real>& dM = gradients.parameters[0];
  MatrixX<Real>& G = gradient_;  // dL/dx_t, all paths
  deltas_.resize(n, chunk * batch);
  PackedMatrix<Real> packed_deltas;
  if (gradients.inputs != nullptr) gradients.inputs->resize(m, steps_ * batch);

  if (output.last_state != nullptr) {
    G = *output.last_state;
  } else {
    G.setZero(n, batch);
  }
  for (Index t = steps_; t >= 1; --t) {
    Real* delta = deltas_.data() + (t - 1) % chunk * size;
    G.noalias() += output.readout.transpose() * output.errors.middleCols((t - 1) * batch, batch);
    if (output.more) output.more(t, G);
    detail::leaky_backward(alpha_, size, slopes_.data() + (t - 1) * size, G.data(), delta);
    multiply_packed(packed_W_transposed_, delta, 1, n, batch, G.data(), n, true);

    if ((t - 1) % chunk != 0) continue;
    const Index columns = std::min(chunk, steps_ - (t - 1)) * batch;
    const auto all = deltas_.leftCols(columns);
    packed_deltas.pack(deltas_.data(), n, columns, 1, n);
    if (dM.size() > 0) {
      multiply_packed(packed_deltas, states_.data() + (t - 1) * size, n, 1, n, dM.data(), n, true);
      if (m > 0) {
        multiply_packed(packed_deltas, inputs_.data() + (t - 1) * m * batch, m, 1, m,
                        dM.data() + n * n, n, true);
      }
      dM.col(n + m) += all.rowwise().sum();
    }
    if (gradients.inputs != nullptr) {
      gradients.inputs->middleCols((t - 1) * batch, columns).noalias() = B_.transpose() * all;
    }
  }
  if (gradients.start != nullptr) *gradients.start = G;
}

template class LeakyKernel<float>;
template class LeakyKernel<double>;

}  // namespace nullcline::cells
