// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "mock_results.hpp"

namespace nullcline::report::mock {
namespace {

Json estimate(double value) {
  return {{"value", value}, {"low", 0.9 * value}, {"high", 1.1 * value}, {"points", 2000}};
}

}  // namespace

Dataset dimension(RandomStream& random) {
  Dataset result;
  for (const auto& [stage, decay] :
       {std::pair<std::string, double>("trained", 1.5), {"untrained", 6}}) {
    std::vector<double> variances, null;
    for (int i = 0; i < 60; ++i) {
      variances.push_back(std::exp(-i / decay) + 1e-3 * random.uniform());
      null.push_back(0.05 * (1 + decay) * std::exp(-i / 20.0));
    }
    result.arrays[stage + "_variances"] = list(variances);
    result.arrays[stage + "_null_variances"] = list(null);
    result.attributes[stage] = {{"participation_ratio", decay + random.uniform()},
                                {"parallel", static_cast<int>(2 * decay)},
                                {"two_nn", estimate(2 * decay + random.uniform())},
                                {"mle", estimate(1.8 * decay + random.uniform())}};
  }
  return result;
}

Dataset homology(RandomStream& random) {
  Dataset result;
  constexpr double end = 3;
  for (const std::string stage : {"trained", "untrained"}) {
    const bool is_ring = stage == "trained";
    std::vector<double> pieces{0, std::numeric_limits<double>::infinity()}, loops;
    if (is_ring) loops = {0.3, 2.4};
    for (int i = 0; i < 120; ++i) {
      pieces.insert(pieces.end(), {0, 0.3 * std::exp(-i / 60.0)});
      if (i >= 20) continue;
      const double birth = 0.3 + 0.3 * random.uniform();
      loops.insert(loops.end(), {birth, birth + 0.2 * std::exp(-i / 8.0)});
    }
    result.arrays[stage + "_h0"] = {{static_cast<Index>(pieces.size()) / 2, 2}, pieces};
    result.arrays[stage + "_h1"] = {{static_cast<Index>(loops.size()) / 2, 2}, loops};
    result.attributes[stage] = {{"states", 800},
                                {"size",
                                 {{"points", 121},
                                  {"max_edge", end},
                                  {"edges", 7260},
                                  {"kept_edges", 900},
                                  {"simplices", 5400},
                                  {"bytes", 6.9e5}}},
                                {"covering_radius", 0.1},
                                {"sampling_radius", 0.15},
                                {"betti_of_points", {1, is_ring ? 1 : 0}},
                                {"threshold_of_points", 0.4},
                                {"betti_of_set", {1, is_ring ? 1 : 0}},
                                {"threshold_of_set", 1.0}};
  }
  result.attributes["confidence"] = 0.95;
  result.attributes["memory"] = 640.0;
  return result;
}

}  // namespace nullcline::report::mock
