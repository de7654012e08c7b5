// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/homology.hpp"

#include <cmath>

#include "nullcline/representation/homology/landmarks.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

using representation::BettiNumbers;
using representation::HomologyOptions;
using representation::PersistentHomology;

constexpr double bytes_of_simplex = 64;  // persistent_homology.hpp, HomologySize

/// Every `every`-th state of each trial, side by side: noisy trials, or one without noise of each
/// condition.                                                               (n, K)
Matrix thinned_states(const AnalysisContext& context, const cells::Network& network) {
  const Index repeats = context.settings.integer("trials");
  const Index every = context.settings.integer("every");
  std::vector<Matrix> trials = (repeats > 0 ? noisy_trajectories(context, network, repeats)
                                            : quiet_trajectories(context, network))
                                   .all_trials();
  for (Matrix& trial : trials) {
    const Index kept = (trial.cols() + every - 1) / every;
    trial = Matrix(trial(Eigen::all, Eigen::seqN(Index{0}, kept, every)));
  }
  return representation::all_states(trials);
}

HomologyOptions options_of(const Settings& settings) {
  HomologyOptions options;
  options.max_dimension = settings.integer("max_dimension");
  options.landmarks = settings.integer("landmarks");
  options.max_simplices =
      static_cast<Index>(std::floor(settings.number("memory") * 1e6 / bytes_of_simplex));
  return options;
}

/// Of one network; `prefix` is "trained" or "untrained".
void put(io::Dataset& result, const std::string& prefix, const AnalysisContext& context,
         const cells::Network& network) {
  const Matrix states = thinned_states(context, network);
  const PersistentHomology found =
      representation::persistent_homology(states, options_of(context.settings));
  const double confidence = context.settings.number("confidence");
  const double radius =
      states.cols() > 1
          ? representation::sampling_radius(
                states, {.confidence = confidence, .seed = context.seed ^ context.stream})
          : 0;
  const BettiNumbers of_points = representation::betti_numbers(found);
  const BettiNumbers of_set = representation::betti_numbers(found, radius);
  put_bars(result, prefix + "_", found);
  result.arrays[prefix + "_landmarks"] =
      Array::integers({found.landmarks.begin(), found.landmarks.end()});
  result.attributes[prefix] = {{"states", states.cols()},
                               {"size", json_of(found.size)},
                               {"covering_radius", found.covering_radius},
                               {"sampling_radius", radius},
                               {"betti_of_points", of_points.numbers},
                               {"threshold_of_points", of_points.threshold},
                               {"betti_of_set", of_set.numbers},
                               {"threshold_of_set", of_set.threshold}};
  for (std::size_t k = 0; k < of_points.numbers.size(); ++k) {
    result.attributes["metrics"][prefix + "_betti_" + std::to_string(k)] = of_points.numbers[k];
  }
}

io::Dataset run(const AnalysisContext& context) {
  io::Dataset result;
  result.attributes["confidence"] = context.settings.number("confidence");
  result.attributes["memory"] = context.settings.number("memory");
  put(result, "trained", context, context.trained);
  if (context.progress && !context.progress(0.5)) return result;
  put(result, "untrained", context, context.untrained);
  return result;
}

}  // namespace

io::Json json_of(const representation::HomologySize& size) {
  return {{"points", size.points}, {"max_edge", size.max_edge},     {"complete", size.complete},
          {"edges", size.edges},   {"kept_edges", size.kept_edges}, {"simplices", size.simplices},
          {"bytes", size.bytes}};
}

void put_bars(io::Dataset& result, const std::string& prefix, const PersistentHomology& homology) {
  for (std::size_t k = 0; k < homology.diagrams.size(); ++k) {
    const representation::Diagram& diagram = homology.diagrams[k];
    Matrix bars(static_cast<Index>(diagram.size()), 2);
    for (Index i = 0; i < bars.rows(); ++i) {
      const auto& bar = diagram[static_cast<std::size_t>(i)];
      bars.row(i) << bar.birth, bar.death;
    }
    result.arrays[prefix + "h" + std::to_string(k)] = Array::matrix(bars);
  }
}

AnalysisKind homology_analysis() {
  return {
      "homology",
      "pieces, loops and voids of the set of states, trained and untrained: persistent homology",
      {{"trials", std::int64_t{0}, "noisy trials of each condition; 0: one of each without noise",
        0, 1e5},
       {"every", std::int64_t{1}, "of how many successive states one is taken", 1, 1e6},
       {"landmarks", std::int64_t{200}, "at most as many states, far from each other; 0: all", 0,
        1e5},
       {"max_dimension", std::int64_t{1}, "of holes: 0 pieces, 1 loops, 2 voids", 0, 5},
       {"memory", 640.0, "MB that simplices may take; more are refused before they are built", 1,
        1e6},
       {"confidence", 0.95, "of the band for what states were drawn from", 1e-3, 0.999}},
      run};
}

}  // namespace nullcline::study
