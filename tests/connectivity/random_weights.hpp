// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::connectivity::testing {

/// Entries N(0, 1).
inline Matrix random_weights(Index n, std::uint64_t seed) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_noise});
  Matrix W(n, n);
  for (double& weight : W.reshaped()) weight = stream.normal();
  return W;
}

}  // namespace nullcline::connectivity::testing
