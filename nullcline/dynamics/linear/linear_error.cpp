// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/linear_error.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/quantile.hpp"

namespace nullcline::dynamics {
namespace {

std::vector<Index> nearest_models(std::span<const AffineModel> models, In<Matrix> states,
                                  Threads threads) {
  std::vector<Index> nearest(static_cast<std::size_t>(states.cols()), -1);
  parallel_for(states.cols(), threads, [&](Index i) {
    double least = 0;
    for (std::size_t p = 0; p < models.size(); ++p) {
      Index& best = nearest[static_cast<std::size_t>(i)];
      const double distance = (states.col(i) - models[p].state).squaredNorm();
      if (!models[p].finite || !std::isfinite(distance)) continue;
      if (best >= 0 && distance >= least) continue;
      least = distance;
      best = static_cast<Index>(p);
    }
  });
  return nearest;
}

/// Which of the first `count` columns belong to each model.
std::vector<std::vector<Index>> group(const std::vector<Index>& nearest, Index count,
                                      std::size_t models) {
  std::vector<std::vector<Index>> groups(models);
  for (Index i = 0; i < count; ++i) {
    const Index p = nearest[static_cast<std::size_t>(i)];
    if (p >= 0) groups[static_cast<std::size_t>(p)].push_back(i);
  }
  return groups;
}

/// One step of each model for its columns of X, inputs U; in place.
void step_models(std::span<const AffineModel> models, const std::vector<std::vector<Index>>& groups,
                 In<Matrix> U, Threads threads, InOut<Matrix> X) {
  parallel_for(static_cast<Index>(models.size()), threads, [&](Index p) {
    const AffineModel& model = models[static_cast<std::size_t>(p)];
    const auto& members = groups[static_cast<std::size_t>(p)];
    if (members.empty()) return;
    const auto count = static_cast<Index>(members.size());
    Matrix x(X.rows(), count), u(U.rows(), count);
    for (Index i = 0; i < count; ++i) {
      x.col(i) = X.col(members[static_cast<std::size_t>(i)]) - model.state;
      u.col(i) = U.col(members[static_cast<std::size_t>(i)]) - model.input;
    }
    Matrix y = model.jacobian * x;
    y.noalias() += model.input_jacobian * u;
    for (Index i = 0; i < count; ++i) {
      X.col(members[static_cast<std::size_t>(i)]) = y.col(i) + model.next;
    }
  });
}

/// Statistics of step m from the true, predicted and first states of each column.
void summarize(In<Matrix> truth, In<Matrix> predicted, In<Matrix> first, Index m,
               LinearErrors& result) {
  std::vector<double> errors;
  double error_sum = 0, persistence_sum = 0;
  for (Index i = 0; i < truth.cols(); ++i) {
    const double size = truth.col(i).norm();
    const double error = (truth.col(i) - predicted.col(i)).norm() / size;
    if (result.nearest[static_cast<std::size_t>(i)] < 0 || !std::isfinite(error)) continue;
    if (m == 0) result.one_step(i) = error;
    errors.push_back(error);
    error_sum += error;
    persistence_sum += (truth.col(i) - first.col(i)).norm() / size;
  }
  const auto slot = static_cast<std::size_t>(m);
  result.counts[slot] = static_cast<Index>(errors.size());
  result.lost[slot] = truth.cols() - result.counts[slot];
  if (errors.empty()) return;
  const auto count = static_cast<double>(errors.size());
  std::sort(errors.begin(), errors.end());
  result.mean(m) = error_sum / count;
  result.persistence(m) = persistence_sum / count;
  const Eigen::Map<const Vector> sorted(errors.data(), static_cast<Index>(errors.size()));
  result.median(m) = quantile(sorted, 0.5);
  result.upper(m) = quantile(sorted, 0.9);
}

}  // namespace

std::vector<AffineModel> affine_models(const DrivenMap& map, In<Matrix> points, In<Vector> input,
                                       Threads threads) {
  require(points.rows() == map.state_dim() && input.size() == map.input_dim(),
          "affine_models: need points (n, P) and an input (m)");
  std::vector<AffineModel> models(static_cast<std::size_t>(points.cols()));
  parallel_for(points.cols(), threads, [&](Index p) {
    Jacobians jacobians = map.jacobians(points.col(p), input);
    Matrix next(points.rows(), 1);
    map.evaluate(points.col(p), input, next);
    const bool finite =
        next.allFinite() && jacobians.state.allFinite() && jacobians.input.allFinite();
    models[static_cast<std::size_t>(p)] = {
        points.col(p), input, next, std::move(jacobians.state), std::move(jacobians.input), finite};
  });
  return models;
}

LinearErrors linear_errors(const DrivenMap& map, std::span<const AffineModel> models,
                           In<Matrix> states, In<Matrix> inputs,
                           const LinearErrorOptions& options) {
  require(states.rows() == map.state_dim() && inputs.rows() == map.input_dim() &&
              states.cols() == inputs.cols(),
          "linear_errors: need states (n, T B) and inputs (m, T B)");
  require(options.trials > 0 && states.cols() % options.trials == 0 && options.horizon >= 1,
          "linear_errors: need T B states, trials > 0 and horizon >= 1");
  require(!models.empty(), "linear_errors: need at least one model");
  for (const AffineModel& model : models) {
    require(
        model.jacobian.rows() == map.state_dim() && model.input_jacobian.cols() == map.input_dim(),
        "linear_errors: a model has the wrong size");
  }

  const Index M = options.horizon, B = options.trials;
  LinearErrors result;
  result.nearest = nearest_models(models, states, options.threads);
  result.one_step = Vector::Constant(states.cols(), -1);
  result.mean = result.median = result.upper = result.persistence = Vector::Zero(M);
  result.counts.assign(static_cast<std::size_t>(M), 0);
  result.lost.assign(static_cast<std::size_t>(M), 0);
  Matrix truth = states, predicted = states, next(states.rows(), states.cols());
  for (Index m = 0; m < M; ++m) {
    const Index count = states.cols() - m * B;  // starts whose inputs reach this far
    if (count <= 0) break;
    const auto U = inputs.middleCols(m * B, count);
    map.evaluate(truth.leftCols(count), U, next.leftCols(count));
    truth.leftCols(count) = next.leftCols(count);
    step_models(models, group(result.nearest, count, models.size()), U, options.threads,
                predicted.leftCols(count));
    summarize(truth.leftCols(count), predicted.leftCols(count), states.leftCols(count), m, result);
    if (options.progress && m + 1 < M &&
        !options.progress(static_cast<double>(m + 1) / static_cast<double>(M))) {
      result.cancelled = true;
      break;
    }
  }
  return result;
}

}  // namespace nullcline::dynamics
