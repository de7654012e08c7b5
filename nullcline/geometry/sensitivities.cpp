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

constexpr Index block_points = 64;  // with their tangents, as wide as products need to be

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

/// Points first .. first + count - 1.
struct Block {
  const DrivenMap& F;
  const ManifoldInputs& inputs;
  const SensitivityOptions& options;
  Index first, count;

  auto inputs_at(Index t) const {
    return inputs.inputs.middleCols(t * inputs.points + first, count);
  }
  auto tangents_at(Index t) const {
    return inputs.tangents.middleCols((t * inputs.points + first) * inputs.dim, count * inputs.dim);
  }

  void run(Sensitivities& result) const {
    const Index n = F.state_dim(), m = inputs.dim, T = inputs.steps();
    const Index pairs = options.second ? inputs.pairs() : 0;
    Matrix x = Matrix::Zero(n, count), next(n, count);
    if (options.start.size() > 0) x.colwise() = options.start;
    Matrix a = Matrix::Zero(n, count * m), moved(n, count * m), b = Matrix::Zero(n, count * pairs);
    std::size_t s = 0;
    for (Index t = 0; s < result.steps.size(); ++t) {
      F.evaluate(x, inputs_at(std::min(t, T - 1)), next);
      if (result.steps[s] == t) {
        const Index column = static_cast<Index>(s++) * inputs.points + first;
        result.states.middleCols(column, count) = x;
        result.tangents.middleCols(column * m, count * m) = a;
        result.second.middleCols(column * pairs, count * pairs) = b;
        result.velocities.middleCols(column, count) = (next - x) / options.dt;
      }
      if (t == T) break;
      if (pairs > 0) b = second_step(t, x, a, b);
      F.push_forward(x, inputs_at(t), a, tangents_at(t), moved);
      a.swap(moved);
      x.swap(next);
    }
  }

  /// b_ij after the step.
  Matrix second_step(Index t, const Matrix& x, const Matrix& a, const Matrix& b) const {
    const Index m = inputs.dim, pairs = inputs.pairs();
    const auto du = tangents_at(t);
    Matrix vx(x.rows(), count * pairs), wx = vx, vu(du.rows(), count * pairs), wu = vu;
    for (Index c = 0; c < count; ++c) {
      for (Index i = 0, pair = c * pairs; i < m; ++i) {
        for (Index j = i; j < m; ++j, ++pair) {
          vx.col(pair) = a.col(c * m + i);
          vu.col(pair) = du.col(c * m + i);
          wx.col(pair) = a.col(c * m + j);
          wu.col(pair) = du.col(c * m + j);
        }
      }
    }
    Matrix bent(x.rows(), count * pairs), moved = bent;
    F.second_push_forward(x, inputs_at(t), vx, vu, wx, wu, bent);
    F.push_forward(x, inputs_at(t), b,
                   inputs.second.middleCols((t * inputs.points + first) * pairs, count * pairs),
                   moved);
    return moved + bent;
  }
};

}  // namespace

Sensitivities sensitivities(const DrivenMap& F, const ManifoldInputs& inputs,
                            const SensitivityOptions& options, const Progress& progress) {
  check_inputs("sensitivities", inputs);
  const Index n = F.state_dim(), K = inputs.points, m = inputs.dim;
  if (inputs.inputs.rows() != F.input_dim() ||
      (options.start.size() != 0 && options.start.size() != n) || options.dt == 0) {
    throw std::invalid_argument(
        fmt::format("sensitivities: inputs of {} channels and a start of {} for a map of {} inputs "
                    "and {} states, dt = {}",
                    inputs.inputs.rows(), options.start.size(), F.input_dim(), n, options.dt));
  }
  if (options.second && inputs.second.size() == 0 && inputs.inputs.rows() > 0) {
    throw std::invalid_argument("sensitivities: second derivatives of the inputs are missing");
  }
  Sensitivities result;
  result.points = K;
  result.dim = m;
  result.steps = kept_steps(options.steps, inputs.steps());
  result.derivatives = F.derivatives();
  const Index S = static_cast<Index>(result.steps.size());
  const double none = std::numeric_limits<double>::quiet_NaN();
  result.states.setConstant(n, S * K, none);
  result.tangents.setConstant(n, S * K * m, none);
  result.second.setConstant(n, options.second ? S * K * inputs.pairs() : 0, none);
  result.velocities.setConstant(n, S * K, none);

  const Index blocks = (K + block_points - 1) / block_points;
  std::atomic<Index> finished = 0;
  std::atomic<bool> stop = false;
  parallel_for(blocks, options.threads, [&](Index b) {
    if (stop) return;
    const Index first = b * block_points;
    Block{F, inputs, options, first, std::min(block_points, K - first)}.run(result);
    const double fraction = static_cast<double>(++finished) / static_cast<double>(blocks);
    if (progress && !progress(fraction)) stop = true;
  });
  result.cancelled = finished < blocks;
  return result;
}

}  // namespace nullcline::geometry
