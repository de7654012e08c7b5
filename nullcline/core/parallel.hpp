// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// How many threads a call may use; a type, so that no function takes a bare int for it.
struct Threads {
  int count = 1;  ///< >= 1; 0 means all cores, and more than there are cores means no more.
};

/// Calls body(i) for i = 0 .. n - 1, each exactly once, on at most `threads` threads (oneTBB).
/// Items are handed out one at a time, in order; calls may nest. When a body throws, no new items
/// start and one of the exceptions is rethrown. Bodies must not share mutable state; then the
/// result does not depend on `threads`.
void parallel_for(Index n, Threads threads, const std::function<void(Index)>& body);

/// The number that `threads` stands for on this machine.
int thread_count(Threads threads);

}  // namespace nullcline
