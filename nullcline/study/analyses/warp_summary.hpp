// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/warp.hpp"

namespace nullcline::study {

/// A quantity of the points of a manifold over time: r numbers a point.
struct WarpQuantity {
  std::string name;
  Matrix values;        ///< (r, S K); NaN where it is not defined.
  bool single = false;  ///< One number by nature, and not a list of r = 1.
};

/// volume, eigenvalues (m), normalized_eigenvalues (m), each over their sum, condition, where the
/// states are immersed, effective_dim, stretch (m), cosines (m (m - 1) / 2), alignment (m),
/// visible, speed; curvature, mean_curvature and ricci (m), where they were computed. Those that do
/// not exist for a curve or without a readout are left out.
std::vector<WarpQuantity> quantities_of(const Warp& warp);

/// The distances of its metric from that of another network, at the same points and
/// steps: affine_invariant and spectral_ratio (geometry::MetricDistances).
std::vector<WarpQuantity> distances_of(const Warp& warp, const Warp& other);

/// 5 % quantile, median and 95 % quantile over the K points of each step: (3 r, S), the r numbers
/// of each quantile together (geometry::over_points). NaN are left out; of nothing, NaN.
Matrix bands(const WarpQuantity& quantity, Index points);

/// Puts `prefix`summary/NAME (S, 3, r), the bands of each.
void put_quantities(io::Dataset& result, const std::string& prefix,
                    const std::vector<WarpQuantity>& quantities, const Warp& warp);

/// How many points of a step are degenerate, collapsed or not finite.
struct StatusCounts {
  Index immersed = 0, degenerate = 0, collapsed = 0, not_finite = 0;
};
StatusCounts statuses_of(const Warp& warp, Index step);

/// The curvature of the slice at one step.
struct CurvatureSummary {
  double total;  ///< int K sqrt(det G) dkappa; NaN without weights or where K is not known.
  double least, greatest;
  Index least_at, greatest_at;  ///< Points; -1 where no K is known.
};
CurvatureSummary curvature_at(const Warp& warp, Index step, In<Vector> weights);

}  // namespace nullcline::study
