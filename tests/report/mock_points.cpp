// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "mock_results.hpp"

namespace nullcline::report::mock {

std::vector<std::complex<double>> disk(Index n, double center, double radius,
                                       RandomStream& random) {
  std::vector<std::complex<double>> values;
  while (static_cast<Index>(values.size()) + 1 < n) {
    const auto z =
        std::polar(radius * std::sqrt(random.uniform()), 2 * std::numbers::pi * random.uniform());
    values.push_back(center + z);
    values.push_back(center + std::conj(z));
  }
  if (static_cast<Index>(values.size()) < n) values.emplace_back(center + 0.3 * radius);
  return values;
}

Dataset fixed_points(const Task& task, const Dataset& dca, RandomStream& random) {
  const Matrix basis = dca.arrays.at("trained_basis").as_matrix();
  const Vector mean = dca.arrays.at("trained_mean").as_vector();
  const bool is_decision = task.inputs == 2;
  const std::vector<std::vector<double>> levels =
      is_decision ? std::vector<std::vector<double>>{{0.3, 0.7}, {0.7, 0.3}, {0.5, 0.5}}
                  : std::vector<std::vector<double>>{{0.5}, {0.8}};
  const std::vector<std::string> names =
      is_decision ? std::vector<std::string>{"inputs 0.3, 0.7", "inputs 0.7, 0.3", "no input"}
                  : std::vector<std::string>{"input 0.5", "input 0.8"};
  Matrix states(task.units, 0);
  std::vector<double> input, residual, speed, real, imaginary;
  std::vector<std::int64_t> index, unstable, kind, found, degree;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    for (std::int64_t k = 0; k < (l == 2 ? 5 : 2); ++k) {  // one of each kind for the third input
      states.conservativeResize(Eigen::NoChange, states.cols() + 1);
      Vector place = rest(levels[l]);
      place(2) -= 1.2 * static_cast<double>(k);
      states.rightCols(1) = mean + basis * place;
      auto values = disk(task.units, 0.9, 0.09, random);
      for (std::int64_t u = 0; u < k; ++u)
        values[static_cast<std::size_t>(u)] = 1.02 + 0.01 * static_cast<double>(u);
      for (const auto z : values) {
        real.push_back(z.real());
        imaginary.push_back(z.imag());
      }
      input.insert(input.end(), levels[l].begin(), levels[l].end());
      index.push_back(static_cast<std::int64_t>(l));
      kind.push_back(k);
      unstable.push_back(k);
      degree.push_back(k % 2 == 0 ? 1 : -1);
      found.push_back(40 / (k + 1));
      residual.push_back(k == 4 ? 3e-4 : 1e-13 * random.uniform());
      speed.push_back(k == 4 ? 4.5e-4 : 1e-22);
    }
  }
  const auto P = static_cast<Index>(index.size());
  std::vector<std::int64_t> certified;
  std::vector<double> exists, unique;
  for (const std::int64_t k : kind) {
    certified.push_back(k < 3);
    exists.push_back(k < 3 ? 1e-14 * (1 + random.uniform()) : 0);
    unique.push_back(k < 3 ? 1e-3 * (1 + random.uniform()) : 0);
  }
  Json completeness = Json::array();
  for (std::size_t l = 0; l < levels.size(); ++l) {
    const int points = l == 2 ? 4 : 2, sure = std::min(points, 3);
    completeness.push_back({{"input", names[l]},
                            {"starts", 64},
                            {"fixed_points", points},
                            {"degree_sum", l == 2 ? 1 : 0},
                            {"certified", sure},
                            {"trapping_box", l > 0},
                            {"unseen", {{"estimate", 0.5}, {"lower", 0.0}, {"upper", 3.5}}}});
  }
  Dataset result;
  result.arrays = {{"states", Array::matrix(Matrix(states.transpose()))},
                   {"input", {{P, task.inputs}, input}},
                   {"input_index", Array::integers(index)},
                   {"residual", list(residual)},
                   {"speed", list(speed)},
                   {"unstable", Array::integers(unstable)},
                   {"kind", Array::integers(kind)},
                   {"multiplicity", Array::integers(found)},
                   {"degree", Array::integers(degree)},
                   {"certified", Array::integers(certified)},
                   {"radius_exists", list(exists)},
                   {"radius_unique", list(unique)},
                   {"eigenvalues_real", {{P, task.units}, real}},
                   {"eigenvalues_imag", {{P, task.units}, imaginary}}};
  result.attributes = {{"dt", dt},
                       {"tau", 0.1},
                       {"inputs", names},
                       {"starts", 200},
                       {"completeness", completeness},
                       {"statuses", {{"fixed_point", 188}, {"slow_point", 9}, {"diverged", 3}}}};
  return result;
}

Dataset visited_points(RandomStream& random) {
  Dataset result;
  result.arrays = {{"input_index", Array::integers({0, 0, 1, 1})},
                   {"kind", Array::integers({0, 1, 0, 4})}};
  result.attributes = {{"inputs", {"inputs 0.3, 0.7", "inputs 0.7, 0.3"}}, {"dt", dt}};
  const auto numbers = [&](double scale, Index count) {
    std::vector<double> values;
    for (Index i = 0; i < count; ++i) values.push_back(scale * (0.5 + random.uniform()));
    return values;
  };
  result.arrays["weight"] = list(numbers(0.2, 4));
  result.arrays["information"] = list(numbers(50, 4));
  result.arrays["slow_information"] = list(numbers(4, 4));
  result.arrays["size"] = list({0.01, 0.1, 1});
  for (const char* name : {"fit_difference", "dmd_difference"}) {
    result.arrays[name] = {{4, 3}, numbers(0.1, 12)};
  }
  result.arrays["trial_difference"] = {{4, 1}, numbers(0.1, 4)};
  for (const char* name : {"distance", "chance_distance", "angle"}) {
    result.arrays[name] = {{2, 2}, numbers(1, 4)};
  }
  result.attributes["chance_angle"] = 1.4;
  return result;
}

}  // namespace nullcline::report::mock
