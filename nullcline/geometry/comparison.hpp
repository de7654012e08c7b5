// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {

/// How far two metrics of the same m coordinates are apart, point by point. With the stretches
/// mu_1 >= .. >= mu_m > 0 of the second as the first sees them, the eigenvalues of G_1^-1 G_2,
///
///     affine_invariant  |log mu| = |log(G_1^-1/2 G_2 G_1^-1/2)|_F        [Pennec et al. 2006]
///     spectral_ratio    1 - sqrt(mu_m / mu_1), in [0, 1): 0 where G_2 = c G_1, blind to scale
///
/// Both are symmetric, and the same in all coordinates. NaN where one of the two metrics is not
/// immersed; `status` is that of the worse.
struct MetricDistances {
  Matrix ratios;                            ///< (m, C) mu, descending.
  Vector affine_invariant, spectral_ratio;  ///< (C)
  std::vector<MetricStatus> status;         ///< (C)
};

/// Of two networks, or of one before and after it learned, at the same points and steps. Throws
/// std::invalid_argument unless both have the same m and C.
MetricDistances metric_distances(const PullbackMetric& first, const PullbackMetric& second);

/// Medians over K points of the distances of each kept step from each other: how the warp moves
/// with time. NaN where no point is immersed at both.
struct DistancesOverTime {
  Matrix affine_invariant, spectral_ratio;  ///< (S, S), symmetric, 0 on the diagonal.
};
DistancesOverTime distances_over_time(const PullbackMetric& metric, Index points);

/// The same of each kept step of one network (rows, S) from each of another (columns, S'), or of
/// one from itself before it learned: not symmetric.
DistancesOverTime distances_over_time(const PullbackMetric& first, const PullbackMetric& second,
                                      Index points);

/// Quantiles over the K points of each kept step, of r values a column: rows q r + i for value i
/// and quantile number q; linear between order statistics. NaN is left out, `counted` (r, S) says
/// how many points remain; without any the quantiles are NaN.
struct OverPoints {
  Matrix quantiles;  ///< (r Q, S)
  Matrix counted;    ///< (r, S)
};
/// values (r, S K), step by step; quantiles in [0, 1]. Else std::invalid_argument.
OverPoints over_points(In<Matrix> values, Index points,
                       const std::vector<double>& quantiles = {0.05, 0.5, 0.95});

/// (m, C) eigenvalues over their sum; NaN where that is 0 or not a number.
Matrix normalized_spectra(const PullbackMetric& metric);

/// Indices of the warp of a decision, of each kept step:
///
///     boundary_stretch  mean sqrt(G_rr) where |d| <= near, over its mean where |d| >= far
///     compression       mean of G_ii / G_rr over all points with G_rr > 0
///
/// with r the relevant coordinate, i an irrelevant one, and d (K) the signed distance of a point
/// from the boundary, in the units of the coordinate. NaN where there is nothing to divide by, as
/// at t = 0.
struct WarpIndices {
  Vector boundary_stretch;  ///< (S)
  Vector compression;       ///< (S)
};
struct WarpIndexOptions {
  Index relevant = 0, irrelevant = 1;  ///< < m; one coordinate, m = 1, has no compression.
  double near = 0.04, far = 0.16;
};
/// Throws std::invalid_argument if no point is near, none far, or a coordinate is not there.
WarpIndices warp_indices(const PullbackMetric& metric, In<Vector> distance,
                         const WarpIndexOptions& options = {});

/// The first place from which on a time course stays within (1 - fraction) |first - last| of its
/// last value, first and last being those that are finite; -1 if there are not two of them, or
/// both are the same. Compare that of the warp with that of the speed |x_t|. Throws
/// std::invalid_argument unless 0 <= fraction <= 1.
Index settling_step(In<Vector> course, double fraction = 0.5);

}  // namespace nullcline::geometry
