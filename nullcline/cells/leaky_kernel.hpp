// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/kernel.hpp"
#include "nullcline/core/packed_product.hpp"

namespace nullcline::cells {

struct LeakyKernelOptions {
  Activation activation = Activation::relu;
  double theta = 0;  ///< Of leaky_relu, radians.
  double alpha = 1;  ///< dt / tau
  double sigma = 0;
};

/// The Euler step of the leaky rate network in its `rate` form,
///
///     x_t = (1 - alpha) x_{t-1} + alpha f(W x_{t-1} + B u_t + b + sqrt(2 sigma^2 / alpha) n_t),
///
/// n_t ~ N(0, I). One stage, M (n, n + m + 1) = [W, B, b] on [x; u; 1].
template <std::floating_point Real>
class LeakyKernel final : public Kernel<Real> {
 public:
  LeakyKernel(const LeakyKernelOptions& options, Index n, Index m);

  Index state_dim() const override { return n_; }
  Index input_dim() const override { return m_; }
  Index feature_dim() const override { return n_; }
  void set_matrices(const std::vector<MatrixX<Real>>& M) override;
  void forward(const Drive<Real>& drive) override;
  View<Real> states() const override { return view(states_); }
  View<Real> features() const override {
    return {states_.data() + states_.rows() * batch_, states_.rows(), steps_ * batch_,
            Eigen::OuterStride<>(states_.rows())};
  }
  void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) override;

 private:
  Index n_, m_;
  Activation activation_;
  double theta_;
  Real alpha_, noise_scale_;
  MatrixX<Real> B_, b_;
  PackedMatrix<Real> packed_W_, packed_W_transposed_, packed_B_;

  Index steps_ = 0, batch_ = 0;
  MatrixX<Real> inputs_, states_, slopes_;  // (m, T B), (n, (T + 1) B), f' (n, T B)
  MatrixX<Real> gradient_, deltas_;
};

}  // namespace nullcline::cells
