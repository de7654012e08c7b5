// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/arrays.hpp"

#include <pybind11/stl/filesystem.h>

#include "arrays_out.hpp"
#include "bindings.hpp"
#include "json.hpp"

namespace nullcline::python {
namespace {

py::array view(const Array& array, const py::handle& owner) {
  return std::visit(
      [&](const auto& entries) -> py::array {
        using Entry = typename std::remove_cvref_t<decltype(entries)>::value_type;
        return py::array_t<Entry>(array.shape, entries.data(), owner);
      },
      array.data);
}

py::dict arrays_of(const py::object& self) {
  py::dict arrays;
  for (const auto& [name, array] : self.cast<io::Dataset&>().arrays) {
    arrays[py::str(name)] = view(array, self);
  }
  return arrays;
}

io::Dataset read(const std::filesystem::path& path) {
  const py::gil_scoped_release released;
  return io::read_arrays(path);
}

void convert(const std::filesystem::path& source, const std::filesystem::path& target) {
  const py::gil_scoped_release released;
  io::write_arrays(target, io::read_arrays(source));
}

}  // namespace

void register_io(py::module_& m) {
  py::class_<io::Dataset>(m, "Dataset", "What a file holds: arrays by name, and everything else.")
      .def_property_readonly("arrays", arrays_of, "A dict of arrays by name.")
      .def_property_readonly(
          "attributes", [](const io::Dataset& self) { return to_python(self.attributes); },
          "A dict of what is not an array, from JSON.")
      .def("__repr__", [](const io::Dataset& self) {
        return "<nullcline.Dataset of " + std::to_string(self.arrays.size()) + " arrays>";
      });

  m.def("read", read, py::arg("path"),
        "Everything that a .h5 or .npz file holds: a network, a study's analysis, your data.");
  m.def("convert", convert, py::arg("source"), py::arg("target"),
        "Writes what `source` holds as `target`; the names say the formats, .h5 or .npz.");
}

}  // namespace nullcline::python
