// SPDX-License-Identifier: Apache-2.0
#include "rate.hpp"

#include <algorithm>
#include <stdexcept>

#include "nullcline/cells/fused/factors.hpp"
#include "nullcline/cells/fused/fused_kernel.hpp"

namespace nullcline::amx {
namespace {

using cells::OutputGradient;
using Planes = AlignedVector<std::uint16_t>;

class Rate final : public cells::fused::FusedKernel<float> {
 public:
  Rate(const cells::fused::RateOptions& options, const Kernels& kernels, int products)
      : FusedKernel<float>(options.n, options.m, 1, options.noise_scale > 0),
        options_(options),
        kernels_(kernels),
        products_(products) {
    if (options.activation != cells::Activation::relu || options.f_inside ||
        options.noise_outside || options.n % 32 != 0) {
      throw std::invalid_argument("amx::rate: n a multiple of 32, ReLU and noise inside f");
    }
  }

  void set_matrices(const std::vector<MatrixX<float>>& M) override {
    W_ = M.front().leftCols(n_);
    input_weights_ = M.front().rightCols(m_ + 1);  // a column an input
    W_transposed_ = W_.transpose();
    grow(forward_, factor_size(n_, n_, products_));
    grow(back_, factor_size(n_, n_, products_));
    kernels_.split_columns(W_.data(), n_, n_, n_, products_, forward_.data());
    kernels_.split_columns(W_transposed_.data(), n_, n_, n_, products_, back_.data());
  }

 private:
  void begin_forward(const cells::Drive<float>&) override {
    if (batch_ % 32 != 0) throw std::invalid_argument("amx::rate: a batch of 32, 64, ...");
    grow(slopes_, steps_ * batch_ * n_ / 16);
    for (Planes& planes : planes_) grow(planes, factor_size(batch_, n_, products_));
    kernels_.split_rows(operand(0), ld_, batch_, n_, products_, planes(0));
  }

  void forward_step(const cells::Drive<float>&, Index t, const float* noise) override {
    kernels_.forward({.left = planes(t - 1),
                      .right = forward_.data(),
                      .operand = operand(t - 1),
                      .next = operand(t),
                      .next_planes = planes(t),
                      .input_weights = input_weights_.data(),
                      .noise = noise,
                      .slopes = slopes(t),
                      .n = n_,
                      .ld = ld_,
                      .batch = batch_,
                      .inputs = m_ + 1,
                      .alpha = static_cast<float>(options_.alpha),
                      .noise_scale = static_cast<float>(options_.noise_scale),
                      .negative_slope = 0,
                      .products = products_});
  }

  void begin_backward(const OutputGradient<float>& output) override {
    if (output.more || output.last_state != nullptr) {
      throw std::invalid_argument("amx::rate: one segment without penalties");
    }
    readout_.resize(n_, outputs_);
    for (Index o = 0; o < outputs_; ++o) readout_.col(o) = output.readout.row(o).transpose();
    carry_.assign(static_cast<std::size_t>(n_ * batch_), 0);
    dM_.assign(static_cast<std::size_t>(n_ * (n_ + m_ + 1)), 0);
    std::fill_n(planes(steps_ + 1), factor_size(batch_, n_, products_), std::uint16_t{0});
    grow(left_, factor_size(n_, chunk_ * batch_, products_));
    grow(right_, factor_size(n_, chunk_ * batch_, products_));
  }

  void backward_step(Index t, const float*) override {
    kernels_.backward({.left = planes(t + 1),
                       .right = back_.data(),
                       .errors = delta(t + 1) + n_,
                       .now = delta(t),
                       .now_planes = planes(t),
                       .readout = readout_.data(),
                       .slopes = slopes(t),
                       .carry = carry_.data(),
                       .n = n_,
                       .ld = delta_ld_,
                       .batch = batch_,
                       .outputs = outputs_,
                       .alpha = static_cast<float>(options_.alpha),
                       .negative_slope = 0,
                       .products = products_});
  }

  /// dM (n, n + m + 1), column j the row j of X delta'.
  void add_products(Index t, Index steps) override {
    const Index columns = steps * batch_;
    kernels_.split_transposed(operand(t - 1), ld_, n_, columns, products_, left_.data());
    kernels_.split_columns(delta(t), delta_ld_, columns, n_, products_, right_.data());
    kernels_.multiply(
        {left_.data(), right_.data(), n_, columns, n_, dM_.data(), n_, true, products_});
    cells::fused::add_outer_product(delta(t), delta_ld_, n_, columns, operand(t - 1) + n_, ld_,
                                    m_ + 1, dM_.data() + n_ * n_, n_);
  }

  void finish_start(MatrixX<float>&) override {
    throw std::invalid_argument("amx::rate: one segment from a fixed start");
  }

  void finish_gradients(std::vector<MatrixX<float>>& dM) override {
    if (dM.front().size() == 0) return;
    dM.front() += Eigen::Map<const MatrixX<float>>(dM_.data(), n_, n_ + m_ + 1);
  }

  cells::fused::Column<float> input_weights(Index, Index unit) const override {
    return {&input_weights_(unit, 0), input_weights_.rows()};
  }

  /// Of a state on the way forward, of a delta on the way back.
  std::uint16_t* planes(Index t) { return planes_[t % 2].data(); }
  std::uint16_t* slopes(Index t) { return slopes_.data() + (t - 1) * batch_ * n_ / 16; }

  cells::fused::RateOptions options_;
  const Kernels& kernels_;
  int products_;
  MatrixX<float> W_, W_transposed_, input_weights_, readout_;
  Planes forward_, back_, planes_[2], left_, right_;
  AlignedVector<std::uint16_t> slopes_;
  AlignedVector<float> carry_, dM_;
};

}  // namespace

std::unique_ptr<cells::Kernel<float>> rate(const cells::fused::RateOptions& options,
                                           const Kernels& kernels, int products) {
  return std::make_unique<Rate>(options, kernels, products);
}

}  // namespace nullcline::amx
