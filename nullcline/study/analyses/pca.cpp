// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/pca.hpp"

#include <algorithm>

#include "nullcline/representation/dimension.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

io::Dataset run(const AnalysisContext& context) {
  io::Dataset result;
  const auto analyze = [&](const cells::Network& network, const std::string& prefix) {
    const auto trials =
        noisy_trajectories(context, network, context.settings.integer("trials")).all_trials();
    const representation::Pca pca = representation::pca(trials);
    const Index shown = std::min<Index>(context.settings.integer("dim"), pca.basis.cols());
    put_projections(result, prefix, context, network, pca.mean, pca.basis.leftCols(shown));
    result.arrays[prefix + "_variance"] = Array::vector(pca.explained);
    result.attributes[prefix + "_dimension"] = representation::participation_ratio(pca.explained);
    result.attributes["metrics"][prefix + "_pca_dimension"] =
        result.attributes[prefix + "_dimension"];
  };
  analyze(context.trained, "trained");
  analyze(context.untrained, "untrained");
  return result;
}

}  // namespace

AnalysisKind pca_analysis() {
  return {"pca",
          "principal components of the states, trained and untrained",
          {{"trials", std::int64_t{16}, "noisy trials of each condition", 1, 1e5},
           {"dim", std::int64_t{3}, "components that trajectories are shown in", 1, 100}},
          run};
}

}  // namespace nullcline::study
