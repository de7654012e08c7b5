// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics {

enum class TrappingStatus {
  proven,        ///< F takes the box into itself.
  not_found,     ///< No box that was tried; there may be one.
  no_enclosure,  ///< The map gives no bounds, see Map::enclose.
};

const char* name_of(TrappingStatus status);  ///< "proven", ...

struct TrappingBox {
  TrappingStatus status = TrappingStatus::not_found;
  Box box;  ///< (n) The last one tried.
};

/// Whether F(X) is proven to lie in the box X (n); nullopt without bounds.
std::optional<bool> maps_into_itself(const Map& map, const Box& box);

/// Looks for a box around 0 that F takes into itself, from |x_i| <= radius on: coordinates
/// that leave it get 1.1 times, from the second attempt on twice the room. Such a box holds a fixed
/// point, an attractor, and all that starts in it.
///
/// Networks of saturating or gated units have one (c of an LSTM as large as its forget gate wants),
/// rate networks in both forms with bounded f and Euler steps too; networks with ReLU only where
/// their weights are small. It goes unproven where the weights are so large that a gate is 1 to
/// rounding somewhere in the box, and for Heun steps, whose two stages bounds cannot relate.
///
/// Throws std::invalid_argument unless radius > 0 and attempts > 0.
TrappingBox find_trapping_box(const Map& map, double radius = 1, Index attempts = 100);

}  // namespace nullcline::dynamics
