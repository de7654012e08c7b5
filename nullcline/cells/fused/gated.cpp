// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/gated.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/cells/fused/fused_kernel.hpp"
#include "nullcline/cells/fused/gated_step.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells::fused {
namespace {

/// Where a block of delta belongs: the stage and the block of its matrix.
struct Block {
  std::size_t stage;
  Index block;
};

const std::vector<Block>& blocks_of(GatedCell cell) {
  static const std::vector<Block> all[] = {{{0, 0}, {0, 1}},
                                           {{0, 0}, {0, 1}, {0, 2}, {0, 3}},
                                           {{0, 3}, {0, 0}, {0, 1}, {0, 2}},
                                           {{1, 0}, {0, 0}, {0, 1}}};
  return all[static_cast<int>(cell)];
}

/// How many of the first blocks do not go back to h by the product.
Index blocks_apart(GatedCell cell) {
  return cell == GatedCell::gru_after || cell == GatedCell::gru_before ? 1 : 0;
}

template <class Real>
class Gated final : public FusedKernel<Real> {
  using Base = FusedKernel<Real>;
  using Base::batch_, Base::grow, Base::ld_, Base::m_, Base::n_, Base::outputs_, Base::padded_,
      Base::steps_;

 public:
  explicit Gated(const GatedOptions& options)
      : Base(options.n, options.m, static_cast<Index>(blocks_of(options.cell).size()),
             options.noise_scale > 0),
        options_(options),
        negative_slope_(options.activation == Activation::leaky_relu
                            ? static_cast<Real>(std::tan(options.theta))
                            : Real(0)) {
    require(options.activation != Activation::gelu, "gated: gelu has no slope by its value");
  }

  Index state_dim() const override { return is(GatedCell::lstm) ? 2 * n_ : n_; }
  Index feature_dim() const override { return options_.cell_features ? 2 * n_ : n_; }

  View<Real> states() const override {
    if (!is(GatedCell::lstm)) return Base::states();
    join();
    return {joined_.data(), 2 * n_, (steps_ + 1) * batch_, Eigen::OuterStride<>(2 * n_)};
  }
  View<Real> features() const override {
    if (!options_.cell_features) return Base::features();
    join();
    return {joined_.data() + 2 * n_ * batch_, 2 * n_, steps_ * batch_,
            Eigen::OuterStride<>(2 * n_)};
  }

  void set_matrices(const std::vector<MatrixX<Real>>& M) override {
    M_ = M;
    const auto gate = [this](std::size_t stage) {
      return [this, stage](Index g, Index c) { return column(stage, g * n_, c); };
    };
    switch (options_.cell) {
      case GatedCell::ugrnn:
        left_.pack(n_, 2, 2, padded_ + m_ + 1, 0, gate(0));
        break;
      case GatedCell::lstm:
        left_.pack(n_, 4, 4, padded_ + m_ + 1, 0, gate(0));
        break;
      case GatedCell::gru_after:
        left_.pack(n_, 3, 4, padded_, m_ + 1, gate(0));
        break;
      case GatedCell::gru_before:
        left_.pack(n_, 2, 2, padded_ + m_ + 1, 0, gate(0));
        second_left_.pack(n_, 1, 1, padded_ + m_ + 1, 0, gate(1));
        break;
    }
  }

 private:
  bool is(GatedCell cell) const { return options_.cell == cell; }

  Index gradient_rows() const { return this->blocks_ * padded_; }

  /// Rows from `row` on of the matrix of a stage, by a column of the padded operand.
  Column<Real> column(std::size_t stage, Index row, Index c) const {
    if (c >= n_ && c < padded_) return column_of_zeros<Real>();
    return {&M_[stage](row, c < n_ ? c : c - padded_ + n_), 1};
  }
  /// Of the transpose: a row of block `block`, or zeros behind its units.
  Column<Real> row(std::size_t stage, Index block, Index unit) const {
    if (unit >= n_) return column_of_zeros<Real>();
    return {&M_[stage](block * n_ + unit, 0), M_[stage].rows()};
  }

  void begin_forward(const Drive<Real>& drive) override {
    const Index size = padded_ * batch_;
    grow(saved_, size * steps_ * saved_vectors(options_.cell));
    steps_joined_ = 0;
    steps_done_ = 0;
    if (is(GatedCell::lstm)) {
      grow(cells_, size * (steps_ + 1));
      for (Index b = 0; b < batch_; ++b) {
        const Real* start = drive.start.data() + b * drive.start.outerStride() + n_;
        std::copy_n(start, n_, cells_.data() + b * padded_);
        std::fill_n(cells_.data() + b * padded_ + n_, padded_ - n_, Real(0));
      }
    }
    if (is(GatedCell::gru_before)) grow(second_operands_, steps_ * batch_ * ld_);
  }

