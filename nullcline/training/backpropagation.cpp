// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/backpropagation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/thin_product.hpp"
#include "nullcline/training/loss.hpp"

namespace nullcline::training {
namespace {

/// Columns first .. first + count - 1 of A.
template <class Real>
cells::View<Real> columns_of(const MatrixX<Real>& A, Index first, Index count) {
  return {A.data() + first * A.rows(), A.rows(), count, Eigen::OuterStride<>(A.rows())};
}

}  // namespace

template <std::floating_point Real>
Backpropagation<Real>::Backpropagation(const cells::Network& network,
                                       const BackpropagationOptions& options)
    : options_(options),
      cell_(cells::make_cell<Real>(network)),
      D_(network.parameter("readout").cast<Real>()),
      c_(network.parameter("readout_bias").cast<Real>()) {
  require(options.segments >= 0, "Backpropagation: segments must not be negative");
  pack_readout();
}

template <std::floating_point Real>
std::vector<cells::Parameter<Real>> Backpropagation<Real>::parameters() {
  auto all = cell_->parameters();
  all.push_back({"readout", Eigen::Map<MatrixX<Real>>(D_.data(), D_.rows(), D_.cols())});
  all.push_back({"readout_bias", Eigen::Map<MatrixX<Real>>(c_.data(), c_.rows(), c_.cols())});
  return all;
}

template <std::floating_point Real>
void Backpropagation<Real>::parameters_changed() {
  cell_->parameters_changed();
  pack_readout();
}

template <std::floating_point Real>
void Backpropagation<Real>::pack_readout() {
  if (D_.rows() <= thin_rows) {
    thin_D_ = D_.transpose();
  } else {
    packed_D_.pack(D_);
  }
}

/// The trials in the precision of the training.
template <std::floating_point Real>
void Backpropagation<Real>::take(const tasks::Trials& trials) {
  const Index columns = trials.steps * trials.batch;
  require(trials.inputs.rows() == cell_->input_dim() && trials.inputs.cols() == columns &&
              trials.targets.rows() == D_.rows() && trials.targets.cols() == columns,
          "Backpropagation: the trials do not fit the network");
  steps_ = trials.steps;
  batch_ = trials.batch;
  const Index root = std::lround(std::sqrt(static_cast<double>(steps_)));
  const Index wanted = options_.segments > 0 ? options_.segments : root;
  const Index segments = std::clamp<Index>(wanted, 1, std::max<Index>(1, steps_));
  length_ = (steps_ + segments - 1) / segments;
  inputs_ = trials.inputs.template cast<Real>();
  outputs_.resize(D_.rows(), columns);
  starts_.resize(static_cast<std::size_t>(segment_count()));
  fill_start();
}

/// s_0: without columns it is the network's own.
template <std::floating_point Real>
void Backpropagation<Real>::fill_start() {
  starts_[0].resize(cell_->state_dim(), 0);
}

template <std::floating_point Real>
Index Backpropagation<Real>::segment_count() const {
  return std::max<Index>(1, (steps_ + length_ - 1) / std::max<Index>(1, length_));
}

template <std::floating_point Real>
Index Backpropagation<Real>::length_of(Index segment) const {
  return std::min(length_, steps_ - segment * length_);
}

template <std::floating_point Real>
void Backpropagation<Real>::run_segment(Index segment, RandomStream* noise, bool read_out) {
  const Index first = segment * length_, steps = length_of(segment);
  // Two words, which std::function keeps without allocating.
  std::function<void(Index)> after_step;
  if (read_out) after_step = [this, segment](Index t) { apply_readout(segment, t); };
  cell_->forward({.steps = steps,
                  .batch = batch_,
                  .inputs = columns_of(inputs_, first * batch_, steps * batch_),
                  .start = cells::view(starts_[static_cast<std::size_t>(segment)]),
                  .noise = noise,
                  .first_step = first,
                  .after_step = std::move(after_step)});
}

/// Every segment in turn; leaves z in `outputs_` and what the way back needs.
template <std::floating_point Real>
void Backpropagation<Real>::run_all(RandomStream* noise) {
  const Index segments = segment_count();
  penalty_ = 0;
  for (Index k = 0; k < segments; ++k) {
    run_segment(k, noise, true);
    if (options_.activity.any()) penalty_ += activity_of(k);
    if (k + 1 < segments) {
      starts_[static_cast<std::size_t>(k) + 1] = cell_->states().rightCols(batch_);
    }
  }
}

/// z of step t = 1, 2, ... of the segment.
template <std::floating_point Real>
void Backpropagation<Real>::apply_readout(Index segment, Index t) {
  const auto r = cell_->features().middleCols((t - 1) * batch_, batch_);
  auto z = outputs_.middleCols((segment * length_ + t - 1) * batch_, batch_);
  if (D_.rows() <= thin_rows) {
    multiply_thin<Real>(thin_D_, r.data(), r.outerStride(), batch_, z.data());
  } else {
    multiply_packed(packed_D_, r.data(), 1, r.outerStride(), batch_, z.data(), D_.rows(), false);
  }
  z.colwise() += c_.col(0);
}

template <std::floating_point Real>
double Backpropagation<Real>::run_for_loss(const tasks::Trials& trials, RandomStream* noise) {
  take(trials);
  targets_ = trials.targets.template cast<Real>();
  loss_shares(options_.loss, trials, shares_);
  of_outputs_ = trials.output_weights.template cast<Real>();
  if (options_.activity.any()) find_valid_steps(trials);
  run_all(noise);
  return penalty_ +
         loss_and_gradient<Real>(options_.loss, targets_, shares_, outputs_, of_outputs_);
}

template <std::floating_point Real>
double Backpropagation<Real>::loss(const tasks::Trials& trials, RandomStream* noise) {
  return run_for_loss(trials, noise);
}

template <std::floating_point Real>
double Backpropagation<Real>::loss_and_gradients(const tasks::Trials& trials, RandomStream* noise,
                                                 std::vector<MatrixX<Real>>& gradients) {
  const double loss = run_for_loss(trials, noise);
  for (auto& gradient : gradients) gradient.setZero();
  if (options_.loss_weight == 0 && !options_.activity.any()) return loss;
  if (options_.loss_weight != 1) outputs_ *= static_cast<Real>(options_.loss_weight);
  cells::Gradients<Real> all{.parameters = std::move(gradients)};
  dD_ = &all.parameters[all.parameters.size() - 2];
  thin_dD_.setZero(thin_D_.rows(), thin_D_.cols());
  const Index segments = segment_count();
  for (Index k = segments - 1; k >= 0; --k) {
    if (k + 1 < segments) run_segment(k, noise, false);
    const bool last = k + 1 == segments;
    const Index columns = length_of(k) * batch_;
    cells::OutputGradient<Real> output{cells::view(D_),
                                       columns_of(outputs_, k * length_ * batch_, columns)};
    if (options_.activity.any()) {
      if (options_.activity.rate > 0) {
        first_[static_cast<std::size_t>(k)] = cell_->features().leftCols(batch_);
      }
      output.more = [this, k](Index t, InOut<MatrixX<Real>> G) { add_activity_gradient(k, t, G); };
    }
    if (dD_->size() > 0) {
      output.after_steps = [this, k](Index first, Index end) {
        add_readout_gradient(k, first, end);
      };
    }
    output.last_state = last ? nullptr : &later_;
    all.start = k > 0 ? &earlier_ : nullptr;
    cell_->backward(output, all);
    std::swap(later_, earlier_);
  }
  if (dD_->size() > 0 && D_.rows() <= thin_rows) *dD_ = thin_dD_.transpose();
  if (all.parameters.back().size() > 0) all.parameters.back() = outputs_.rowwise().sum();
  gradients = std::move(all.parameters);
  return loss;
}

/// dL/dD by steps first .. last = 1, 2, ... of the segment.
template <std::floating_point Real>
void Backpropagation<Real>::add_readout_gradient(Index segment, Index first, Index last) {
  const Index count = (last - first + 1) * batch_;
  const auto r = cell_->features().middleCols((first - 1) * batch_, count);
  const auto errors = outputs_.middleCols((segment * length_ + first - 1) * batch_, count);
  if (D_.rows() <= thin_rows) {
    add_thin_outer_product<Real>(errors.data(), r.data(), r.outerStride(), count, thin_dD_);
  } else {
    packed_errors_.pack(errors.data(), errors.rows(), count, 1, errors.outerStride());
    multiply_packed(packed_errors_, r.data(), r.outerStride(), 1, r.rows(), dD_->data(),
                    dD_->rows(), true);
  }
}

template <std::floating_point Real>
Matrix Backpropagation<Real>::outputs(const tasks::Trials& trials, RandomStream* noise) {
  take(trials);
  const ActivityPenalty none = std::exchange(options_.activity, {});
  run_all(noise);
  options_.activity = none;
  return outputs_.template cast<double>();
}

template <std::floating_point Real>
cells::View<Real> Backpropagation<Real>::features(const tasks::Trials& trials,
                                                  RandomStream* noise) {
  take(trials);
  length_ = steps_;
  run_segment(0, noise, false);
  return cell_->features();
}

/// The steps of each trial up to the last that has a weight, as shares of the mean.
template <std::floating_point Real>
void Backpropagation<Real>::find_valid_steps(const tasks::Trials& trials) {
  valid_.setZero(1, steps_ * batch_);
  Index count = 0;
  for (Index b = 0; b < batch_; ++b) {
    Index end = steps_;
    while (end > 0 && trials.weights(0, (end - 1) * batch_ + b) == 0) --end;
    for (Index t = 0; t < end; ++t) valid_(0, t * batch_ + b) = 1;
    count += end;
  }
  valid_ /= static_cast<Real>(cell_->feature_dim() * std::max<Index>(1, count));
  const auto segments = static_cast<std::size_t>(segment_count());
  first_.resize(segments);
  last_.resize(segments);
}

/// The penalty of the segment that the cell has just run.
template <std::floating_point Real>
double Backpropagation<Real>::activity_of(Index segment) {
  const auto r = cell_->features();
  const ActivityPenalty& weights = options_.activity;
  const Index offset = segment * length_ * batch_;
  const auto k = static_cast<std::size_t>(segment);
  double sum = 0;
  for (Index j = 0; j < r.cols(); ++j) {
    const auto share = static_cast<double>(valid_(0, offset + j));
    if (share == 0) continue;
    double term = 0;
    if (weights.l2 > 0) term += weights.l2 * static_cast<double>(r.col(j).squaredNorm());
    if (weights.l1 > 0) term += weights.l1 * static_cast<double>(r.col(j).template lpNorm<1>());
    if (weights.rate > 0 && offset + j >= batch_) {
      const auto step = j >= batch_ ? (r.col(j) - r.col(j - batch_)).squaredNorm()
                                    : (r.col(j) - last_[k - 1].col(j)).squaredNorm();
      term += weights.rate * static_cast<double>(step);
    }
    sum += share * term;
  }
  if (weights.rate > 0) last_[k] = r.rightCols(batch_);
  return sum;
}

/// Adds its gradient by the features of step t = 1, 2, ... of that segment to G (F, B).
template <std::floating_point Real>
void Backpropagation<Real>::add_activity_gradient(Index segment, Index t,
                                                  InOut<MatrixX<Real>> G) const {
  const auto r = cell_->features();
  const auto l2 = static_cast<Real>(2 * options_.activity.l2);
  const auto l1 = static_cast<Real>(options_.activity.l1);
  const auto rate = static_cast<Real>(2 * options_.activity.rate);
  const auto k = static_cast<std::size_t>(segment);
  const Index now = segment * length_ + t - 1;  // from 0, in the trial
  for (Index b = 0; b < batch_; ++b) {
    const Real share = valid_(0, now * batch_ + b);
    if (share == 0) continue;  // then later ones are zero too
    const Index j = (t - 1) * batch_ + b;
    auto g = G.col(b);
    if (l2 > 0) g += (share * l2) * r.col(j);
    if (l1 > 0) g.array() += (share * l1) * r.col(j).array().sign();
    if (rate == 0) continue;
    if (t > 1) {
      g += (share * rate) * (r.col(j) - r.col(j - batch_));
    } else if (segment > 0) {
      g += (share * rate) * (r.col(j) - last_[k - 1].col(b));
    }
    if (now + 1 == steps_) continue;
    const Real next_share = valid_(0, (now + 1) * batch_ + b);
    if (t < length_of(segment)) {
      g -= (next_share * rate) * (r.col(j + batch_) - r.col(j));
    } else {
      g -= (next_share * rate) * (first_[k + 1].col(b) - r.col(j));
    }
  }
}

template class Backpropagation<float>;
template class Backpropagation<double>;

}  // namespace nullcline::training
