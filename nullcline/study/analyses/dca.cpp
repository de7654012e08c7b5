// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca.hpp"

#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

io::Dataset run(const AnalysisContext& context) {
  const representation::DcaOptions options = {
      .dim = context.settings.integer("dim"),
      .window = context.settings.integer("window"),
      .starts = context.settings.integer("starts"),
      .seed = context.seed ^ context.stream,
      .ridge = context.settings.number("ridge"),
  };
  io::Dataset result;
  result.attributes["dim"] = options.dim;
  result.attributes["window"] = options.window;
  const auto analyze = [&](const cells::Network& network, const std::string& prefix) {
    const auto trials =
        noisy_trajectories(context, network, context.settings.integer("trials")).all_trials();
    const representation::Dca dca = representation::dca(trials, options);
    result.attributes[prefix + "_status"] = name_of(dca.status);
    if (dca.projection.size() == 0) return;
    put_projections(result, prefix, context, network, dca.mean, dca.projection);
    Vector starts(static_cast<Index>(dca.attempts.size()));
    for (Index i = 0; i < starts.size(); ++i) {
      starts(i) = dca.attempts[static_cast<std::size_t>(i)].predictive_information;
    }
    result.arrays[prefix + "_starts"] = Array::vector(starts);
    result.attributes[prefix + "_maxima"] = dca.maxima.size();
    const std::string metric = prefix + "_predictive_information";
    result.attributes[metric] = dca.predictive_information;
    result.attributes["metrics"][metric] = dca.predictive_information;
  };
  analyze(context.trained, "trained");
  if (context.progress && !context.progress(0.5)) return result;
  analyze(context.untrained, "untrained");
  if (result.attributes.contains("trained_predictive_information")) {
    result.attributes["metrics"]["predictive_information"] =
        result.attributes["trained_predictive_information"];
  }
  return result;
}

}  // namespace

AnalysisKind dca_analysis() {
  return {
      "dca",
      "dynamical components of the states: the subspace of largest predictive information",
      {{"trials", std::int64_t{16}, "noisy trials of each condition", 1, 1e5},
       {"dim", std::int64_t{3}, "dimension of the subspace", 1, 100},
       {"window", std::int64_t{5}, "T, steps of past and of future (our choice)", 1, 1000},
       {"starts", std::int64_t{8}, "random starts, besides two deterministic ones", 0, 10'000},
       {"ridge", 1e-3,
        "measurement noise on every unit, relative to the mean variance of a unit (our choice). "
        "Units that ReLU keeps silent decay without noise: with a ridge near zero the most "
        "predictable directions are those, which carry next to no variance",
        0, 1}},
      run};
}

}  // namespace nullcline::study
