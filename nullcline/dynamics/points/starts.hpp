// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics {

struct StartOptions {
  Index states = 64;    ///< >= 0; distinct states of the trajectories, drawn at random.
  Index mixes = 128;    ///< >= 0; w a + (1 - w) b of two random states a, b, w uniform in (0, 1).
  Index noisy = 64;     ///< >= 0; such mixes with Gaussian noise added to each coordinate.
  Index boxed = 0;      ///< >= 0; uniform in the box |x_i| <= box.
  double box = 0;       ///< >= 0; its half-width, 0: the largest |x_i| of the states.
  double noise = 0.25;  ///< >= 0; its standard deviation, relative to the root mean square over
                        ///< the coordinates of the standard deviation of the states.
  Index first = 0;      ///< >= 0; start j of a block is the (first + j)-th of its stream.
  std::uint64_t seed = 0;     ///< Of the study.
  std::uint64_t network = 0;  ///< Of the network in it.
};

/// Starts for a search for fixed points, from states (n, S), S > 0, that trajectories went
/// through: (n, states + mixes + noisy + boxed), in this order. With fewer than `states` states all
/// of them are taken, so that the first block has min(states, S) columns.
///
/// States on trajectories alone find few saddles: on a GRU with 27 fixed points, 1024 states with
/// little noise led to 12 to 22 of them, convex mixes to all. The noisy ones leave the convex hull.
///
/// Start j of a block is the same however many there are of any (streams of
/// Purpose::analysis_starts). Throws std::invalid_argument on an option out of range, no states,
/// or states that are not finite.
Matrix draw_starts(In<Matrix> states, const StartOptions& options = {});

/// Starts of another law, about known roots (n, P), P > 0, whatever trajectories do: (n, count),
///
///     x = a + w (b - a) + s z,
///
/// a and b two of the roots, w uniform in (-1/2, 3/2), beyond both, z normal in R^n, and s the
/// spread of the states (n, S), S > 0, a coordinate, times 2^u, u uniform in (-4, 1). Start j is
/// the same for any count (`first`, `seed` and `network` of the options). Throws as draw_starts.
Matrix draw_starts_about(In<Matrix> roots, In<Matrix> states, Index count,
                         const StartOptions& options = {});

}  // namespace nullcline::dynamics
