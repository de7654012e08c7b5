// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/network.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::study {

/// Where the networks of a population start, beyond what their cell draws; all defaults: nowhere
/// else. With W the parameter "recurrent", in this order:
///
///     from             network k starts with the trained `parameters` of network k of this
///                      population, which stands earlier in the study
///     shuffled         their entries, those that are exactly 0 aside, in a random order: the same
///                      weights without what they were arranged for
///     slow_directions  W + lambda Q Q', Q (n, slow_directions) random and orthonormal, lambda =
///                      slow_eigenvalue: dx/dt = -x + W x is slow along Q where lambda is near 1.
///                      A diagonal that the cell keeps at zero (self_connections = false) stays so
Schema initial_schema();

/// The start of a network: drawn by its cell from the stream (seed, stream), then changed as
/// `population.initial` says. `source` is the trained network that it starts from, null unless
/// `from` is set. Throws Error (field: initial.NAME) where a parameter is not there or of another
/// shape, or the cell has no W that may be added to.
cells::Network initial_network(const Population& population, const cells::Network* source,
                               std::uint64_t seed, std::uint64_t stream);

}  // namespace nullcline::study
