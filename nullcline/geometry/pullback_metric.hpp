// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/sensitivities.hpp"

namespace nullcline::geometry {

/// What a metric at one point is good for.
enum class MetricStatus {
  immersed,    ///< The m tangents are independent: the states are an m-dimensional manifold here.
  degenerate,  ///< They are not, to rounding: some change of kappa moves nothing.
  collapsed,   ///< All are zero, as at t = 0 and before the first input that kappa changes.
  not_finite,
};
const char* name_of(MetricStatus status);

/// The pullback of the Euclidean metric of the states to the coordinates kappa,
/// G_ij = a_i . a_j with a_i = dx / dkappa_i [Pellegrino & Chadwick 2025], at C columns (points at
/// kept steps), in the order of Sensitivities.
struct PullbackMetric {
  Index dim = 0;         ///< m
  Matrix metric;         ///< (m m, C) G, column by column.
  Matrix factor;         ///< (m m, C) R, upper triangular with diagonal >= 0, G = R'R.
  Matrix eigenvalues;    ///< (m, C) descending; squares of the singular values of (a_1 .. a_m).
  Vector volume;         ///< (C) sqrt(det G), the product of the singular values.
  Vector condition;      ///< (C) sqrt(lambda_1 / lambda_m); infinite where degenerate or collapsed.
  Vector effective_dim;  ///< (C) (sum lambda)^2 / sum lambda^2, 1 .. m; 0 where collapsed.
  Matrix stretch;        ///< (m, C) |a_i| = sqrt(G_ii)
  /// (m (m - 1) / 2, C) cosines of the angles between a_i and a_j, i < j, in the order 12 13 .. 23
  /// ..; 0 where one of the two is zero.
  Matrix cosines;
  std::vector<MetricStatus> status;  ///< (C)

  Eigen::Map<const Matrix> at(Index c) const { return {metric.col(c).data(), dim, dim}; }
  Eigen::Map<const Matrix> factor_at(Index c) const { return {factor.col(c).data(), dim, dim}; }
};

/// Of tangents (n, C m), those of column c in c m .. (c + 1) m - 1, m >= 1. Tangents are
/// independent where sigma_m > n eps sigma_1. Throws std::invalid_argument on other sizes.
PullbackMetric pullback_metric(In<Matrix> tangents, Index m);

}  // namespace nullcline::geometry
