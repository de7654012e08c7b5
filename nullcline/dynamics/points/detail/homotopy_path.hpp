// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/piecewise_linear.hpp"

namespace nullcline::dynamics::detail {

struct HomotopyPath {
  std::vector<Region> zeros;  ///< Regions where the path meets mu = 0: they hold a fixed point.
  Index crossings = 0;        ///< Regions gone through.
};

/// Follows G(x) = mu G(start), G = F - 1, from mu = 1 down (`direction` -1) or up (1), from region
/// to region [Katzenelson 1965, "An algorithm for solving nonlinear resistor networks"]. In a
/// region dx/dmu = (J - I)^-1 G(start) is constant; at the first kink the unit is flipped, by a
/// rank-one update in O(n^2 + n K), and mu goes on in the sense that leads into the new region. The
/// path does not end at a zero: it goes on, through mu < 0, to further ones, until it runs to
/// infinity, closes, meets a singular region, or has crossed `max_crossings` kinks.
HomotopyPath follow_homotopy(const PiecewiseLinearMap& map, In<Vector> start, int direction,
                             Index max_crossings);

}  // namespace nullcline::dynamics::detail
