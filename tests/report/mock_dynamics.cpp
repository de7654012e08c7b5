// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "mock_results.hpp"

namespace nullcline::report::mock {

Dataset lyapunov(RandomStream& random) {
  constexpr Index k = 6, C = 64;
  std::vector<double> times, exponents, errors, bars, history;
  for (Index c = 1; c <= C; ++c) times.push_back(static_cast<double>(c));
  for (const double first : {0.8, -0.5}) {
    for (Index i = 0; i < k; ++i) {
      exponents.push_back(first - 0.4 * static_cast<double>(i * i));
      errors.push_back(0.01 + 0.03 * random.uniform());
      bars.push_back(3 * errors.back() + 0.1);
    }
    for (Index c = 1; c <= C; ++c) {
      for (Index i = 0; i < k; ++i) {
        history.push_back(first - 0.4 * static_cast<double>(i * i) +
                          random.normal() / static_cast<double>(c));
      }
    }
  }
  Dataset result;
  result.arrays = {{"input_index", Array::integers({0, 1})},
                   {"verdict", Array::integers({3, 0})},
                   {"exponents", {{2, k}, exponents}},
                   {"standard_errors", {{2, k}, errors}},
                   {"bars", {{2, k}, bars}},
                   {"times", list(times)},
                   {"history", {{2, C, k}, history}},
                   {"period", list({0, 0})}};
  for (const char* name : {"dimension", "dimension_error", "dimension_is_bound", "entropy_rate",
                           "entropy_rate_error"}) {
    result.arrays[name] = list({name == std::string("dimension") ? 2.3 : 0.1, 0});
  }
  result.attributes = {
      {"inputs", {"inputs 0.3, 0.7", "inputs 0.7, 0.3"}},
      {"verdicts", {"fixed_point", "cycle", "torus", "chaos", "diverged", "undecided"}},
      {"steps", 20000},
      {"dt", dt}};
  return result;
}

Dataset connections() {
  std::vector<std::int64_t> label, unstable, edges, found;
  std::vector<double> output, position, weight;
  const auto bit = [](std::int64_t v, int i) {
    return (v / (i == 0 ? 1 : i == 1 ? 3 : 9)) % 3 - 1;
  };
  for (std::int64_t v = 0; v < 27; ++v) {
    unstable.push_back(0);
    for (int i = 0; i < 3; ++i) {
      label.push_back(bit(v, i));
      output.push_back(0.98 * static_cast<double>(bit(v, i)));
      position.push_back(3 * static_cast<double>(bit(v, i)) + 0.2 * static_cast<double>(v % 2));
      unstable.back() += bit(v, i) == 0;
    }
    for (std::int64_t w = 0; w < 27; ++w) {
      bool leads = v != w, ends = true;
      for (int i = 0; i < 3; ++i) {
        leads = leads && (bit(v, i) == 0 || bit(v, i) == bit(w, i));
        ends = ends && bit(w, i) != 0;
      }
      if (!leads) continue;
      edges.insert(edges.end(), {v, w});
      weight.push_back(ends ? std::pow(0.5, unstable.back()) : 0);
      found.push_back(ends ? 1 : (v + w) % 2 == 0 ? 3 : 4);
    }
  }
  Dataset result;
  const auto E = static_cast<Index>(weight.size());
  result.arrays = {{"positions", {{27, 3}, position}},
                   {"output", {{27, 3}, output}},
                   {"label", {{27, 3}, label}},
                   {"unstable", Array::integers(unstable)},
                   {"cycle", Array::integers(std::vector<std::int64_t>(27))},
                   {"input_index", Array::integers(std::vector<std::int64_t>(27))},
                   {"edges", {{E, 2}, edges}},
                   {"weight", list(weight)},
                   {"found", Array::integers(found)}};
  result.attributes = {
      {"inputs", {"no input"}},
      {"found", {"branch", "sampled", "edge", "aimed", "implied"}},
      {"graphs",
       {{{"input", "no input"},
         {"undecided_orbits", 2},
         {"flip_flop_distance", {{"labeled", 0.12}, {"labeled_edges", 1.4}, {"unlabeled", 0}}}}}}};
  return result;
}

Dataset continuation() {
  std::vector<double> parameter, modulus, hessian, coordinates, output;
  std::vector<std::int64_t> branch, unstable;
  const auto add = [&](std::int64_t b, double p, double x, bool is_stable) {
    hessian.push_back(b == 0 ? (x * x - 1) * (x * x - 1) : 2);  // 0 at the folds
    branch.push_back(b);
    parameter.push_back(p);
    output.push_back(x);
    coordinates.insert(coordinates.end(), {2 * x, x * x, 0.1 * x});
    unstable.push_back(is_stable ? 0 : 1);
    modulus.push_back(is_stable ? 0.9 : 1.05);
  };
  const auto folded = [](double x) { return 0.5 + 0.3 * (x * x * x - 3 * x) / 2; };
  for (int i = 0; i <= 100; ++i) {
    const double x = -2 + 0.04 * i;
    if (folded(x) >= 0 && folded(x) <= 1) add(0, folded(x), x, std::abs(x) >= 1);
  }
  for (int i = 0; i <= 30; ++i) add(1, 0.5 + i / 60.0, 2.5 + std::sqrt(i / 100.0), true);
  Dataset result;
  const auto P = static_cast<Index>(parameter.size());
  const std::vector<double> at = {-1, 1, 2.5, 2.9, -1.8},
                            places = {folded(-1), folded(1), 0.5, 0.5 + 0.16 * 5 / 3, folded(-1.8)};
  std::vector<double> special_coordinates;
  for (const double x : at) {
    special_coordinates.insert(special_coordinates.end(), {2 * x, x * x, 0.1 * x});
  }
  result.arrays = {{"parameter", list(parameter)},
                   {"branch", Array::integers(branch)},
                   {"unstable", Array::integers(unstable)},
                   {"largest_modulus", list(modulus)},
                   {"smallest_hessian", list(hessian)},
                   {"coordinates", {{P, 3}, coordinates}},
                   {"output", {{P, 1}, output}},
                   {"period", Array::integers({1, 2})},
                   {"first_end", Array::integers({0, 4})},
                   {"last_end", Array::integers({0, 0})},
                   {"special_kind", Array::integers({0, 0, 2, 3, 1})},
                   {"special_criticality", Array::integers({0, 0, 1, 2, 3})},
                   {"special_normal_form", list({0, 0, 0.31, 0.02, 1e-9})},
                   {"special_parameter", list(places)},
                   {"special_coordinates", {{5, 3}, special_coordinates}},
                   {"special_output", {{5, 1}, at}}};
  result.attributes = {
      {"from", "inputs 0.3, 0.7"},
      {"to", "inputs 0.7, 0.3"},
      {"output_names", {"output"}},
      {"special_kinds", {"fold", "branch_point", "period_doubling", "neimark_sacker", "corner"}},
      {"criticalities", {"none", "supercritical", "subcritical", "undecided"}},
      {"ends", {"parameter_bound", "state_bound", "closed", "joined", "branched"}},
      {"complete", true},
      {"starts", 4}};
  return result;
}

}  // namespace nullcline::report::mock
