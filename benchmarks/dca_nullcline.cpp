// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "benchmarks/raw_doubles.hpp"
#include "nullcline/representation/dca.hpp"

// dca_nullcline LAGS SAMPLES n T d STARTS [FILE]: DCA from covariances C(0) .. C(2T - 1), (n, n)
// each in C order, and their estimation from samples (N, n), all raw doubles; without a ridge, one
// thread. From the starts in FILE alone, (STARTS, d, n) doubles; or, without it, from as many of
// its own, two of them deterministic, four exchanges. One line of JSON for each line of standard
// input.

namespace {

using nullcline::Index;
using nullcline::Matrix;
namespace representation = nullcline::representation;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7 && argc != 8) {
    std::cerr << "usage: dca_nullcline LAGS SAMPLES n T d STARTS [FILE]\n";
    return 2;
  }
  const Index n = std::stol(argv[3]), T = std::stol(argv[4]);
  const std::vector<double> lags = read_doubles(argv[1]), samples = read_doubles(argv[2]);
  representation::CrossCovariances covariances;
  covariances.mean = nullcline::Vector::Zero(n);
  for (Index k = 0; k < 2 * T; ++k) {
    // C order: the transpose.
    const Eigen::Map<const Matrix> C(lags.data() + k * n * n, n, n);
    covariances.lags.emplace_back(C.transpose());
  }
  const std::vector<Matrix> trials = {
      Eigen::Map<const Matrix>(samples.data(), n, static_cast<Index>(samples.size()) / n)};
  const Index d = std::stol(argv[5]), starts = std::stol(argv[6]);
  representation::DcaOptions options = {.dim = d, .window = T, .ridge = 0};
  options.starts = std::max<Index>(0, starts - 2 - options.exchanges);
  if (argc == 8) {
    const std::vector<double> given = read_doubles(argv[7]);
    for (Index i = 0; i < starts; ++i) {
      options.first_guesses.emplace_back(Eigen::Map<const Matrix>(given.data() + i * n * d, n, d));
    }
    options.starts = options.exchanges = 0;
    options.start_at_variance = options.start_at_predictability = false;
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    double start = seconds();
    const auto estimate = representation::cross_covariances(trials, {.count = 2 * T});
    const double estimation = seconds() - start;
    start = seconds();
    const auto dca = representation::dca(covariances, options);
    const double fit = seconds() - start;
    std::vector<double> values;
    std::vector<Index> iterations;
    for (const auto& attempt : dca.attempts) {
      values.push_back(attempt.predictive_information);
      iterations.push_back(attempt.iterations);
    }
    std::vector<double> V(dca.projection.data(), dca.projection.data() + dca.projection.size());
    std::cout << fmt::format(
                     R"({{"estimation": {}, "fit": {}, "values": [{}], "iterations": [{}], )"
                     R"("V": [{}]}})",
                     estimation, fit, fmt::join(values, ", "), fmt::join(iterations, ", "),
                     fmt::join(V, ", "))
              << std::endl;
  }
}
