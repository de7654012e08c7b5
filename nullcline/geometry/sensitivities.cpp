// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/sensitivities.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

constexpr Index block_columns = 192;  // wide enough for products, small enough for the L2 cache

std::vector<Index> kept_steps(const std::vector<Index>& asked, Index T) {
  std::vector<Index> steps = asked;
  if (steps.empty()) {
    steps.resize(static_cast<std::size_t>(T));
    std::iota(steps.begin(), steps.end(), Index{1});
  }
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (steps[s] < 0 || steps[s] > T || (s > 0 && steps[s] <= steps[s - 1])) {
      throw std::invalid_argument(fmt::format(
          "sensitivities: steps must ascend within 0 .. {}; found {} in place {}", T, steps[s], s));
    }
  }
  return steps;
}

void check(const DrivenMap& F, const ManifoldInputs& inputs, const SensitivityOptions& options) {
  check_inputs("sensitivities", inputs);
  if (inputs.inputs.rows() != F.input_dim() ||
      (options.start.size() != 0 && options.start.size() != F.state_dim()) || options.dt == 0) {
    throw std::invalid_argument(fmt::format(
        "sensitivities: inputs of {} channels and a start of {} for a map of {} inputs "
        "and {} states, dt = {}",
        inputs.inputs.rows(), options.start.size(), F.input_dim(), F.state_dim(), options.dt));
  }
  if (options.second && inputs.second.size() == 0 && inputs.inputs.rows() > 0) {
    throw std::invalid_argument("sensitivities: second derivatives of the inputs are missing");
  }
}

/// Points first .. first + count - 1, with their derivatives side by side.
class Block {
 public:
  Block(const DrivenMap& F, const ManifoldInputs& inputs, const SensitivityOptions& options,
        Index first, Index count)
      : inputs_(inputs),
        options_(options),
        columns_{inputs.dim, options.second},
        first_(first),
        count_(count),
        orbits_(tangent_orbits(F, columns_, options.precision)),
        state_(Matrix::Zero(F.state_dim(), count * columns_.width())),
        next_(state_),
        drive_(F.input_dim(), count * columns_.width()),
        derivatives_(F.derivatives()) {
    part_.points = count;
    part_.dim = inputs.dim;
    part_.steps = {0};
    part_.derivatives = derivatives_;
  }

  void run(const std::vector<Index>& steps, const SensitivityVisitor& visit) {
    const Index T = inputs_.steps(), w = columns_.width();
    for (Index b = 0; b < count_ && options_.start.size() > 0; ++b) {
      state_.col(b * w) = options_.start;
    }
    orbits_->start(state_);
    std::size_t s = 0;
    for (Index t = 0; s < steps.size(); ++t) {
      const bool kept = steps[s] == t;
      const bool ends = kept && s + 1 == steps.size() && !options_.velocities;
      if (kept) orbits_->read(state_);
      if (!ends) {
        set_drive(std::min(t, T - 1));
        orbits_->step(drive_);
      }
      if (!kept) continue;
      if (options_.velocities) orbits_->read(next_);
      fill_part(t);
      visit({static_cast<Index>(s), first_, part_});
      ++s;
    }
  }

 private:
  /// u, du and d2u of every point, side by side: a few numbers, so by plain copies.
  void set_drive(Index t) {
    const Index rows = drive_.rows(), m = columns_.dim, pairs = columns_.pairs();
    const Index first = t * inputs_.points + first_;
    const double* u = inputs_.inputs.data() + first * rows;
    const double* du = inputs_.tangents.data() + first * m * rows;
    const double* d2u = inputs_.second.data() + (pairs > 0 ? first * pairs * rows : 0);
    double* to = drive_.data();
    const auto copy = [&](const double*& from, Index count) {
      for (Index i = 0; i < count; ++i) *to++ = *from++;
    };
    for (Index b = 0; b < count_; ++b) {
      copy(u, rows);
      copy(du, m * rows);
      copy(d2u, pairs * rows);
    }
  }

