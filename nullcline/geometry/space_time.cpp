// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/space_time.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

/// `count` columns of the points of kept step s, beside each other.
auto columns_at(const Matrix& all, const Sensitivities& found, Index s, Index count) {
  return all.middleCols(s * found.points * count, found.points * count);
}

void check(const Flow& f, const ManifoldInputs& inputs, const Sensitivities& found,
           In<Matrix> rates) {
  const Index channels = f.input_dim(), rows = inputs.inputs.rows();
  if (found.points != inputs.points || found.dim != inputs.dim ||
      found.states.rows() != f.state_dim() || rows < channels ||
      (channels > 0 && rows % channels != 0) ||
      (rates.size() > 0 && (rates.rows() != channels || rates.cols() != inputs.inputs.cols()))) {
    throw std::invalid_argument(fmt::format(
        "space_time: a flow of {} states and {} inputs, sensitivities of {} states at {} points of "
        "{} dimensions, inputs {} x {} at {} points of {} dimensions, rates {} x {}",
        f.state_dim(), channels, found.states.rows(), found.points, found.dim, rows,
        inputs.inputs.cols(), inputs.points, inputs.dim, rates.rows(), rates.cols()));
  }
}

}  // namespace

SpaceTime space_time(const Flow& f, const ManifoldInputs& inputs, const Sensitivities& found,
                     In<Matrix> rates) {
  check(f, inputs, found, rates);
  const Index n = f.state_dim(), K = found.points, m = found.dim, T = inputs.steps();
  const Index channels = f.input_dim(), pairs = inputs.pairs(), all = (m + 1) * (m + 2) / 2;
  const Index S = static_cast<Index>(found.steps.size());
  const bool second = found.second.size() > 0;
  SpaceTime result{Matrix(n, S * K * (m + 1)), Matrix(n, second ? S * K * all : 0)};
  Matrix x_t(n, K), x_tt(n, K), x_ti(n, K * m);
  for (Index s = 0; s < S; ++s) {
    const Index at = found.steps[static_cast<std::size_t>(s)], t = std::min(at, T - 1);
    const Index row = at == T && channels > 0 ? inputs.inputs.rows() - channels : 0;
    const auto x = columns_at(found.states, found, s, 1);
    const auto a = columns_at(found.tangents, found, s, m);
    const auto u = inputs.inputs.block(row, t * K, channels, K);
    f.evaluate(x, u, x_t);
    if (second) {
      const Matrix du_dt =
          rates.size() > 0 ? Matrix(rates.middleCols(t * K, K)) : Matrix(Matrix::Zero(channels, K));
      f.push_forward(x, u, x_t, du_dt, x_tt);
      f.push_forward(x, u, a, inputs.tangents.block(row, t * K * m, channels, K * m), x_ti);
    }
    for (Index k = 0; k < K; ++k) {
      auto tangents = result.tangents.middleCols((s * K + k) * (m + 1), m + 1);
      tangents.col(0) = x_t.col(k);
      tangents.rightCols(m) = a.middleCols(k * m, m);
      if (!second) continue;
      auto b = result.second.middleCols((s * K + k) * all, all);
      b.col(0) = x_tt.col(k);
      b.middleCols(1, m) = x_ti.middleCols(k * m, m);
      b.rightCols(pairs) = found.second.middleCols((s * K + k) * pairs, pairs);
    }
  }
  return result;
}

void StepRate::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  F_.evaluate(X, U, Y);
  Y = (Y - X) / dt_;
}

void StepRate::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                            Out<Matrix> W) const {
  F_.push_forward(X, U, VX, VU, W);
  W = (W - VX) / dt_;
}

std::vector<bool> input_jumps(const ManifoldInputs& inputs, Index channels) {
  const Index K = inputs.points, m = inputs.dim, T = inputs.steps(), rows = inputs.inputs.rows();
  if (channels < 1 || rows % channels != 0) {
    throw std::invalid_argument(
        fmt::format("input_jumps: {} rows of inputs are not those of {} channels", rows, channels));
  }
  std::vector<bool> jumps(static_cast<std::size_t>(T + 1), false);
  for (Index t = 1; t < T; ++t) {
    const auto differ = [&](const Matrix& all, Index width) {
      return all.block(rows - channels, (t - 1) * width, channels, width) !=
             all.block(0, t * width, channels, width);
    };
    jumps[static_cast<std::size_t>(t)] = differ(inputs.inputs, K) || differ(inputs.tangents, K * m);
  }
  return jumps;
}

std::vector<Index> steps_without_jumps(const ManifoldInputs& inputs, Index channels) {
  const std::vector<bool> jumps = input_jumps(inputs, channels);
  std::vector<Index> steps;
  for (std::size_t t = 1; t < jumps.size(); ++t) {
    if (!jumps[t]) steps.push_back(static_cast<Index>(t));
  }
  return steps;
}

Sensitivities layers_as_steps(const Sensitivities& found, Index layers) {
  if (layers < 1 || found.steps != std::vector<Index>{1} || found.states.rows() % layers != 0) {
    throw std::invalid_argument(
        fmt::format("layers_as_steps: {} states at {} kept steps are not those of {} layers after "
                    "one step",
                    found.states.rows(), found.steps.size(), layers));
  }
  const Index n = found.states.rows() / layers;
  const auto beside = [&](const Matrix& below) {
    Matrix result(n, below.cols() * layers);
    for (Index l = 0; l < layers; ++l) {
      result.middleCols(l * below.cols(), below.cols()) = below.middleRows(l * n, n);
    }
    return result;
  };
  Sensitivities result = found;
  result.steps.clear();
  for (Index l = 1; l <= layers; ++l) result.steps.push_back(l);
  result.states = beside(found.states);
  result.tangents = beside(found.tangents);
  result.second = beside(found.second);
  result.velocities.resize(n, 0);  // layers have no speed
  return result;
}

}  // namespace nullcline::geometry
