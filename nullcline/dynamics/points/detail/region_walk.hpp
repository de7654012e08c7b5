// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nullcline/dynamics/detail/region_orbit.hpp"
#include "nullcline/dynamics/points/piecewise_linear_points.hpp"

namespace nullcline::dynamics::detail {

struct WalkedRegions {
  std::vector<RegionOrbit> points;  ///< Those on a border once.
  std::vector<FixedContinuum> continua;
  std::uint64_t singular = 0, singular_continua = 0, regions = 0;
};

/// The fixed points in the regions `first` .. `first + count` - 1 of the Gray code, K <= 30, by the
/// method told at all_piecewise_linear_points; no more than `max_continua` continua are listed.
/// Stops where `keep_going` says so.
WalkedRegions walk_regions(const PiecewiseLinearMap& map, std::uint64_t first, std::uint64_t count,
                           Index max_continua, const std::function<bool()>& keep_going);

/// Keeps `orbit` unless it is one of `kept` seen from another region.
void keep_distinct(RegionOrbit orbit, std::vector<RegionOrbit>& kept);

}  // namespace nullcline::dynamics::detail