  void forward_step(const Drive<Real>& drive, Index t, const Real* noise) override {
    if (is(GatedCell::gru_before)) this->put_inputs(drive, t, second_operand(t));
    run(GatedForward<Real>{.cell = options_.cell,
                           .left = left_.left(),
                           .operand = this->operand(t - 1),
                           .next = this->operand(t),
                           .cells = cells(t - 1),
                           .next_cells = cells(t),
                           .saved = saved(t),
                           .noise = noise,
                           .n = n_,
                           .ld = ld_,
                           .batch = batch_,
                           .noise_scale = static_cast<Real>(options_.noise_scale),
                           .negative_slope = negative_slope_,
                           .activation = options_.activation,
                           .second_left = second_left_.left(),
                           .second_operand = second_operand(t)});
    steps_done_ = t;
  }

  void begin_backward(const OutputGradient<Real>& output) override {
    const auto& blocks = blocks_of(options_.cell);
    const Index apart = blocks_apart(options_.cell);
    const Index rows = (static_cast<Index>(blocks.size()) - apart) * padded_;
    back_.pack(n_, 1, 1, rows + outputs_, 0, [&](Index, Index c) -> Column<Real> {
      if (c >= rows) return {output.readout.data() + c - rows, output.readout.outerStride()};
      const Block& block = blocks[static_cast<std::size_t>(apart + c / padded_)];
      return row(block.stage, block.block, c % padded_);
    });
    if (is(GatedCell::gru_before)) {
      second_back_.pack(n_, 1, 1, padded_, 0, [&](Index, Index c) { return row(1, 0, c); });
    }
    if (options_.cell_features) cell_readout_ = output.readout.rightCols(n_).transpose();
    output_ = &output;
    take_last_state(output.last_state, 0, carry_);
    if (is(GatedCell::lstm)) take_last_state(output.last_state, n_, cell_carry_);
    const auto size = static_cast<std::size_t>(gradient_rows() * (padded_ + m_ + 1));
    dM_.assign(size, Real(0));
    if (is(GatedCell::gru_before)) second_dM_.assign(size, Real(0));
  }

  void take_last_state(const MatrixX<Real>* last, Index first_row,
                       AlignedVector<Real>& carry) const {
    carry.assign(static_cast<std::size_t>(padded_ * batch_), Real(0));
    if (last == nullptr) return;
    for (Index b = 0; b < batch_; ++b) {
      std::copy_n(last->data() + b * last->rows() + first_row, n_, carry.data() + b * padded_);
    }
  }

  void backward_step(Index t, const Real* more) override {
    if (options_.cell_features) add_to_cells(t, more);
    run(GatedBackward<Real>{.cell = options_.cell,
                            .left = back_.left(),
                            .later = this->delta(t + 1),
                            .now = this->delta(t),
                            .operand = this->operand(t - 1),
                            .cells = cells(t - 1),
                            .saved = saved(t),
                            .carry = carry_.data(),
                            .cell_carry = cell_carry_.data(),
                            .more = more,
                            .more_ld = feature_dim(),
                            .n = n_,
                            .ld = ld_,
                            .delta_ld = this->delta_ld_,
                            .batch = batch_,
                            .negative_slope = negative_slope_,
                            .activation = options_.activation,
                            .second_left = second_back_.left()});
    // Nothing of an LSTM's h goes on past the product: what came from behind is used up.
    if (is(GatedCell::lstm) && t == steps_) std::fill(carry_.begin(), carry_.end(), Real(0));
  }

  /// The part of dL/dc_t that the readout of (h, c) adds.
  void add_to_cells(Index t, const Real* more) {
    Eigen::Map<MatrixX<Real>> carry(cell_carry_.data(), padded_, batch_);
    const auto errors = output_->errors.middleCols((t - 1) * batch_, batch_);
    carry.topRows(n_).noalias() += cell_readout_.lazyProduct(errors);
    if (more == nullptr) return;
    carry.topRows(n_) += Eigen::Map<const MatrixX<Real>>(more, 2 * n_, batch_).bottomRows(n_);
  }

