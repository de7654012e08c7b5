// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/parallel.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>

#include "nullcline/core/errors.hpp"

namespace nullcline {

int thread_count(Threads threads) {
  require(threads.count >= 0, "Threads: count must not be negative");
  if (threads.count > 0) return threads.count;
  return std::max(1, tbb::info::default_concurrency());
}

void parallel_for(Index n, Threads threads, const std::function<void(Index)>& body) {
  require(n >= 0, "parallel_for: n must not be negative");
  // What TBB has for the whole process, by default the number of cores: it warns on stderr when
  // asked for more.
  const auto available = static_cast<Index>(
      tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism));
  const int workers =
      static_cast<int>(std::min({static_cast<Index>(thread_count(threads)), available, n}));
  if (workers <= 1) {
    for (Index i = 0; i < n; ++i) body(i);
    return;
  }

  // Items differ a thousandfold in length, so each worker fetches one at a time, in order. The
  // store here and the load at the end change nothing, for TBB orders the bodies after what
  // precedes this call and before what follows it; they show it to ThreadSanitizer, which cannot
  // look into TBB.
  std::atomic<Index> next;
  next.store(0, std::memory_order_release);
  const auto work = [&](int) {
    try {
      for (Index i = next++; i < n; i = next++) body(i);
    } catch (...) {
      next = n;  // Start no more items; TBB rethrows to the caller.
      throw;
    }
  };
  // In an arena of its own a call nests safely: the thread that waits for this loop is given
  // work of no other.
  tbb::task_arena arena(workers);
  arena.execute([&] { tbb::parallel_for(0, workers, work, tbb::simple_partitioner()); });
  static_cast<void>(next.load(std::memory_order_acquire));
}

}  // namespace nullcline
