// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {

/// The Frechet mean of the metrics G_1 .. G_N of N networks at a point, of the affine-invariant
/// distance d (comparison.hpp),
///
///     M = argmin sum_i d(M, G_i)^2,    sum_i log(M^-1/2 G_i M^-1/2) = 0,
///
/// of which there is one: symmetric positive definite matrices with d have no positive curvature
/// [Moakher 2005; Pennec et al. 2006]. It is the same metric in all coordinates, its volume is the
/// geometric mean of the volumes, and of metrics with common axes it is the geometric mean.
///
/// Of C columns (points at kept steps). NaN where not all N metrics are immersed.
struct MeanMetric {
  Index dim = 0;
  Matrix metric;                     ///< (m m, C) M, column by column.
  Matrix factor;                     ///< (m m, C) R, upper triangular, M = R'R.
  Matrix distances;                  ///< (N, C) d(M, G_i)
  Vector dispersion;                 ///< (C) sqrt(sum_i d(M, G_i)^2 / N)
  Vector residual;                   ///< (C) |sum_i log(M^-1/2 G_i M^-1/2)|_F / N
  std::vector<char> converged;       ///< (C) 1: the residual came down to what is allowed.
  std::vector<MetricStatus> status;  ///< (C) the worst of the N.
  bool cancelled = false;            ///< Then the columns that were not reached are NaN.
};
struct MeanMetricOptions {
  /// Of the residual, > 0; logarithms of stretches have no unit. Allowed is what rounding makes of
  /// metrics of condition kappa (PullbackMetric), 10 m eps kappa, where that is more; but steps go
  /// on for as long as they halve the residual.
  double tolerance = 1e-12;
  Index max_steps = 1000;  ///< >= 1
};

/// By steps M <- M^1/2 exp(theta T) M^1/2, T the mean logarithm, with theta = 2 / (1 + h) from the
/// bound h of the Hessian at M [Bini & Iannazzo 2013], on the factors: of metrics that have nearly
/// collapsed the digits of kappa are lost, and not of kappa^2. Throws std::invalid_argument unless
/// there is one metric or more, all have the same m and C, tolerance > 0 and max_steps >= 1.
MeanMetric mean_metric(const std::vector<PullbackMetric>& networks,
                       const MeanMetricOptions& options = {}, const Progress& progress = {});

/// Of all pairs of N networks, at each kept step, the medians over the K points of their distances
/// (comparison.hpp); NaN where no point is immersed in both.
struct NetworkDistances {
  Matrix affine_invariant,
      spectral_ratio;      ///< (N N, S): symmetric (N, N) a step, 0 on the diagonal.
  bool cancelled = false;  ///< Then pairs that were not reached are 0.
};
NetworkDistances distances_of_networks(const std::vector<PullbackMetric>& networks, Index points,
                                       const Progress& progress = {});

}  // namespace nullcline::geometry
