// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "nullcline/core/types.hpp"

namespace nullcline::training::detail {

template <class Real>
using Entries = Eigen::Map<Eigen::Array<Real, Eigen::Dynamic, 1>>;
template <class Real>
using ConstEntries = Eigen::Map<const Eigen::Array<Real, Eigen::Dynamic, 1>>;

/// Calls f(first, count) over blocks of 0 .. size - 1 which stay in the first cache for all that f
/// does with them: a rule of several vector statements then passes over memory once.
template <class F>
void for_blocks(Index size, F&& f) {
  constexpr Index longest = 1024;
  for (Index first = 0; first < size; first += longest) f(first, std::min(longest, size - first));
}

}  // namespace nullcline::training::detail
