// SPDX-License-Identifier: Apache-2.0
// Dynamical similarity analysis as a metric: linear dynamics of the delayed states of each side,
// and the angle between them after the best orthogonal change of coordinates (dsa/dsa.hpp). As that
// is a search, the distance comes with its gap to a lower bound.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {
namespace {

/// `factor` is A (r, r). Its dynamics have no scale; without it no square overflows or vanishes.
Features linear_dynamics(Matrix X, std::span<const Index> lengths,
                         const SimilarityOptions& options) {
  Features features;
  const double size = X.cwiseAbs().maxCoeff();
  features.defined = size > 0;
  if (!features.defined) return features;
  std::vector<Matrix> trials;
  Index first = 0;
  for (const Index length : lengths) {
    trials.emplace_back(X.middleCols(first, length) / size);
    first += length;
  }
  HankelDmdOptions dmd = options.dsa.dmd;
  dmd.center = false;  // done
  features.factor = hankel_dmd(trials, dmd).A;
  return features;
}

/// From the smaller to the larger of the two in the order of their entries, so that d(X, Y) and
/// d(Y, X) are one search.
Similarity angle(const Features& X, const Features& Y, const SimilarityOptions& options) {
  const Matrix &A = X.factor, &B = Y.factor;
  AlignmentOptions search = options.dsa.alignment;
  search.threads = options.threads;
  if (A.rows() != B.rows() && !search.pad) {
    throw std::invalid_argument(fmt::format(
        "compare: the delayed states have {} dimensions on one side and {} on the other: dsa needs "
        "one rank, or pad",
        A.rows(), B.rows()));
  }
  const auto a = A.reshaped(), b = B.reshaped();
  Similarity result;
  if (std::lexicographical_compare(b.begin(), b.end(), a.begin(), a.end())) {
    Alignment back = align(B, A, search);
    back.C.transposeInPlace();
    std::swap(back.bounds.departure_A, back.bounds.departure_B);
    result.alignment = std::move(back);
  } else {
    result.alignment = align(A, B, search);
  }
  result.distance = result.alignment->angle;
  result.gap = std::max(0.0, result.alignment->angle_gap());
  result.score = std::cos(result.distance);
  result.dim_x = A.rows();
  result.dim_y = B.rows();
  return result;
}

}  // namespace

std::vector<Metric> dynamics_metrics() {
  Metric dsa{{"dsa", "dynamical similarity: linear dynamics of delayed states, aligned",
              "min arccos(tr(A' C B C') / (|A| |B|)) over orthogonal C", "cos(distance)",
              "orthogonal maps and scale", std::numbers::pi, true,
              "for equal ranks, where the minimum is met", true},
             nullptr,
             angle};
  dsa.prepare_trials = linear_dynamics;
  return {std::move(dsa)};
}

}  // namespace nullcline::representation::detail
