// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/hash.hpp"
#include "nullcline/training/metric_loss.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::training {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& found,
                         const std::string& expected) {
  throw Error("", "training." + name, found, expected);
}

MetricGoal goal_from(const std::string& name) {
  if (name == "mean_ratio") return MetricGoal::mean_ratio;
  if (name == "metric") return MetricGoal::metric;
  return name == "log_ratio" ? MetricGoal::log_ratio : MetricGoal::log_trace;
}

/// The first and the last step, 1 .. T, that count.
std::pair<Index, Index> window_from(const Settings& training, double dt, Index T) {
  const auto& window = training.numbers("metric_window");
  if (window.empty()) return {1, T};
  const std::string found = to_string(Value(window));
  const std::string end = std::to_string(static_cast<double>(T) * dt);
  if (window.size() != 2) refuse("metric_window", found, "two times in s, or none");
  const auto step = [&](double seconds) { return static_cast<Index>(std::lround(seconds / dt)); };
  const std::pair<Index, Index> steps = {std::max<Index>(1, step(window[0])), step(window[1])};
  if (steps.first > steps.second || steps.second > T) {
    refuse("metric_window", found, "ascending times between a step and the end, " + end + " s");
  }
  return steps;
}

/// The target at step t = first .. last, linear between values evenly spaced.
double target_at(const std::vector<double>& values, Index t, Index first, Index last) {
  if (values.size() == 1 || first == last) return values.front();
  const double place = static_cast<double>(t - first) / static_cast<double>(last - first) *
                       static_cast<double>(values.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), values.size() - 2);
  const double part = place - static_cast<double>(below);
  return (1 - part) * values[below] + part * values[below + 1];
}

/// Which coordinate of each manifold a list names.
std::vector<Index> coordinates_from(const Settings& training, const std::string& name,
                                    const std::vector<tasks::InputManifold>& manifolds) {
  const auto& given = training.numbers(name);
  const std::string found = to_string(Value(given));
  if (given.size() != manifolds.size()) {
    refuse(name, found,
           "a coordinate for each of the " + std::to_string(manifolds.size()) +
               " input manifolds of the task");
  }
  std::vector<Index> all;
  for (std::size_t k = 0; k < given.size(); ++k) {
    const auto m = static_cast<double>(manifolds[k].coordinates.size());
    if (given[k] != std::floor(given[k]) || given[k] >= m) {
      refuse(name, found, "whole numbers below " + std::to_string(static_cast<Index>(m)));
    }
    all.push_back(static_cast<Index>(given[k]));
  }
  return all;
}

/// Of cell, settings and parameters.
std::uint64_t digest(const cells::Network& network) {
  std::string text = network.cell;
  for (const auto& [name, value] : network.settings.values()) {
    text += ";" + name + "=" + to_string(value);
  }
  for (const auto& [name, A] : network.parameters) {
    text += ";" + name + std::to_string(A.rows()) + "x" + std::to_string(A.cols()) + ":";
    text.append(reinterpret_cast<const char*>(A.data()),
                static_cast<std::size_t>(A.size()) * sizeof(double));
  }
  return hash64(text);
}

/// G* = c_t G of the network that `metric_like` names, at the points of each target; its digest.
std::uint64_t set_metrics(const Settings& training, const cells::Network& start,
                          MetricLoss::Space space, std::vector<MetricTarget>& targets) {
  const std::string& like = training.text("metric_like");
  const cells::Network model = like == "start" ? start : load_network(like);
  if (model.input_dim() != start.input_dim() || model.dt() != start.dt()) {
    refuse("metric_like",
           like + ": " + std::to_string(model.input_dim()) + " inputs, steps of " +
               std::to_string(model.dt()) + " s",
           std::to_string(start.input_dim()) + " inputs, steps of " + std::to_string(start.dt()) +
               " s, as of the network");
  }
  // Any other goal asks for the metric too; its own value does not matter.
  MetricLoss measured(model, MetricGoal::log_trace, targets, space);
  measured.loss();
  for (std::size_t k = 0; k < targets.size(); ++k) {
    targets[k].metrics = measured.metrics()[k];
    const Vector sizes = targets[k].metrics.colwise().norm();
    for (Index c = 0; like != "start" && c < sizes.size(); ++c) {
      if (targets[k].weights(c / targets[k].points) == 0) continue;
      if (std::isfinite(sizes(c)) && sizes(c) > 0) continue;
      refuse("metric_like", like, "a network whose metric is finite and not 0 in the window");
    }
    for (Index c = 0; c < targets[k].metrics.cols(); ++c) {
      targets[k].metrics.col(c) *= targets[k].values(c / targets[k].points);
    }
  }
  return digest(model);
}

}  // namespace

std::optional<MetricLoss> metric_loss_from(const Settings& training, const cells::Network& network,
                                           const tasks::Task& task) {
  const std::string& name = training.text("metric");
  if (name == "none") return std::nullopt;
  const auto manifolds = task.input_manifolds();
  if (manifolds.empty()) refuse("metric", name, "none: the task has no input manifold");
  const bool ratio = name == "mean_ratio" || name == "log_ratio";
  std::vector<Index> above(manifolds.size(), 0), below(manifolds.size(), 0);
  if (ratio) {
    above = coordinates_from(training, "metric_above", manifolds);
    below = coordinates_from(training, "metric_below", manifolds);
  }
  const auto& values = training.numbers("metric_target");
  if (values.empty()) refuse("metric_target", "nothing", "one number or more");
  const auto [first, last] = window_from(training, network.dt(), task.steps());
  const Index count = training.integer("metric_grid");

  std::vector<MetricTarget> targets;
  for (std::size_t k = 0; k < manifolds.size(); ++k) {
    const auto m = manifolds[k].coordinates.size();
    if (m != manifolds[0].coordinates.size()) {
      refuse("metric", name, "none: the task's input manifolds differ in dimension");
    }
    if (std::pow(static_cast<double>(count), static_cast<double>(m)) > 1e5) {
      refuse("metric_grid", std::to_string(count), "at most 100000 points together");
    }
    const Matrix kappas = manifold_grid(manifolds[k], count);
    MetricTarget target{.points = kappas.cols(),
                        .dim = kappas.rows(),
                        .inputs = augmented_inputs(manifolds[k], kappas),
                        .weights = Vector::Zero(task.steps()),
                        .values = Vector::Ones(task.steps()),
                        .above = above[k],
                        .below = below[k]};
    for (Index t = first; t <= last; ++t) {
      target.weights(t - 1) = 1;
      target.values(t - 1) = target_at(values, t, first, last);
    }
    targets.push_back(std::move(target));
  }
  const auto space = training.text("metric_space") == "states" ? MetricLoss::Space::states
                                                               : MetricLoss::Space::features;
  const std::uint64_t model = name == "metric" ? set_metrics(training, network, space, targets) : 0;
  MetricLoss loss(network, goal_from(name), std::move(targets), space);
  loss.set_model(model);
  if (!std::isfinite(loss.loss())) {
    refuse("metric_window", to_string(Value(training.numbers("metric_window"))),
           "times at which the metric of the network at the start is not degenerate");
  }
  return loss;
}

}  // namespace nullcline::training
