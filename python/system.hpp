// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "bindings.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/piecewise_linear.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::python {

/// What nc.Map makes: a function of Python, one step of which takes dt seconds.
struct UserMap {
  std::shared_ptr<const Map> map;
  double dt = 1;
  bool of_python = true;
};

/// What nc.PiecewiseLinearMap makes, and Network.plrnn: a map of the library's own.
struct UserPiecewiseLinearMap : UserMap {
  UserPiecewiseLinearMap(PiecewiseLinearMap pieces, double seconds);
  const PiecewiseLinearMap& piecewise_linear() const {
    return static_cast<const PiecewiseLinearMap&>(*map);
  }
};

/// Does `work` without the GIL. A function of Python is called by the calling thread alone, and
/// raises KeyboardInterrupt itself; else `threads` threads work, and Ctrl-C asks them to stop.
using Work = std::function<void(Threads threads, const Progress& progress)>;
void run_work(bool of_python, int threads, const Work& work);

/// What the analyses of nc take: a network at a constant input, or a UserMap.
class System {
 public:
  /// `system` is a Network or a UserMap, which must outlive this; `input` is (n_in,) or None for
  /// zeros, and None for a UserMap.
  System(const py::object& system, const py::object& input);

  const Map& map() const { return *map_; }
  double dt() const { return dt_; }
  Index dim() const { return map_->dim(); }

  /// The network itself, its map under any input, and the input (n_in); null for a UserMap.
  const cells::Network* network() const { return network_; }
  const DrivenMap* driven() const { return driven_.get(); }
  const Vector& input() const { return input_; }

  /// The same, where it must be a network: else a TypeError that says that `what` needs one.
  const DrivenMap& need_driven(const char* what) const;

  /// The map as pieces; nullopt if it is not known to be piecewise linear.
  std::optional<PiecewiseLinearMap> piecewise_linear() const;
  PiecewiseLinearMap need_piecewise_linear(const char* what) const;

  /// Whether the map is a short step of an ODE: at most half a time constant.
  bool is_flow() const;

  void run(int threads, const Work& work) const { run_work(of_python_, threads, work); }

 private:
  std::unique_ptr<DrivenMap> driven_;
  std::unique_ptr<Map> frozen_;
  const cells::Network* network_ = nullptr;
  const Map* map_ = nullptr;
  Vector input_;
  double dt_ = 1;
  bool of_python_ = false;
};

/// States (K, n) of a system, or one (n,), as columns (n, K): a copy.
Matrix read_states(const py::object& object, const std::string& name, Index dim);

/// The same, of an object with an attribute `states`, such as nc.FixedPoints.
Matrix read_points(const py::object& object, const std::string& name, Index dim);

}  // namespace nullcline::python
