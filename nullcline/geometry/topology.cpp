// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/topology.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {

Immersion immersion(In<Matrix> tangents, Index m) {
  const PullbackMetric metric = pullback_metric(tangents, m);
  return immersion(metric, 0, metric.condition.size());
}

Immersion immersion(const PullbackMetric& metric, Index first, Index count) {
  const Index m = metric.dim;
  if (first < 0 || count < 0 || first + count > metric.condition.size()) {
    throw std::invalid_argument(fmt::format("immersion: columns {} .. {} of {}", first,
                                            first + count - 1, metric.condition.size()));
  }
  Immersion result;
  for (Index c = first; c < first + count; ++c) {
    const MetricStatus status = metric.status[static_cast<std::size_t>(c)];
    if (status == MetricStatus::not_finite) {
      ++result.not_finite;
      continue;
    }
    result.degenerate += status == MetricStatus::immersed ? 0 : 1;
    const double largest = metric.eigenvalues(0, c);
    const double ratio = largest > 0 ? std::sqrt(metric.eigenvalues(m - 1, c) / largest) : 0;
    if (result.where >= 0 && ratio >= result.smallest) continue;
    result.smallest = ratio;
    result.where = c - first;
  }
  return result;
}

Injectivity injectivity(In<Matrix> points, In<Matrix> distances, double separation) {
  const Index K = points.cols();
  if (distances.rows() != K || distances.cols() != K || !(separation >= 0)) {
    throw std::invalid_argument(
        fmt::format("injectivity: {} points, distances {} x {}, separation {}; must be K x K and "
                    "not negative",
                    K, distances.rows(), distances.cols(), separation));
  }
  Injectivity result;
  for (Index j = 0; j < K; ++j) {
    for (Index i = 0; i < j; ++i) {
      const double distance = distances(i, j);
      if (!(distance > separation)) continue;
      ++result.pairs;
      const double chord = (points.col(i) - points.col(j)).norm();
      if (result.first >= 0 && !(chord / distance < result.smallest)) continue;
      result = {chord / distance, i, j, chord, distance, result.pairs};
    }
  }
  return result;
}

Index last_dependence(const ManifoldInputs& inputs) {
  const Index width = inputs.points * inputs.dim;
  for (Index t = inputs.steps(); t-- > 0;) {
    if ((inputs.tangents.middleCols(t * width, width).array() != 0).any()) return t;
  }
  return -1;
}

RankHistory rank_history(const Sensitivities& sensitivities, const ManifoldInputs& inputs) {
  const Index K = sensitivities.points, m = sensitivities.dim;
  if (inputs.points != K || inputs.dim != m ||
      (!sensitivities.steps.empty() && sensitivities.steps.back() > inputs.steps())) {
    throw std::invalid_argument(
        fmt::format("rank_history: sensitivities of {} points and inputs of {}, {} coordinates and "
                    "{}",
                    K, inputs.points, m, inputs.dim));
  }
  return rank_history(pullback_metric(sensitivities.tangents, m), sensitivities.tangents.rows(), K,
                      sensitivities.steps, last_dependence(inputs));
}

RankHistory rank_history(const PullbackMetric& metric, Index states, Index points,
                         const std::vector<Index>& steps, Index last_input) {
  const Index S = static_cast<Index>(steps.size()), m = metric.dim;
  if (metric.eigenvalues.cols() != S * points || states < 1) {
    throw std::invalid_argument(
        fmt::format("rank_history: {} metrics, {} points at {} steps, {} states",
                    metric.eigenvalues.cols(), points, S, states));
  }
  const double rounding = static_cast<double>(states) * std::numeric_limits<double>::epsilon();
  RankHistory result;
  result.ranks.setZero(points, S);
  result.conditions.setZero(points, S);
  result.last_input = last_input;
  Index settled = -1;  // the first kept step after the last input
  for (Index s = 0; s < S; ++s) {
    if (settled < 0 && steps[static_cast<std::size_t>(s)] > last_input) settled = s;
    for (Index k = 0; k < points; ++k) {
      const auto sigma = metric.eigenvalues.col(s * points + k).cwiseSqrt();
      const double largest = sigma(0);
      result.ranks(k, s) = largest > 0 ? (sigma.array() > rounding * largest).count() : 0;
      result.conditions(k, s) = largest > 0 ? sigma(m - 1) / largest : 0;
      if (settled >= 0 && result.ranks(k, s) != result.ranks(k, settled)) ++result.changes;
    }
  }
  return result;
}

}  // namespace nullcline::geometry
