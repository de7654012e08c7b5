// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

using representation::Dca;
using representation::DcaOptions;

/// The windows of the curve that the trials are long enough for.
std::vector<Index> curve_windows(const Settings& settings, const std::vector<Matrix>& trials) {
  Index steps = 0;
  for (const Matrix& trial : trials) steps = std::max(steps, trial.cols());
  std::vector<Index> windows;
  for (const double window : settings.numbers("curve_windows")) {
    const auto T = static_cast<Index>(std::lround(window));
    if (2 * T <= steps) windows.push_back(T);
  }
  return windows;
}

/// The largest PI against the dimension, and against the window: few starts, one of which is the
/// subspace that is known already, so that the curves are lower bounds.
void put_curves(io::Dataset& result, const std::string& prefix, const std::vector<Matrix>& trials,
                const Dca& known, DcaOptions options, const Settings& settings) {
  options.starts = options.exchanges = 0;
  const Index dims = std::min<Index>(settings.integer("curve_dims"), trials[0].rows());
  const std::vector<Index> windows = curve_windows(settings, trials);
  Index longest = options.window;
  for (const Index window : windows) longest = std::max(longest, window);
  const auto covariances =
      representation::cross_covariances(trials, {.count = 2 * longest, .divisor = options.divisor});
  if (dims > 0) {
    DcaOptions each = options;
    each.dim = dims;
    const std::vector<Dca> curve = representation::dca_curve(covariances, each);
    Vector values(static_cast<Index>(curve.size()));
    for (Index i = 0; i < values.size(); ++i) {
      values(i) = curve[static_cast<std::size_t>(i)].predictive_information;
    }
    result.arrays[prefix + "_curve_dims"] = Array::vector(values);
  }
  std::vector<std::int64_t> used;
  std::vector<double> values;
  DcaOptions each = options;
  each.first_guesses = {known.projection};
  for (const Index window : windows) {
    each.window = window;
    const Dca found = representation::dca(covariances, each);
    if (found.projection.size() == 0) continue;
    used.push_back(window);
    values.push_back(found.predictive_information);
  }
  if (used.empty()) return;
  result.arrays[prefix + "_curve_window"] = Array::integers(used);
  result.arrays[prefix + "_curve_windows"] = {{static_cast<Index>(values.size())}, values};
}

io::Dataset run(const AnalysisContext& context) {
  DcaOptions options = {
      .dim = context.settings.integer("dim"),
      .window = context.settings.integer("window"),
      .starts = context.settings.integer("starts"),
      .seed = context.seed ^ context.stream,
      .ridge = context.settings.number("ridge"),
  };
  options.repair.kind = representation::covariance_repair_named(context.settings.text("repair"));
  io::Dataset result;
  result.attributes["dim"] = options.dim;
  result.attributes["window"] = options.window;
  const auto analyze = [&](const cells::Network& network, const std::string& prefix) {
    const auto trials =
        noisy_trajectories(context, network, context.settings.integer("trials")).all_trials();
    const Dca dca = representation::dca(trials, options);
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
    if (dca.repair.changed) {
      result.attributes[prefix + "_repair"] = {{"added_variance", dca.repair.added_variance},
                                               {"taper", dca.repair.taper}};
    }
    put_curves(result, prefix, trials, dca, options, context.settings);
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
        0, 1},
       {"repair",
        std::string("none"),
        "of covariances that are not positive definite: white noise on every unit, or smaller lags",
        -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::infinity(),
        {"none", "floor", "taper"}},
       {"curve_dims", std::int64_t{6}, "of the curve of 1 .. curve_dims dimensions; 0: none", 0,
        100},
       {"curve_windows", std::vector<double>{1, 2, 5, 10},
        "windows of the curve over the window, in dim dimensions", 1, 1000}},
      run};
}

}  // namespace nullcline::study
