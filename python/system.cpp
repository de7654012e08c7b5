// SPDX-License-Identifier: Apache-2.0
#include "system.hpp"

#include <cmath>

#include "arrays_in.hpp"
#include "interruptible.hpp"
#include "nullcline/cells/piecewise_linear.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::python {

UserPiecewiseLinearMap::UserPiecewiseLinearMap(PiecewiseLinearMap pieces, double seconds)
    : UserMap{std::make_shared<const PiecewiseLinearMap>(std::move(pieces)), seconds, false} {
  require(std::isfinite(seconds) && seconds > 0, "PiecewiseLinearMap: need dt > 0");
}

void run_work(bool of_python, int threads, const Work& work) {
  if (of_python) {
    const py::gil_scoped_release released;
    work(Threads{1}, {});
    return;
  }
  run_interruptibly([&](const std::atomic<bool>& stop) {
    work(Threads{threads}, [&](double) { return !stop; });
  });
}

System::System(const py::object& system, const py::object& input) {
  if (py::isinstance<UserMap>(system)) {
    if (!input.is_none()) throw Error("", "input", "an array", "None, as a Map has no input");
    const auto& user = system.cast<const UserMap&>();
    map_ = user.map.get();
    dt_ = user.dt;
    of_python_ = user.of_python;
    return;
  }
  if (!py::isinstance<cells::Network>(system)) {
    throw py::type_error("expected a nullcline.Network or a nullcline.Map, not " +
                         py::str(py::type::of(system)).cast<std::string>());
  }
  network_ = &system.cast<const cells::Network&>();
  driven_ = cells::driven_map(*network_);
  input_ = read_vector_or_zeros(input, "input", driven_->input_dim());
  frozen_ = std::make_unique<FrozenMap>(*driven_, input_);
  map_ = frozen_.get();
  dt_ = network_->dt();
}

const DrivenMap& System::need_driven(const char* what) const {
  if (!driven_) throw py::type_error(std::string(what) + " needs a nullcline.Network");
  return *driven_;
}

std::optional<PiecewiseLinearMap> System::piecewise_linear() const {
  if (network_ != nullptr) return cells::piecewise_linear(*network_, input_);
  const auto* pieces = dynamic_cast<const PiecewiseLinearMap*>(map_);
  return pieces == nullptr ? std::nullopt : std::optional(*pieces);
}

PiecewiseLinearMap System::need_piecewise_linear(const char* what) const {
  auto pieces = piecewise_linear();
  if (!pieces) {
    throw Error::because("", "net",
                         std::string(what) +
                             " needs a map known to be piecewise linear: one layer of 'vanilla', "
                             "or of 'leaky_rate' by Euler steps, with relu, leaky_relu or "
                             "identity, or a nullcline.PiecewiseLinearMap");
  }
  return *std::move(pieces);
}

bool System::is_flow() const {
  if (network_ == nullptr) return false;
  const auto& make_flow = cells::cell_kind(network_->cell).make_flow;
  return make_flow && make_flow(*network_) != nullptr &&
         2 * network_->dt() <= network_->settings.number("tau");
}

Matrix read_states(const py::object& object, const std::string& name, Index dim) {
  if (py::module_::import("numpy").attr("ndim")(object).cast<int>() == 1) {
    return columns(read_array(object, name, {{"n", dim}}));
  }
  return columns(read_array(object, name, {{"K"}, {"n", dim}}));
}

Matrix read_points(const py::object& object, const std::string& name, Index dim) {
  return read_states(py::hasattr(object, "states") ? object.attr("states") : object, name, dim);
}

}  // namespace nullcline::python
