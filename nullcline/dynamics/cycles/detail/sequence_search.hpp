// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/detail/region_orbit.hpp"

namespace nullcline::dynamics::detail {

struct SequenceSearch {
  std::optional<RegionOrbit> orbit;
  std::uint64_t solved = 0;
};

/// From sequence to sequence until one holds its own solution, as told at
/// find_piecewise_linear_cycles.
SequenceSearch search_sequences(const PiecewiseLinearMap& map, RegionSequence regions,
                                Index max_moves);

/// Where attempt `attempt` begins.
struct SequenceStart {
  Index period, transient;
  const Matrix& starts;  // (n, S)
};
RegionSequence first_sequence(const PiecewiseLinearMap& map, const SequenceStart& from,
                              Index attempt, RandomStream random);

/// The sequences that differ from the orbit's in one unit at one time, the nearest kink first.
std::vector<RegionSequence> neighbors(const PiecewiseLinearMap& map, const RegionOrbit& orbit,
                                      Index at_most);

/// Whether the orbit has a smaller period, which divides its length.
bool has_smaller_period(const RegionOrbit& orbit);

/// The same orbit from its state `first` on.
RegionOrbit rotated(const RegionOrbit& orbit, Index first);

}  // namespace nullcline::dynamics::detail
