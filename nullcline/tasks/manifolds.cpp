// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/manifolds.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace nullcline::tasks {

InputManifold::Point blank_point(Index n_in, Index steps, Index m) {
  const Matrix zero = Matrix::Zero(n_in, steps);
  return {zero, std::vector<Matrix>(static_cast<std::size_t>(m), zero),
          std::vector<Matrix>(static_cast<std::size_t>(m * (m + 1) / 2), zero)};
}

std::size_t second_index(Index i, Index j, Index m) {
  if (i > j) std::swap(i, j);
  return static_cast<std::size_t>(i * m - i * (i - 1) / 2 + j - i);
}

InputManifold::Coordinate angle(const std::string& name) {
  return {name + ", rad", 0, 2 * std::numbers::pi, true};
}

void add_direction(InputManifold::Point& point, In<Vector> kappa, Index i, Index channel,
                   Index from, Index to) {
  const double c = std::cos(kappa(i)), s = std::sin(kappa(i));
  const auto add = [&](Matrix& values, double first, double second) {
    values.row(channel).segment(from, to - from).array() += first;
    values.row(channel + 1).segment(from, to - from).array() += second;
  };
  add(point.inputs, c, s);
  add(point.first[static_cast<std::size_t>(i)], -s, c);
  add(point.second[second_index(i, i, kappa.size())], -c, -s);
}

InputManifold linear_manifold(std::vector<InputManifold::Coordinate> coordinates, In<Vector> u0,
                              In<Matrix> A, Index steps) {
  const auto at = [steps, start = Vector(u0), slope = Matrix(A)](In<Vector> kappa) {
    const Index m = kappa.size();
    InputManifold::Point point = blank_point(start.size(), steps, m);
    point.inputs.colwise() = start + slope * kappa;
    for (Index i = 0; i < m; ++i) {
      point.first[static_cast<std::size_t>(i)].colwise() = Vector(slope.col(i));
    }
    return point;
  };
  return {std::move(coordinates), at};
}

InputManifold pulse_manifold(const std::vector<PulseAt>& pulses, Index n_in, Index steps) {
  std::vector<InputManifold::Coordinate> coordinates;
  for (std::size_t i = 1; i <= pulses.size(); ++i) {
    coordinates.push_back({fmt::format("pulse {}", i), -1, 1});
  }
  const auto at = [pulses, n_in, steps](In<Vector> kappa) {
    InputManifold::Point point = blank_point(n_in, steps, kappa.size());
    for (std::size_t i = 0; i < pulses.size(); ++i) {
      const auto [channel, step] = pulses[i];
      point.inputs(channel, step) = kappa(static_cast<Index>(i));
      point.first[i](channel, step) = 1;
    }
    return point;
  };
  return {coordinates, at};
}

InputManifold box_manifold(const std::vector<Channel>& inputs, double lowest, double highest,
                           Index steps) {
  const auto m = static_cast<Index>(inputs.size());
  std::vector<InputManifold::Coordinate> coordinates;
  for (const Channel& input : inputs) coordinates.push_back({input.name, lowest, highest});
  return linear_manifold(coordinates, Vector::Zero(m), Matrix::Identity(m, m), steps);
}

}  // namespace nullcline::tasks
