// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/warp_geodesics.hpp"

namespace nullcline::study {

/// Puts under `prefix`geodesics/, NaN where there is none:
///
///     steps, metric_error (P)
///     from, to (G, m)  windings (W, m)  length, error, straight, status (P, G, W)
///     paths (P, G, W, L, m), kappa not wrapped
///     ray_from, ray_velocity (R, m)  ray_reached, ray_length, ray_error, ray_status (P, R)
///     ray_paths (P, R, L, m)
///
/// A status is a place in `geodesic_statuses`. Nothing without steps.
void put_geodesics(io::Dataset& result, const std::string& prefix, const SliceGeodesics& geodesics);

/// The distances of the points of the grid, where they were asked for: distances (P, K, K),
/// mean_excess and largest_excess (P) of what is along the grid over geodesics.
void put_distances_of_points(io::Dataset& result, const std::string& prefix,
                             const SliceGeodesics& geodesics);

/// The grid drawn with these distances as far as the plane or, of a manifold with a circle, the
/// space can: map (P, K, 2 or 3) by SMACOF from the classical solution, in single precision, and
/// stress (P), Kruskal's.
void put_drawings(io::Dataset& result, const std::string& prefix, const SliceGeodesics& geodesics,
                  const geometry::Domain& domain);

/// "converged", "not_converged", "left_domain", "degenerate", "not_finite", "left_out": the last
/// of a slice that was not searched.
io::Json geodesic_statuses();

}  // namespace nullcline::study
