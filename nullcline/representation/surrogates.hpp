// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// Data that keep some of the statistics of a trial and have no other: what of a measurement needs
/// more than that, they do not show.
enum class Surrogate {
  /// Fourier phases of every unit drawn anew [Theiler et al. 1992]: each unit keeps its power
  /// spectrum and its mean, and has no relation to the others. Against it a predictive information
  /// says that units are predicted together better than each by itself.
  independent_phases,
  /// The same random phases added to all units [Prichard & Theiler 1994]: the whole cross-spectrum
  /// is kept, the process becomes Gaussian. Gaussian predictive information is a function of the
  /// cross-spectrum, so against it only what is not stationary (ends, transients) can show.
  common_phases,
  /// Time steps in random order, the same for all units: the covariance C(0) is kept, and nothing
  /// over time. Against it a predictive information says that there are dynamics at all.
  shuffled_time,
};
const char* name_of(Surrogate kind);

/// A surrogate of one trial X (n, T); `number` counts draws, of trials or of repetitions. A length
/// with a large prime factor p costs O(n T p).
Matrix surrogate(In<Matrix> X, Surrogate kind, std::uint64_t seed, std::uint64_t number = 0);

/// X with all units turned alike, by a random number of steps, along the circle that phases make of
/// a trial: cut open anywhere, as surrogates are. What a surrogate loses by that, X loses too.
Matrix turned(In<Matrix> X, std::uint64_t seed, std::uint64_t number = 0);

}  // namespace nullcline::representation
