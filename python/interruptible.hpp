// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>

#include "bindings.hpp"

namespace nullcline::python {

/// Does `work` on a thread of its own, without the GIL, while the calling thread lets Python
/// handle its signals and calls `tick`, with the GIL, ten times a second. An exception in one of
/// these (KeyboardInterrupt, say) sets `stop`; it is rethrown once the work has ended.
///
/// The work itself may touch no Python object.
void run_interruptibly(const std::function<void(const std::atomic<bool>& stop)>& work,
                       const std::function<void()>& tick = {});

}  // namespace nullcline::python
