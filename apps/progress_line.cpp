// SPDX-License-Identifier: Apache-2.0
#include "apps/progress_line.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace nullcline::apps {
namespace {

using namespace std::chrono_literals;

constexpr auto between_updates = 100ms;
constexpr auto window = 60s;   // that the rate is measured over
constexpr auto settling = 2s;  // in which a resumed run passes what was there already
constexpr int bar_width = 20;

bool is_terminal() {
  const char* type = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && type != nullptr && std::string_view(type) != "dumb";
}

std::size_t terminal_width() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto total = static_cast<long>(std::lround(seconds));
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} h {:02} min", total / 3600, total % 3600 / 60);
}

std::string progress_text(double fraction, const std::string& count, const std::string& now,
                          double seconds_left, std::size_t width) {
  const auto filled = static_cast<std::size_t>(std::clamp(fraction, 0.0, 1.0) * bar_width);
  const std::string bar =
      fmt::format("[{}{}] ", std::string(filled, '#'), std::string(bar_width - filled, '.'));
  std::string text = fmt::format("{:3.0f}%", std::floor(100 * fraction));
  if (seconds_left >= 0) text += "  " + duration_text(seconds_left) + " left";
  if (!count.empty()) text += "  " + count;
  const std::size_t whole = bar.size() + text.size() + 2 + now.size();
  if (!now.empty()) text += "  " + now;
  if (whole <= width) return bar + text;
  return text.substr(0, width);
}

ProgressLine::ProgressLine() : terminal_(is_terminal()), start_(Clock::now()) {}

ProgressLine::~ProgressLine() {
  if (terminal_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::show(double fraction, const std::string& count, const std::string& now) {
  if (!terminal_) return;
  const std::lock_guard lock(mutex_);
  const auto time = Clock::now();
  if (time - last_ < between_updates) return;
  last_ = time;
  const std::size_t width = terminal_width();
  const std::string line = progress_text(fraction, count, now, seconds_left(fraction, time),
                                         width > 1 ? width - 1 : width);
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
}

double ProgressLine::seconds_left(double fraction, Clock::time_point time) {
  if (time - start_ < settling) return -1;
  if (history_.empty() || time - history_.back().first >= 1s) history_.emplace_back(time, fraction);
  while (time - history_.front().first > window && history_.size() > 2) history_.pop_front();
  const auto& [since, before] = history_.front();
  const double elapsed = std::chrono::duration<double>(time - since).count();
  if (elapsed < 1 || fraction <= before) return -1;
  return (1 - fraction) * elapsed / (fraction - before);
}

}  // namespace nullcline::apps
