// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>

#include "nullcline/study/run.hpp"

namespace nullcline::study::detail {

/// Adds up the work of all threads and asks the caller whether to go on.
class Meter {
 public:
  Meter(const RunOptions& options, double total, Index networks)
      : options_(options), total_(std::max(total, 1.0)) {
    progress_.networks = networks;
  }

  /// false once the caller asked to stop.
  bool add(double cost, const std::string& now) {
    const std::lock_guard lock(mutex_);
    done_ += cost;
    progress_.now = now;
    return report();
  }

  void network_done() {
    const std::lock_guard lock(mutex_);
    ++progress_.networks_done;
    report();
  }

  bool cancelled() const { return cancelled_; }

 private:
  bool report() {
    progress_.fraction = std::min(1.0, done_ / total_);
    if (options_.progress && !options_.progress(progress_)) cancelled_ = true;
    return !cancelled_;
  }

  const RunOptions& options_;
  double total_, done_ = 0;
  RunProgress progress_;
  std::mutex mutex_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace nullcline::study::detail
