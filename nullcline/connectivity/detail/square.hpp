// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <stdexcept>

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity::detail {

/// Throws std::invalid_argument, naming `function`, unless W is (n, n), n >= least, and finite.
inline void require_square(const char* function, In<Matrix> W, Index least) {
  if (W.rows() >= least && W.rows() == W.cols() && W.allFinite()) return;
  throw std::invalid_argument(fmt::format(
      "{}: the matrix is {} x {}{}, must be a finite n x n, n >= {}", function, W.rows(), W.cols(),
      W.allFinite() ? "" : " with entries that are not finite", least));
}

}  // namespace nullcline::connectivity::detail
