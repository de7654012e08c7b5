// SPDX-License-Identifier: Apache-2.0
#include "mock_task.hpp"

#include <algorithm>
#include <utility>

namespace nullcline::report::mock {

Task perception() {
  return {"perception",
          "One input switches between two levels; the output is the level that it has not.",
          128,
          1,
          {"0.8 -> 0.5", "0.5 -> 0.8"},
          [](Index c, double t) { return std::vector<double>{(t < 0.5) == (c == 0) ? 0.8 : 0.5}; },
          [](const std::vector<double>& u) { return 1.3 - u[0]; }};
}

Task decision() {
  static constexpr double pairs[4][4] = {
      {0.3, 0.7, 0.7, 0.3}, {0.7, 0.3, 0.3, 0.7}, {0.4, 0.6, 0.8, 0.2}, {0.6, 0.4, 0.2, 0.8}};
  return {"decision",
          "Two inputs switch; the output is high while input 1 is the larger one, else low.",
          256,
          2,
          {"low then high", "high then low", "1 < 2 -> 1 > 2", "weak high, strong low"},
          [](Index c, double t) {
            const double* pair = pairs[c] + (t < 0.5 ? 0 : 2);
            return std::vector<double>{pair[0], pair[1]};
          },
          [](const std::vector<double>& u) { return u[0] > u[1] ? 1.0 : 0.2; }};
}

Array fill(std::vector<Index> shape, const std::function<double()>& next) {
  Array array{std::move(shape), std::vector<double>()};
  auto& data = std::get<std::vector<double>>(array.data);
  data.resize(static_cast<std::size_t>(array.size()));
  std::generate(data.begin(), data.end(), next);
  return array;
}

Array list(const std::vector<double>& values) {
  return {{static_cast<Index>(values.size())}, values};
}

Vector rest(const std::vector<double>& u) {
  const double second = u.size() > 1 ? u[1] : 0.65;
  Vector x(3);
  x << 4 * (u[0] - second), 2 * (u[0] + second), u[0] > second ? 1.5 : -1.5;
  return x;
}

}  // namespace nullcline::report::mock
