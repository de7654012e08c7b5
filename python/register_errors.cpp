// SPDX-License-Identifier: Apache-2.0
#include "bindings.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::python {
namespace {

PyObject* error_type = nullptr;  // lives as long as the process, as the module does

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const Error& error) {
    py::object raised = py::reinterpret_borrow<py::object>(error_type)(error.what());
    raised.attr("path") = error.path();
    raised.attr("field") = error.field();
    raised.attr("found") = error.found();
    raised.attr("expected") = error.expected();
    PyErr_SetObject(error_type, raised.ptr());
  }
}

}  // namespace

void register_errors(py::module_& m) {
  py::dict attributes;
  for (const char* name : {"path", "field", "found", "expected"}) attributes[name] = "";
  error_type = PyErr_NewExceptionWithDoc(
      "nullcline.Error",
      "Something that came from outside does not fit: a file, a study, an array, a setting.\n\n"
      "`path` is the file, `field` the part of it (or the argument), `found` what is there and\n"
      "`expected` what should be; each is '' where it does not apply.",
      PyExc_ValueError, attributes.ptr());
  if (error_type == nullptr) throw py::error_already_set();
  m.attr("Error") = py::reinterpret_borrow<py::object>(error_type);
  py::register_local_exception_translator(translate);
}

}  // namespace nullcline::python
