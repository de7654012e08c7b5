// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

/// The Python module: a register_<module>.cpp for each module of the library, which puts its
/// functions and results into `m`. Calls are coarse and have no logic of their own.
namespace nullcline::python {

namespace py = pybind11;

void register_errors(py::module_& m);
void register_io(py::module_& m);
void register_cells(py::module_& m);
void register_training(py::module_& m);
void register_tasks(py::module_& m);
void register_dynamics(py::module_& m);
void register_representation(py::module_& m);
void register_connectivity(py::module_& m);
void register_study(py::module_& m);

}  // namespace nullcline::python
