// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::connectivity::detail {

/// Exchanges items 0 .. n - 1 into a uniformly random order [Fisher & Yates 1938].
template <class Exchange>
void shuffle(Index n, RandomStream& stream, Exchange&& exchange) {
  for (Index i = n - 1; i > 0; --i) {
    const auto j = static_cast<Index>(stream.below(static_cast<std::uint64_t>(i) + 1));
    if (i != j) exchange(i, j);
  }
}

/// The entries of W (n, n), n >= 2, in random order; without the diagonal that one stays.
inline Matrix shuffled(In<Matrix> W, bool with_diagonal, RandomStream& stream) {
  Matrix result = W;
  const Index n = W.rows();
  // The k-th entry that is not on the diagonal, columns first.
  const auto entry = [&](Index k) -> double& {
    if (with_diagonal) return result.data()[k];
    const Index j = k / (n - 1), i = k % (n - 1);
    return result(i < j ? i : i + 1, j);
  };
  shuffle(with_diagonal ? n * n : n * (n - 1), stream,
          [&](Index a, Index b) { std::swap(entry(a), entry(b)); });
  return result;
}

}  // namespace nullcline::connectivity::detail
