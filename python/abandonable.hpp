// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>

namespace nullcline::python {

/// As run_interruptibly, for work that cannot look at `stop` for long: an exception of a signal
/// handler is thrown at once, and the work goes on by itself until it looks. It must own all that
/// it touches.
void run_abandonably(std::function<void(const std::atomic<bool>& stop)> work);

}  // namespace nullcline::python
