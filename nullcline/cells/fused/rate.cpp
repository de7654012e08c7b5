// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/rate.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/cells/fused/fused_kernel.hpp"
#include "nullcline/cells/fused/rate_step.hpp"

namespace nullcline::cells::fused {
namespace {

template <class Real>
class Rate final : public FusedKernel<Real> {
 public:
  explicit Rate(const RateOptions& options)
      : FusedKernel<Real>(options.n, options.m, 1, options.noise_scale > 0),
        options_(options),
        piecewise_linear_(options.activation == Activation::relu ||
                          options.activation == Activation::leaky_relu),
        negative_slope_(options.activation == Activation::leaky_relu
                            ? static_cast<Real>(std::tan(options.theta))
                            : Real(0)) {}

  void set_matrices(const std::vector<MatrixX<Real>>& M) override {
    M_ = M.front();
    const Index n = this->n_, padded = this->padded_;
    left_.pack(n, 1, 1, padded + this->m_ + 1, 0, [&](Index, Index c) -> Column<Real> {
      if (c >= n && c < padded) return column_of_zeros<Real>();
      return {&M_(0, c < n ? c : c - padded + n), 1};
    });
  }

  View<Real> states() const override {
    if (!options_.f_inside) return FusedKernel<Real>::states();
    return {x_.data(), this->n_, (this->steps_ + 1) * this->batch_,
            Eigen::OuterStride<>(this->padded_)};
  }

 private:
  void begin_forward(const Drive<Real>&) override {
    const Index padded = this->padded_;
    const Index size = padded * this->batch_ * (this->steps_ + 1);
    if (piecewise_linear_) {
      // A slot takes at least a byte for four lanes; loads of bits read eight bytes.
      this->grow(bits_, size / std::min<Index>(8, shape<Real>().lanes) + 8);
    } else {
      this->grow(values_, size);
    }
    if (!options_.f_inside) return;
    this->grow(x_, size);
    for (Index b = 0; b < this->batch_; ++b) {
      std::copy_n(this->operand(0) + b * this->ld_, padded, x_.data() + b * padded);
    }
    run(forward_of(0, nullptr));
  }

  /// Step t; with f inside step 0 is the start.
  RateForward<Real> forward_of(Index t, const Real* noise) {
    return {
        .left = left_.left(),
        .operand = t > 0 ? this->operand(t - 1) : nullptr,
        .next = this->operand(t),
        .x = options_.f_inside && t > 0 ? x(t - 1) : nullptr,
        .next_x = options_.f_inside ? x(t) : nullptr,
        .slopes = slopes(t),
        .noise = noise_outside() ? nullptr : noise,
        .outside_noise = noise_outside() ? noise : nullptr,
        .n = this->n_,
        .ld = this->ld_,
        .batch = this->batch_,
        .alpha = static_cast<Real>(options_.alpha),
        .noise_scale = static_cast<Real>(options_.noise_scale),
        .negative_slope = negative_slope_,
        .activation = options_.activation,
    };
  }

  void forward_step(const Drive<Real>&, Index t, const Real* noise) override {
    run(forward_of(t, noise));
  }

  void begin_backward(const OutputGradient<Real>& output) override {
    const Index n = this->n_, padded = this->padded_;
    back_.pack(n, 1, 1, padded + this->outputs_, 0, [&](Index, Index c) -> Column<Real> {
      if (c < n) return {&M_(c, 0), n};
      if (c < padded) return column_of_zeros<Real>();
      return {output.readout.data() + c - padded, output.readout.outerStride()};
    });
    carry_.assign(static_cast<std::size_t>(padded * this->batch_), Real(0));
    if (output.last_state != nullptr) {
      for (Index b = 0; b < this->batch_; ++b) {
        std::copy_n(output.last_state->data() + b * n, n, carry_.data() + b * padded);
      }
    }
    dM_.assign(static_cast<std::size_t>(padded * (padded + this->m_ + 1)), Real(0));
  }

  void backward_step(Index t, const Real* more) override {
    run(RateBackward<Real>{.left = back_.left(),
                           .later = this->delta(t + 1),
                           .now = this->delta(t),
                           .slopes = slopes(t),
                           .carry = carry_.data(),
                           .more = more,
                           .operand = this->operand(t - 1),
                           .n = this->n_,
                           .ld = this->delta_ld_,
                           .operand_ld = this->ld_,
                           .batch = this->batch_,
                           .alpha = static_cast<Real>(options_.alpha),
                           .negative_slope = negative_slope_,
                           .f_inside = options_.f_inside});
  }

  void add_products(Index t, Index steps) override {
    add_outer_product(this->delta(t), this->delta_ld_, this->padded_, steps * this->batch_,
                      this->operand(t - 1), this->ld_, this->padded_ + this->m_ + 1, dM_.data(),
                      this->padded_);
  }

  void finish_start(MatrixX<Real>& start) override {
    start.resize(this->n_, this->batch_);
    multiply(back_.left(), {this->delta(1), 1, this->delta_ld_}, this->n_, this->batch_,
             start.data(), this->n_);
    for (Index b = 0; b < this->batch_; ++b) {
      for (Index i = 0; i < this->n_; ++i) {
        if (options_.f_inside) start(i, b) *= slope_of_start(i, b);
        start(i, b) += carry(b)[i];
      }
    }
  }

  Real slope_of_start(Index i, Index b) {
    const Slopes<Real> start = slopes(0);
    const Index width = shape<Real>().lanes, vector = i / width, lane = i % width;
    if (start.bits == nullptr) return start.values[(vector * this->batch_ + b) * width + lane];
    const Index slot = (b * this->padded_ / width + vector) * ((width + 7) / 8);
    return (start.bits[slot + lane / 8] >> lane % 8 & 1) != 0 ? Real(1) : negative_slope_;
  }

  void finish_gradients(std::vector<MatrixX<Real>>& dM) override {
    if (dM.front().size() == 0) return;
    const Eigen::Map<const MatrixX<Real>> all(dM_.data(), this->padded_,
                                              this->padded_ + this->m_ + 1);
    dM.front().leftCols(this->n_) += all.topLeftCorner(this->n_, this->n_);
    dM.front().rightCols(this->m_ + 1) += all.topRightCorner(this->n_, this->m_ + 1);
  }

  Column<Real> input_weights(Index, Index unit) const override {
    return {&M_(unit, this->n_), this->n_};
  }

  bool noise_outside() const { return options_.noise_outside || options_.f_inside; }
  Real* x(Index t) { return x_.data() + t * this->padded_ * this->batch_; }
  Slopes<Real> slopes(Index t) {
    const Index before = t * this->padded_ * this->batch_;
    if (!piecewise_linear_) return {nullptr, values_.data() + before};
    const Index width = shape<Real>().lanes;
    return {bits_.data() + before / width * ((width + 7) / 8), nullptr};
  }
  const Real* carry(Index b) const { return carry_.data() + b * this->padded_; }

  RateOptions options_;
  bool piecewise_linear_;
  Real negative_slope_;
  MatrixX<Real> M_;
  Packer<Real> left_, back_;
  AlignedVector<std::uint8_t> bits_;
  AlignedVector<Real> x_, values_, carry_, dM_;
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Kernel<Real>> rate(const RateOptions& options) {
  return std::make_unique<Rate<Real>>(options);
}

template std::unique_ptr<Kernel<float>> rate(const RateOptions&);
template std::unique_ptr<Kernel<double>> rate(const RateOptions&);

}  // namespace nullcline::cells::fused
