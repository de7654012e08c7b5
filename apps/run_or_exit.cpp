// SPDX-License-Identifier: Apache-2.0
#include "apps/run_or_exit.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>

namespace nullcline::apps {

void run_or_exit(Watch& watch, const std::string& what,
                 const std::function<void(const Progress& progress)>& work) {
  using namespace std::chrono_literals;
  // Only this thread writes to the terminal, so that it can take the line away and leave.
  std::atomic<double> told = 0;
  std::future<void> done = std::async(std::launch::async, [&] {
    work([&](double fraction) {
      told = fraction;
      return !watch.interrupted();
    });
  });
  const Progress show = watch.progress(what);
  while (done.wait_for(50ms) != std::future_status::ready) {
    if (show(told)) continue;
    watch.finish();
    std::_Exit(watch.exit_code());
  }
  done.get();
}

}  // namespace nullcline::apps
