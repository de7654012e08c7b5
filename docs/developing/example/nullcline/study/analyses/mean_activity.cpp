// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

/// Arrays: trained (n), the mean state of each unit over conditions and time, without noise.
io::Dataset run(const AnalysisContext& context) {
  const Vector mean = quiet_trajectories(context, context.trained).states.rowwise().mean();
  io::Dataset result;
  result.arrays["trained"] = Array::vector(mean);
  const double silent = context.settings.number("silent");
  result.attributes["metrics"]["silent_units"] = (mean.array().abs() <= silent).count();
  return result;
}

}  // namespace

AnalysisKind mean_activity_analysis() {
  return {"mean_activity",
          "the mean state of each unit",
          {{"silent", 1e-3, "mean states up to this size count as silent", 0, 1e6}},
          run};
}

}  // namespace nullcline::study