  void add_products(Index t, Index steps) override {
    const Real* h = this->operand(t - 1);
    const Index rows = gradient_rows(), width = padded_ + m_ + 1;
    const auto add = [&](Index top, Index bottom, const Real* X, Index from, Index columns,
                         AlignedVector<Real>& dM) {
      add_outer_product(this->delta(t) + top, this->delta_ld_, bottom - top, steps * batch_,
                        X + from, ld_, columns, dM.data() + from * rows + top, rows);
    };
    switch (options_.cell) {
      case GatedCell::ugrnn:
      case GatedCell::lstm:
        return add(0, rows, h, 0, width, dM_);
      case GatedCell::gru_after:
        add(padded_, rows, h, 0, padded_, dM_);
        return add(0, rows, h, padded_, m_ + 1, dM_);
      case GatedCell::gru_before:
        add(padded_, rows, h, 0, width, dM_);
        return add(0, padded_, second_operand(t), 0, width, second_dM_);
    }
  }

  void finish_start(MatrixX<Real>& start) override {
    start.resize(state_dim(), batch_);
    const Real* later = this->delta(1) + blocks_apart(options_.cell) * padded_;
    multiply(back_.left(), {later, 1, this->delta_ld_}, n_, batch_, start.data(), state_dim());
    const Eigen::Map<const MatrixX<Real>> carry(carry_.data(), padded_, batch_);
    start.topRows(n_) += carry.topRows(n_);
    if (!is(GatedCell::lstm)) return;
    start.bottomRows(n_) =
        Eigen::Map<const MatrixX<Real>>(cell_carry_.data(), padded_, batch_).topRows(n_);
  }

  void finish_gradients(std::vector<MatrixX<Real>>& dM) override {
    const auto& blocks = blocks_of(options_.cell);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      MatrixX<Real>& target = dM[blocks[b].stage];
      if (target.size() == 0) continue;
      const Eigen::Map<const MatrixX<Real>> all(
          blocks[b].stage == 1 ? second_dM_.data() : dM_.data(), gradient_rows(), padded_ + m_ + 1);
      const auto from = all.middleRows(static_cast<Index>(b) * padded_, n_);
      auto to = target.middleRows(blocks[b].block * n_, n_);
      const bool xn = is(GatedCell::gru_after) && blocks[b].block == 3;
      const bool hn = is(GatedCell::gru_after) && blocks[b].block == 2;
      if (!xn) to.leftCols(n_) += from.leftCols(n_);
      if (!hn) to.middleCols(n_, m_) += from.middleCols(padded_, m_);
      to.rightCols(1) += from.rightCols(1);
    }
  }

  Column<Real> input_weights(Index block, Index unit) const override {
    const Block& at = blocks_of(options_.cell)[static_cast<std::size_t>(block)];
    const MatrixX<Real>& M = M_[at.stage];
    return {&M(at.block * n_ + unit, n_), M.rows()};
  }

  /// [h; c] as one array, of the steps done so far; made when somebody looks.
  void join() const {
    const Index first = steps_joined_ * batch_, count = (steps_done_ + 1) * batch_ - first;
    if (count == 0) return;
    if (steps_joined_ == 0) joined_.resize(2 * n_, (steps_ + 1) * batch_);
    joined_.block(0, first, n_, count) = Base::states().middleCols(first, count);
    joined_.block(n_, first, n_, count) =
        Eigen::Map<const MatrixX<Real>>(cells_.data() + first * padded_, padded_, count)
            .topRows(n_);
    steps_joined_ = steps_done_ + 1;
  }

  Real* cells(Index t) {
    return is(GatedCell::lstm) ? cells_.data() + t * padded_ * batch_ : nullptr;
  }
  Real* saved(Index t) {
    return saved_.data() + (t - 1) * padded_ * batch_ * saved_vectors(options_.cell);
  }
  Real* second_operand(Index t) {
    return is(GatedCell::gru_before) ? second_operands_.data() + (t - 1) * batch_ * ld_ : nullptr;
  }

  GatedOptions options_;
  Real negative_slope_;
  std::vector<MatrixX<Real>> M_;
  MatrixX<Real> cell_readout_;
  Packer<Real> left_, second_left_, back_, second_back_;
  AlignedVector<Real> saved_, cells_, carry_, cell_carry_, second_operands_, dM_, second_dM_;
  const OutputGradient<Real>* output_ = nullptr;
  mutable MatrixX<Real> joined_;
  Index steps_done_ = 0;
  mutable Index steps_joined_ = 0;  ///< With the start.
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Kernel<Real>> gated(const GatedOptions& options) {
  return std::make_unique<Gated<Real>>(options);
}

template std::unique_ptr<Kernel<float>> gated(const GatedOptions&);
template std::unique_ptr<Kernel<double>> gated(const GatedOptions&);

}  // namespace nullcline::cells::fused
