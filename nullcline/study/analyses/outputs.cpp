// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

/// Mean and standard deviation over the trials of each condition, (n_out, T C) each.
struct Averages {
  Matrix mean, sd;
};

Averages averages(const Trajectories& runs, In<Matrix> z) {
  const Index steps = runs.trials.steps, batch = runs.trials.batch;
  Averages result{Matrix(z.rows(), steps * runs.conditions),
                  Matrix(z.rows(), steps * runs.conditions)};
  for (Index t = 0; t < steps; ++t) {
    for (Index c = 0; c < runs.conditions; ++c) {
      const auto trials = z.middleCols(t * batch + c * runs.repeats, runs.repeats);
      const Vector mean = trials.rowwise().mean();
      const Vector variance = (trials.colwise() - mean).rowwise().squaredNorm() /
                              static_cast<double>(std::max<Index>(1, runs.repeats - 1));
      result.mean.col(t * runs.conditions + c) = mean;
      result.sd.col(t * runs.conditions + c) = variance.array().sqrt();
    }
  }
  return result;
}

/// Mean squared error over the scored steps of each condition.
Vector errors_by_condition(const Trajectories& runs, In<Matrix> z) {
  Vector sum = Vector::Zero(runs.conditions), count = Vector::Zero(runs.conditions);
  for (Index k = 0; k < z.cols(); ++k) {
    const Index c = k % runs.trials.batch / runs.repeats;
    const double scored = runs.trials.scored(0, k);
    sum(c) += scored * (z.col(k) - runs.trials.targets.col(k)).squaredNorm();
    count(c) += scored * static_cast<double>(z.rows());
  }
  return sum.array() / count.array();
}

/// Metrics: the error of every task, and the score by which the task itself judges. Where that is
/// the error, the criterion is the analysis's own.
void judge(const AnalysisContext& context, const Trajectories& trained, In<Matrix> z,
           const Trajectories& untrained, In<Matrix> z0, io::Dataset& result) {
  tasks::Performance performance = context.task.performance();
  const double error = tasks::normalized_error(trained.trials, z);
  const double score = context.task.score(trained.trials, z);
  io::Json& metrics = result.attributes["metrics"];
  metrics = {{"error", error},
             {"error_untrained", tasks::normalized_error(untrained.trials, z0)},
             {"score", score},
             {"score_untrained", context.task.score(untrained.trials, z0)}};
  if (performance.name == tasks::normalized_error_name) {
    performance.criterion = context.settings.number("criterion");
    metrics["criterion"] = performance.criterion;
    metrics["reached"] = error < performance.criterion;
  } else {
    metrics["score_criterion"] = performance.criterion;
    metrics["reached"] = performance.reached(score);
  }
  result.attributes["performance"] = {{"name", performance.name},
                                      {"meaning", performance.meaning},
                                      {"criterion", performance.criterion},
                                      {"higher_is_better", performance.higher_is_better}};
}

io::Dataset run(const AnalysisContext& context) {
  const Index repeats = context.settings.integer("trials");
  const Trajectories trained = noisy_trajectories(context, context.trained, repeats);
  const Trajectories untrained = noisy_trajectories(context, context.untrained, repeats);
  const Trajectories quiet = quiet_trajectories(context, context.trained);
  const Matrix z = cells::outputs(context.trained, trained.states);
  const Matrix z0 = cells::outputs(context.untrained, untrained.states);
  const Averages after = averages(trained, z), before = averages(untrained, z0);
  const Averages targets = averages(trained, trained.trials.targets);
  const Index steps = trained.trials.steps, conditions = trained.conditions;
  const double dt = context.trained.dt();

  io::Dataset result;
  result.arrays["time"] =
      Array::vector(Vector::LinSpaced(steps, dt, dt * static_cast<double>(steps)));
  result.arrays["inputs"] = by_condition(quiet.trials.inputs, steps, conditions);
  result.arrays["targets"] = by_condition(targets.mean, steps, conditions);
  result.arrays["trained"] = by_condition(after.mean, steps, conditions);
  result.arrays["trained_sd"] = by_condition(after.sd, steps, conditions);
  result.arrays["untrained"] = by_condition(before.mean, steps, conditions);
  result.arrays["untrained_sd"] = by_condition(before.sd, steps, conditions);
  result.arrays["error"] = Array::vector(errors_by_condition(trained, z));

  for (const auto& condition : context.task.conditions()) {
    result.attributes["conditions"].push_back(condition.name);
  }
  for (const auto& channel : context.task.inputs()) {
    result.attributes["input_names"].push_back(channel.name);
  }
  for (const auto& channel : context.task.outputs()) {
    result.attributes["output_names"].push_back(channel.name);
  }
  result.attributes["trials"] = repeats;
  judge(context, trained, z, untrained, z0, result);
  return result;
}

}  // namespace

AnalysisKind outputs_analysis() {
  return {
      "outputs",
      "outputs by condition, the error, and the task's own score",
      {{"trials", std::int64_t{16}, "noisy trials of each condition", 1, 1e5},
       {"criterion", 0.05,
        "of tasks whose score is the normalized error: largest error, mean square over settled "
        "steps relative to the variance of the targets, that counts as performing the task (our "
        "choice); the others have a criterion of their own",
        0, 1e6}},
      run};
}

}  // namespace nullcline::study
