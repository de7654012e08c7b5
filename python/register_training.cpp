// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl/filesystem.h>

#include "bindings.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::python {
namespace {

cells::Network load(const std::filesystem::path& path, const std::string& prefix) {
  const py::gil_scoped_release released;
  return training::load_network(path, prefix);
}

void save(const std::filesystem::path& path, const cells::Network& network) {
  const py::gil_scoped_release released;
  training::save_network(path, network);
}

}  // namespace

void register_training(py::module_& m) {
  m.def("load", load, py::arg("path"), py::arg("prefix") = "parameters",
        "The network in a .h5 or .npz file. In a file that a study wrote, prefix='parameters' is\n"
        "the network after training and prefix='initial' the same before.");
  m.def("save", save, py::arg("path"), py::arg("network"),
        "Writes a network as .h5 or .npz, as a whole or not at all.");
}

}  // namespace nullcline::python
