// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/measures.hpp"

#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"

namespace nullcline::tasks {
namespace {

void check(const Trials& trials, In<Matrix> outputs) {
  require(outputs.rows() == trials.targets.rows() && outputs.cols() == trials.targets.cols(),
          "a task's score: outputs must have the shape of the targets");
}

/// A fraction, of something.
double ratio(double part, double whole) {
  require(whole > 0, "a task's score: nothing is scored");
  return part / whole;
}

}  // namespace

double side_accuracy(const Trials& trials, In<Matrix> outputs, double middle) {
  check(trials, outputs);
  double right = 0, count = 0;
  for (Index k = 0; k < outputs.cols(); ++k) {
    if (trials.scored(0, k) == 0) continue;
    for (Index i = 0; i < outputs.rows(); ++i) {
      const double target = trials.targets(i, k) - middle;
      if (target == 0) continue;
      count += 1;
      if ((outputs(i, k) - middle) * target > 0) right += 1;
    }
  }
  return ratio(right, count);
}

double trial_accuracy(const Trials& trials, In<Matrix> outputs, double middle) {
  check(trials, outputs);
  require(outputs.rows() == 1, "trial_accuracy: for one output");
  double right = 0, count = 0;
  for (Index b = 0; b < trials.batch; ++b) {
    double target = 0, output = 0;
    for (Index t = 0; t < trials.steps; ++t) {
      const Index k = t * trials.batch + b;
      target += trials.scored(0, k) * (trials.targets(0, k) - middle);
      output += trials.scored(0, k) * (outputs(0, k) - middle);
    }
    if (target == 0) continue;
    count += 1;
    if (output * target > 0) right += 1;
  }
  return ratio(right, count);
}

double mean_angle(const Trials& trials, In<Matrix> outputs) {
  check(trials, outputs);
  require(outputs.rows() == 2, "mean_angle: for two outputs");
  double sum = 0, count = 0;
  for (Index k = 0; k < outputs.cols(); ++k) {
    if (trials.scored(0, k) == 0) continue;
    const double y1 = trials.targets(0, k), y2 = trials.targets(1, k);
    const double z1 = outputs(0, k), z2 = outputs(1, k);
    const double degrees =
        std::abs(std::atan2(y1 * z2 - y2 * z1, y1 * z1 + y2 * z2)) * 180 / std::numbers::pi;
    sum += z1 == 0 && z2 == 0 ? 90 : degrees;
    count += 1;
  }
  return ratio(sum, count);
}

}  // namespace nullcline::tasks
