// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics::detail {

/// The largest distance from x of the next `steps` states; infinite if one is not finite.
/// `keep_going` is asked now and then.
double orbit_diameter(const Map& map, In<Vector> x, Index steps,
                      const std::function<bool()>& keep_going);

/// How near to x the orbit comes again after it was half a diameter away, relative to the largest
/// distance until then: 1 for a drift, which never turns back, or for an orbit that was never away.
double closest_return(const Map& map, In<Vector> x, double diameter, Index steps,
                      const std::function<bool()>& keep_going);

struct Return {
  double steps = 0;     ///< p
  double distance = 0;  ///< |F^p(x) - x|
};

/// The first p <= longest with |F^p(x) - x| <= nearness and |F^2p(x) - x| <= 2 nearness, after the
/// orbit has been 100 times as far away.
std::optional<Return> first_return(const Map& map, In<Vector> x, double nearness, Index longest,
                                   const std::function<bool()>& keep_going);

/// The same for a step of a flow, between steps: where the orbit crosses the plane through x normal
/// to F(x) - x in that direction, by the polynomial through the eight states
/// around. Its error, taken as the difference to that through six, is allowed for, up to 100 times
/// nearness.
std::optional<Return> first_crossing(const Map& map, In<Vector> x, double nearness, Index longest,
                                     const std::function<bool()>& keep_going);

}  // namespace nullcline::dynamics::detail
