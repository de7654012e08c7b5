// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/dynamics/orbits/settle.hpp"

namespace nullcline::dynamics {

/// An interval for a probability.
struct ConfidenceInterval {
  double low = 0, high = 1;
};

/// The interval of Clopper and Pearson (1934) for the probability of an event seen `hits` times in
/// `trials` independent trials: with a = (1 - confidence) / 2,
///
///     P(X >= hits | p = low) = a,   P(X <= hits | p = high) = a,   X binomial;
///
/// low = 0 for no hit, high = 1 for all. It covers p in at least `confidence` of all experiments,
/// whatever p and the number of trials; mostly in more. No trials: (0, 1). Throws
/// std::invalid_argument unless 0 <= hits <= trials and 0 < confidence < 1.
ConfidenceInterval clopper_pearson(Index hits, Index trials, double confidence = 0.95);

/// Starts uniform in the box low <= x < high: (n, count), column b the same for any count (streams
/// of Purpose::connections). Throws std::invalid_argument on a wrong size or an empty box.
Matrix box_starts(In<Vector> low, In<Vector> high, Index count, std::uint64_t seed = 0,
                  std::uint64_t network = 0);

struct BasinOptions {
  double confidence = 0.95;  ///< In (0, 1), of each interval by itself.
  SettleOptions settle = {};
};

/// What part of the starts goes where.
struct BasinShare {
  Index orbits = 0;
  double fraction = 0;          ///< Of the orbits that were not cancelled.
  ConfidenceInterval interval;  ///< For the probability of the start distribution.
};

struct Basins {
  std::vector<BasinShare>
      landmarks;  ///< Of points, cycles, new points, new cycles, as in settle.hpp.
  BasinShare escaped, undecided, not_finite;
  Index cancelled = 0;  ///< Orbits; the shares are those of the others, which are not a random
                        ///< sample then: quick orbits end first.
  Settled orbits;       ///< Each start's end, and the attractors that were not given.
};

/// The probabilities of the basins of attraction under the distribution from which the columns of
/// starts (n, B) were drawn independently: the fractions of orbits that end at each landmark, with
/// Clopper-Pearson intervals. Attractors that were not given are counted apart, after those that
/// were. Cost: one column of the map a step and orbit until it ends (settle.hpp).
///
/// Same result for any number of threads. Throws std::invalid_argument on a wrong size or option.
Basins sample_basins(const Map& map, In<Matrix> starts, const Landmarks& landmarks,
                     const BasinOptions& options = {});

}  // namespace nullcline::dynamics
