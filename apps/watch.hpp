// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "apps/interrupt.hpp"
#include "apps/progress_line.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::apps {

/// Long work of a command: a line of progress on a terminal, and Ctrl-C, which ends it. One at a
/// time, and it must outlive the callbacks that it gives.
class Watch {
 public:
  Watch() : line_(std::in_place) {}

  /// Shows what is being done, from `first` to `last` of the whole.
  Progress progress(std::string now, double first = 0, double last = 1);

  bool interrupted() const { return interrupt_.requested(); }

  /// Takes the line away; returns whether the work came to its end. If not, says so.
  bool finish();
  int exit_code() const { return interrupt_.exit_code(); }

 private:
  Interrupt interrupt_;
  std::optional<ProgressLine> line_;
};

}  // namespace nullcline::apps
