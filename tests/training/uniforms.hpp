// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::training {

/// Entries uniform in (-1, 1); the same for the same `which`, whatever ran before.
inline Matrix uniforms(Index rows, Index cols, std::uint64_t which = 0) {
  RandomStream stream({5, 6, Purpose::trials, which});
  return Matrix::NullaryExpr(rows, cols, [&] { return 2 * stream.uniform() - 1; });
}

}  // namespace nullcline::training
