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
    Matrix x = Matrix::Zero(n, count), next(n, count);
    if (options.start.size() > 0) x.colwise() = options.start;
    Matrix a = Matrix::Zero(n, count * m), moved(n, count * m);
    std::size_t s = 0;
    for (Index t = 0; s < result.steps.size(); ++t) {
      const Index held = std::min(t, T - 1);
      F.evaluate(x, inputs_at(held), next);
      if (result.steps[s] == t) {
        const Index column = static_cast<Index>(s++) * inputs.points + first;
        result.states.middleCols(column, count) = x;
        result.tangents.middleCols(column * m, count * m) = a;
        result.velocities.middleCols(column, count) = (next - x) / options.dt;
      }
      if (t == T) break;
      F.push_forward(x, inputs_at(t), a, tangents_at(t), moved);
      a.swap(moved);
      x.swap(next);
    }
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
  Sensitivities result;
  result.points = K;
  result.dim = m;
  result.steps = kept_steps(options.steps, inputs.steps());
  result.derivatives = F.derivatives();
  const Index S = static_cast<Index>(result.steps.size());
  const double none = std::numeric_limits<double>::quiet_NaN();
  result.states.setConstant(n, S * K, none);
  result.tangents.setConstant(n, S * K * m, none);
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
