// SPDX-License-Identifier: Apache-2.0
#include "interruptible.hpp"

#include <chrono>
#include <exception>
#include <future>

namespace nullcline::python {

void run_interruptibly(const std::function<void(const std::atomic<bool>& stop)>& work,
                       const std::function<void()>& tick) {
  using namespace std::chrono_literals;
  std::atomic<bool> stop = false;
  std::exception_ptr interruption;
  const py::gil_scoped_release released;
  std::future<void> done = std::async(std::launch::async, [&] { work(stop); });
  while (done.wait_for(100ms) != std::future_status::ready) {
    if (stop) continue;
    const py::gil_scoped_acquire acquired;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (tick) tick();
    } catch (...) {
      interruption = std::current_exception();
      stop = true;
    }
  }
  if (interruption) std::rethrow_exception(interruption);
  done.get();
}

}  // namespace nullcline::python
