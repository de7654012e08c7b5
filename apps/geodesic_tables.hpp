// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/study/analyses/warp_geodesics.hpp"

namespace nullcline::apps {

/// A row for each time of dt seconds a step, stage (named where there are two) and geodesic:
/// between points, the shortest found and how much shorter it is than the straight line in kappa;
/// in a direction, where it ends; and how good distances over the grid are. Empty where none was
/// asked for.
std::string geodesic_tables(const std::vector<study::SliceGeodesics>& by_stage,
                            const std::vector<std::string>& stages, double dt);

/// Whether at the last time all geodesics that were asked for were found.
bool found_all(const study::SliceGeodesics& geodesics);

}  // namespace nullcline::apps
