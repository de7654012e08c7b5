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
  Immersion result;
  for (Index c = 0; c < metric.condition.size(); ++c) {
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
    result.where = c;
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

namespace {

Index last_moved(const ManifoldInputs& inputs) {
  const Index width = inputs.points * inputs.dim;
  for (Index t = inputs.steps(); t-- > 0;) {
    if ((inputs.tangents.middleCols(t * width, width).array() != 0).any()) return t;
  }
  return -1;
}

}  // namespace

RankHistory rank_history(const Sensitivities& sensitivities, const ManifoldInputs& inputs) {
  const Index K = sensitivities.points, m = sensitivities.dim;
  const Index S = static_cast<Index>(sensitivities.steps.size());
  if (inputs.points != K || inputs.dim != m ||
      (S > 0 && sensitivities.steps.back() > inputs.steps())) {
    throw std::invalid_argument(
        fmt::format("rank_history: sensitivities of {} points and inputs of {}, {} coordinates and "
                    "{}",
                    K, inputs.points, m, inputs.dim));
  }
  const PullbackMetric metric = pullback_metric(sensitivities.tangents, m);
  const double rounding =
      static_cast<double>(sensitivities.tangents.rows()) * std::numeric_limits<double>::epsilon();
  RankHistory result;
  result.ranks.setZero(K, S);
  result.conditions.setZero(K, S);
  result.last_input = last_moved(inputs);
  Index settled = -1;  // the first kept step after the last input
  for (Index s = 0; s < S; ++s) {
    if (settled < 0 && sensitivities.steps[static_cast<std::size_t>(s)] > result.last_input) {
      settled = s;
    }
    for (Index k = 0; k < K; ++k) {
      const auto sigma = metric.eigenvalues.col(s * K + k).cwiseSqrt();
      const double largest = sigma(0);
      result.ranks(k, s) = largest > 0 ? (sigma.array() > rounding * largest).count() : 0;
      result.conditions(k, s) = largest > 0 ? sigma(m - 1) / largest : 0;
      if (settled >= 0 && result.ranks(k, s) != result.ranks(k, settled)) ++result.changes;
    }
  }
  return result;
}

}  // namespace nullcline::geometry
