// SPDX-License-Identifier: Apache-2.0
#include "system.hpp"

#include "arrays_in.hpp"
#include "interruptible.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::python {

System::System(const py::object& system, const py::object& input) {
  if (py::isinstance<UserMap>(system)) {
    if (!input.is_none()) throw Error("", "input", "an array", "None, as a Map has no input");
    const auto& user = system.cast<const UserMap&>();
    map_ = &user.map;
    dt_ = user.dt;
    return;
  }
  if (!py::isinstance<cells::Network>(system)) {
    throw py::type_error("expected a nullcline.Network or a nullcline.Map, not " +
                         py::str(py::type::of(system)).cast<std::string>());
  }
  const auto& network = system.cast<const cells::Network&>();
  driven_ = cells::driven_map(network);
  frozen_ = std::make_unique<FrozenMap>(*driven_,
                                        read_vector_or_zeros(input, "input", driven_->input_dim()));
  map_ = frozen_.get();
  dt_ = network.dt();
}

void System::run(int threads, const Work& work) const {
  if (!driven_) {
    const py::gil_scoped_release released;
    work(Threads{1}, {});
    return;
  }
  run_interruptibly([&](const std::atomic<bool>& stop) {
    work(Threads{threads}, [&](double) { return !stop; });
  });
}

}  // namespace nullcline::python
