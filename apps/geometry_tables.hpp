// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apps/manifold_input.hpp"
#include "nullcline/study/analyses/warp_extras.hpp"
#include "nullcline/study/analyses/warp_geodesics.hpp"

namespace nullcline::apps {

/// A manifold as the networks of some stages warp it.
struct WarpedManifold {
  Manifold manifold;
  std::vector<study::Warp> warps;                     ///< By stage.
  std::vector<study::WarpExtras> extras;              ///< The same.
  std::vector<study::SliceGeodesics> geodesics = {};  ///< The same; empty: none asked for.
};

/// The metric over time, its eigenvalues with the curvature, of two stages their distance, the
/// topology of slices, and a decision's indices: a row for each time of dt seconds a step, and each
/// of the `stages`, which are named where there are two.
std::string warp_tables(const WarpedManifold& found, const std::vector<std::string>& stages,
                        double dt);

}  // namespace nullcline::apps
