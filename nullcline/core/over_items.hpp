// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline {

/// Asked from inside a long item: false once the progress callback has asked to stop.
class Cancellation {
 public:
  bool keep_going() const { return !cancelled_.load(std::memory_order_relaxed); }
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_ = false;
};

/// Counts n items as they are done, in any thread: `progress` is called after each, by one thread
/// at a time and with a growing fraction, until it asks to stop.
class ItemCounter {
 public:
  ItemCounter(Index n, const Progress& progress, Cancellation& cancellation)
      : n_(n), progress_(progress), cancellation_(cancellation) {}

  void one_done() {
    if (!progress_) return;
    const std::lock_guard lock(mutex_);
    ++done_;
    if (cancellation_.keep_going() &&
        !progress_(static_cast<double>(done_) / static_cast<double>(n_)) && done_ < n_) {
      cancellation_.cancel();
    }
  }

 private:
  Index n_, done_ = 0;
  const Progress& progress_;
  Cancellation& cancellation_;
  std::mutex mutex_;
};

/// body(i) for i = 0 .. n - 1 in parallel, counted. After `progress` returns false the remaining
/// items are skipped. False if any was cancelled.
inline bool over_items(Index n, Threads threads, const Progress& progress,
                       Cancellation& cancellation, const std::function<void(Index)>& body) {
  ItemCounter counter(n, progress, cancellation);
  parallel_for(n, threads, [&](Index i) {
    if (!cancellation.keep_going()) return;
    body(i);
    counter.one_done();
  });
  return cancellation.keep_going();
}

inline bool over_items(Index n, Threads threads, const Progress& progress,
                       const std::function<void(Index)>& body) {
  Cancellation cancellation;
  return over_items(n, threads, progress, cancellation, body);
}

}  // namespace nullcline
