// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

namespace nullcline::apps {

/// One line at the bottom of a terminal on standard error, with the time that is left; it is gone
/// when the object is. Nothing at all where standard error is no terminal. Any thread may call it.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// At most ten times a second; other calls cost a look at the clock.
  void show(double fraction, const std::string& count, const std::string& now);

 private:
  using Clock = std::chrono::steady_clock;

  /// Seconds until fraction 1 at the rate of the last minute; negative if not known yet.
  double seconds_left(double fraction, Clock::time_point time);

  bool terminal_;
  std::mutex mutex_;
  Clock::time_point start_, last_;
  std::deque<std::pair<Clock::time_point, double>> history_;  // about one entry a second
};

/// What is shown: a bar, the percentage, the parts, the time left, cut to `width` columns.
std::string progress_text(double fraction, const std::string& count, const std::string& now,
                          double seconds_left, std::size_t width);

/// "45 s", "3 min 20 s", "2 h 05 min".
std::string duration_text(double seconds);

}  // namespace nullcline::apps
