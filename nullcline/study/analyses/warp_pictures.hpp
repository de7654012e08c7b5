// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/warp_geodesics.hpp"

namespace nullcline::study {

/// (r, S K) as (S, K, r) in single precision: for pictures.
Array picture(const Matrix& values, const Warp& warp);

/// All that the pictures of a manifold need.
void put_maps(io::Dataset& result, const std::string& prefix, const Warp& warp);

/// Of the manifolds 0, 1, .. of a stage, C/`stage`/projections and slice_projections (S, K, 3): the
/// states in the leading components of all manifolds and times together, and of each slice; and
/// `stage`_variance (3), the part of the variance of the former. With `geodesics`, of each manifold
/// or none, C/`stage`/geodesics/projections and slice_projections (P, G, W, L, 3) of their paths.
/// Nothing where a state is not finite.
void put_projections(io::Dataset& result, const std::string& stage, const std::vector<Warp>& warps,
                     const std::vector<SliceGeodesics>& geodesics);

}  // namespace nullcline::study
