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

/// Looks for a box around 0 that F takes into itself, from |x_i| <= radius on: coordinates that
/// leave it get 1.1 times, from the second attempt on twice the room. Such a box holds a fixed
/// point, an attractor, and all that starts in it.
///
/// Vanilla, UGRNN and GRU networks with tanh have that of radius 1; an LSTM one with c as large as
/// its forget gates want, if none of them is 1 to rounding in it; rate networks in both forms one
/// if f is bounded and the steps are Euler's: of the two stages of Heun's bounds see no relation.
/// Networks with ReLU have one only where their weights are small.
///
/// Throws std::invalid_argument unless radius > 0 and attempts > 0.
TrappingBox find_trapping_box(const Map& map, double radius = 1, Index attempts = 100);

}  // namespace nullcline::dynamics
