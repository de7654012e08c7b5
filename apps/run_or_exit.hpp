// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "apps/watch.hpp"

namespace nullcline::apps {

/// Does `work` on a thread of its own, for calls that nothing can stop: Ctrl-C ends the process at
/// once, wherever the work is, with the exit code of `watch`. The work may have no file open; what
/// it tells its progress is shown.
void run_or_exit(Watch& watch, const std::string& what,
                 const std::function<void(const Progress& progress)>& work);

}  // namespace nullcline::apps
