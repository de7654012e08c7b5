// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <numbers>

#include "nullcline/core/types.hpp"

namespace nullcline::tasks {

// A ring of n units that codes an angle: unit i prefers 2 pi i / n, and has activity
//
//     g(d) = 0.8 exp(-d^2 / (2 w^2)),   w = pi / 8,
//
// for an angle at distance d on the circle (Yang et al. 2019).
constexpr double ring_height = 0.8, ring_width = std::numbers::pi / 8;

/// rad, preferred by unit i.
inline double ring_preference(Index i, Index n) {
  return 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
}

/// rad, in [-pi, pi], of an angle from the one that unit i prefers.
inline double ring_distance(double angle, Index i, Index n) {
  return std::remainder(angle - ring_preference(i, n), 2 * std::numbers::pi);
}

inline double ring_activity(double distance) {
  return ring_height * std::exp(-distance * distance / (2 * ring_width * ring_width));
}

/// rad, direction of the population vector, sum_i z_i (cos p_i, sin p_i).
inline double ring_direction(In<Vector> z) {
  double x = 0, y = 0;
  for (Index i = 0; i < z.size(); ++i) {
    x += z(i) * std::cos(ring_preference(i, z.size()));
    y += z(i) * std::sin(ring_preference(i, z.size()));
  }
  return std::atan2(y, x);
}

}  // namespace nullcline::tasks