  void fill_part(Index t) {
    const Index w = columns_.width(), m = columns_.dim, pairs = columns_.pairs();
    part_.steps[0] = t;
    part_.states.resize(state_.rows(), count_);
    if (options_.velocities) part_.velocities.resize(state_.rows(), count_);
    part_.tangents.resize(state_.rows(), count_ * m);
    part_.second.resize(state_.rows(), count_ * pairs);
    for (Index b = 0; b < count_; ++b) {
      part_.states.col(b) = state_.col(b * w);
      if (options_.velocities) {
        part_.velocities.col(b) = (next_.col(b * w) - state_.col(b * w)) / options_.dt;
      }
      part_.tangents.middleCols(b * m, m) = state_.middleCols(b * w + 1, m);
      part_.second.middleCols(b * pairs, pairs) = state_.middleCols(b * w + 1 + m, pairs);
    }
  }

  const ManifoldInputs& inputs_;
  const SensitivityOptions& options_;
  TangentColumns columns_;
  Index first_, count_;
  std::unique_ptr<TangentOrbits> orbits_;
  Matrix state_, next_, drive_;
  Derivatives derivatives_;
  Sensitivities part_;
};

}  // namespace

std::vector<Index> checked_steps(const DrivenMap& F, const ManifoldInputs& inputs,
                                 const SensitivityOptions& options) {
  check(F, inputs, options);
  return kept_steps(options.steps, inputs.steps());
}

void visit_sensitivities(const DrivenMap& F, const ManifoldInputs& inputs,
                         const SensitivityOptions& options, const SensitivityVisitor& visit,
                         const Progress& progress, bool* cancelled) {
  const std::vector<Index> steps = checked_steps(F, inputs, options);
  const TangentColumns columns{inputs.dim, options.second};
  const Index K = inputs.points, size = std::max<Index>(block_columns / columns.width(), 8);
  const Index blocks = (K + size - 1) / size;
  std::atomic<Index> finished = 0;
  std::atomic<bool> stop = false;
  parallel_for(blocks, options.threads, [&](Index b) {
    if (stop) return;
    const Index first = b * size;
    Block(F, inputs, options, first, std::min(size, K - first)).run(steps, visit);
    const double fraction = static_cast<double>(++finished) / static_cast<double>(blocks);
    if (progress && !progress(fraction)) stop = true;
  });
  if (cancelled != nullptr) *cancelled = finished < blocks;
}

Sensitivities sensitivities(const DrivenMap& F, const ManifoldInputs& inputs,
                            const SensitivityOptions& options, const Progress& progress) {
  const Index n = F.state_dim(), K = inputs.points, m = inputs.dim;
  Sensitivities result;
  result.points = K;
  result.dim = m;
  result.steps = checked_steps(F, inputs, options);
  result.derivatives = F.derivatives();
  const Index S = static_cast<Index>(result.steps.size());
  const Index pairs = options.second ? inputs.pairs() : 0;
  const double none = std::numeric_limits<double>::quiet_NaN();
  result.states.setConstant(n, S * K, none);
  result.tangents.setConstant(n, S * K * m, none);
  result.second.setConstant(n, S * K * pairs, none);
  if (options.velocities) result.velocities.setConstant(n, S * K, none);
  const auto keep = [&](const SensitivityBlock& block) {
    const Index c = block.step * K + block.first, count = block.part.points;
    result.states.middleCols(c, count) = block.part.states;
    if (options.velocities) result.velocities.middleCols(c, count) = block.part.velocities;
    result.tangents.middleCols(c * m, count * m) = block.part.tangents;
    result.second.middleCols(c * pairs, count * pairs) = block.part.second;
  };
  visit_sensitivities(F, inputs, options, keep, progress, &result.cancelled);
  return result;
}

}  // namespace nullcline::geometry
