// SPDX-License-Identifier: Apache-2.0
#include "abandonable.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "bindings.hpp"

namespace nullcline::python {

void run_abandonably(std::function<void(const std::atomic<bool>& stop)> work) {
  using namespace std::chrono_literals;
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  std::packaged_task<void()> task([stop, work = std::move(work)] { work(*stop); });
  std::future<void> done = task.get_future();
  const py::gil_scoped_release released;
  std::thread(std::move(task)).detach();
  while (done.wait_for(100ms) != std::future_status::ready) {
    const py::gil_scoped_acquire acquired;
    if (PyErr_CheckSignals() == 0) continue;
    *stop = true;
    throw py::error_already_set();
  }
  done.get();
}

}  // namespace nullcline::python
