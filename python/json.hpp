// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings.hpp"
#include "nullcline/io/json.hpp"

namespace nullcline::python {

/// A JSON document as dicts, lists, numbers and texts; infinities and NaN are None.
inline py::object to_python(const io::Json& json) {
  return py::module_::import("json").attr("loads")(io::format_json(json));
}

/// And back, from dicts, lists, numbers and texts of Python.
inline io::Json from_python(const py::handle& object, const std::string& field) {
  const py::object text = py::module_::import("json").attr("dumps")(object);
  return io::parse_json(text.cast<std::string>(), "", field);
}

}  // namespace nullcline::python
