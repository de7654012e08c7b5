// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/geometry/pullback_metric.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/manifold_grid.hpp"

namespace nullcline::study {

/// The metrics of one object of the join "warps", one a manifold; columns as of a Warp. Empty where
/// its training diverged.
using Metrics = std::vector<geometry::PullbackMetric>;

/// The part of the last step's points that are immersed, of that manifold of which it is least.
double immersed_part(const Metrics& metrics, const std::vector<ManifoldGrid>& grids);

/// Distance of two objects at the last step, the mean over manifolds of the medians over points;
/// `part` is affine_invariant or spectral_ratio.
double metric_distance(const Metrics& a, const Metrics& b, const std::vector<ManifoldGrid>& grids,
                       const std::string& part);

/// Puts dispersion/NAME (S, 3, manifolds): 5 %, 50 % and 95 % over the points, and mean/C/NAME
/// (S, K, m m), the mean metric over manifold C in single precision; both NaN where the mean did
/// not converge, and how often that was to the attribute not_converged. Returns the median
/// dispersion of the last step, the mean over manifolds.
double put_mean(io::Dataset& result, const std::string& name, const std::vector<Metrics>& metrics,
                const std::vector<std::size_t>& objects, const std::vector<ManifoldGrid>& grids,
                Index steps);

}  // namespace nullcline::study
