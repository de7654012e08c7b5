// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <complex>

#include "mock_results.hpp"

namespace nullcline::report::mock {

namespace {

Array plane(const std::vector<std::complex<double>>& values) {
  std::vector<double> data;
  for (const auto z : values) data.insert(data.end(), {z.real(), z.imag()});
  return {{static_cast<Index>(values.size()), 2}, data};
}

}  // namespace

Dataset connectivity(const Task& task, RandomStream& random) {
  const Index N = task.units;
  const double sd = 1 / std::sqrt(static_cast<double>(N));
  std::vector<double> edges;
  for (int i = 0; i <= 60; ++i) edges.push_back(5 * sd * (i / 30.0 - 1));
  std::vector<std::int64_t> before(60), after(60);
  std::vector<double> change;
  const auto count = [&](double w, std::vector<std::int64_t>& counts) {
    const double place = (w / (5 * sd) + 1) * 30;
    if (0 <= place && place < 60) ++counts[static_cast<std::size_t>(place)];
  };
  for (Index i = 0; i < N * N; ++i) {
    const double w = sd * random.normal();
    const double delta = sd * (-0.15 + 0.2 * std::pow(random.normal(), 3));
    count(w, before);
    count(w + delta, after);
    if (i % 8 == 0) change.push_back(std::abs(delta));
  }
  std::sort(change.begin(), change.end(), std::greater<>());
  std::vector<double> singular;
  for (Index i = 0; i < N; ++i) {
    singular.push_back(2.5 * std::exp(-static_cast<double>(i) / 2) +
                       0.2 * (1 - static_cast<double>(i) / static_cast<double>(N)));
  }
  auto eigenvalues = disk(N, 0, 1, random);
  Dataset result;
  result.arrays = {{"edges", list(edges)},
                   {"before", Array::integers(before)},
                   {"after", Array::integers(after)},
                   {"change_sorted", list(change)},
                   {"change_singular_values", list(singular)},
                   {"eigenvalues_before", plane(eigenvalues)},
                   {"eigenvalues_change", plane(disk(N, 0, 0.2, random))}};
  eigenvalues[0] = {-1.4, 0.6};
  eigenvalues[1] = {-1.4, -0.6};
  result.arrays["eigenvalues_after"] = plane(eigenvalues);
  result.arrays["rank_singular_values"] = list({2.7, 1.6, 0.9, 0.5});
  result.arrays["rank_null_means"] = list({0.8, 0.7, 0.6, 0.5});
  result.arrays["rank_null_maxima"] = list({0.9, 0.75, 0.7, 0.55});
  result.arrays["error_by_rank"] = list({12, 3, 0.4, 0.06, 0.05, 0.045});
  for (const char* measure : {"in_strength", "out_strength", "eigenvector", "katz", "pagerank"}) {
    std::vector<double> low, high;
    for (Index i = 0; i < N; ++i) {
      low.push_back(0.01 * std::exp(0.6 * random.normal()));
      high.push_back(1e-4 / low.back() * std::exp(0.5 * random.normal()));
    }
    result.arrays[std::string("centrality_") + measure + "_before"] = list(low);
    result.arrays[std::string("centrality_") + measure + "_after"] = list(high);
  }
  result.attributes = {{"mean_before", 0.0},
                       {"mean_after", -0.15 * sd},
                       {"sd_before", sd},
                       {"sd_after", 1.2 * sd},
                       {"rank_against_shuffled", 3},
                       {"functional_rank", 2},
                       {"error_of_all", 0.04},
                       {"departure_before_operator", 1.9},
                       {"departure_after_operator", 2.4},
                       {"departure_before_frobenius", 8.1},
                       {"departure_after_frobenius", 9.7},
                       {"relative_change", 0.41},
                       {"effective_rank", 6.3}};
  return result;
}

}  // namespace nullcline::report::mock
