// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analyses/warp_settings.hpp"
#include "nullcline/study/analyses/warp_summary.hpp"

namespace nullcline::study {

/// Puts `prefix`summary/NAME (S, 3, r) of all quantities, the 3 being 5 %, 50 % and 95 % over the
/// grid, and `prefix`curvature_total (S).
void put_summary(io::Dataset& result, const std::string& prefix, const Warp& warp,
                 In<Vector> weights);
/// The same of how far the metric of the trained network is from that of the untrained one.
void put_distances(io::Dataset& result, const std::string& prefix, const Warp& trained,
                   const Warp& untrained);

}  // namespace nullcline::study
