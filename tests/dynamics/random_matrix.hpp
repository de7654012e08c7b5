// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::dynamics {

/// Entries N(0, sd^2), of the stream with this seed.
inline Matrix random_matrix(Index rows, Index cols, double sd, std::uint64_t seed) {
  Matrix A(rows, cols);
  RandomStream random({seed, 0, Purpose::trials, 0});
  random.fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())), sd);
  return A;
}

}  // namespace nullcline::dynamics
