// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "bindings.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "python_map.hpp"

namespace nullcline::python {

/// What nc.Map makes: a function of Python, one step of which takes dt seconds.
struct UserMap {
  PythonMap map;
  double dt;
};

/// What the analyses of nc take: a network at a constant input, or a UserMap.
class System {
 public:
  /// `system` is a Network or a UserMap, which must outlive this; `input` is (n_in,) or None for
  /// zeros, and None for a UserMap.
  System(const py::object& system, const py::object& input);

  const Map& map() const { return *map_; }
  double dt() const { return dt_; }

  /// Does `work` without the GIL, on `threads` threads; Ctrl-C stops it. A function of Python is
  /// called by the calling thread alone.
  using Work = std::function<void(Threads threads, const Progress& progress)>;
  void run(int threads, const Work& work) const;

 private:
  std::unique_ptr<DrivenMap> driven_;
  std::unique_ptr<Map> frozen_;
  const Map* map_ = nullptr;
  double dt_ = 1;
};

}  // namespace nullcline::python
