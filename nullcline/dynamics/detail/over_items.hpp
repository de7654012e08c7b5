// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::dynamics::detail {

/// Asked from inside a long item: false once the progress callback has asked to stop.
class Cancellation {
 public:
  bool keep_going() const { return !cancelled_.load(std::memory_order_relaxed); }
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_ = false;
};

/// body(i) for i = 0 .. n - 1 in parallel; `progress` is called after each item, by one thread at
/// a time and with a growing fraction. After it returns false the remaining items are skipped.
/// False if any was cancelled.
inline bool over_items(Index n, Threads threads, const Progress& progress,
                       Cancellation& cancellation, const std::function<void(Index)>& body) {
  std::mutex mutex;
  Index done = 0;
  parallel_for(n, threads, [&](Index i) {
    if (!cancellation.keep_going()) return;
    body(i);
    if (!progress) return;
    const std::lock_guard lock(mutex);
    ++done;
    if (cancellation.keep_going() &&
        !progress(static_cast<double>(done) / static_cast<double>(n)) && done < n) {
      cancellation.cancel();
    }
  });
  return cancellation.keep_going();
}

inline bool over_items(Index n, Threads threads, const Progress& progress,
                       const std::function<void(Index)>& body) {
  Cancellation cancellation;
  return over_items(n, threads, progress, cancellation, body);
}

}  // namespace nullcline::dynamics::detail
