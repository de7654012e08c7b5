// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

/// The Python module: a register_<theme>.cpp for each module of the library, and of `dynamics` for
/// each of its themes, which puts functions and results into `m`. Calls are coarse and have no
/// logic of their own.
namespace nullcline::python {

namespace py = pybind11;

void register_errors(py::module_& m);
void register_io(py::module_& m);
void register_cells(py::module_& m);
void register_training(py::module_& m);
void register_tasks(py::module_& m);
void register_maps(py::module_& m);
void register_fixed_points(py::module_& m);
void register_geometry(py::module_& m);
void register_slow_points(py::module_& m);
void register_lyapunov(py::module_& m);
void register_cycles(py::module_& m);
void register_limit_cycles(py::module_& m);
void register_connections(py::module_& m);
void register_basins(py::module_& m);
void register_continuation(py::module_& m);
void register_modes(py::module_& m);
void register_line_attractor(py::module_& m);
void register_reversibility(py::module_& m);
void register_recordings(py::module_& m);
void register_representation(py::module_& m);
void register_shape(py::module_& m);
void register_dsa(py::module_& m);
void register_homology(py::module_& m);
void register_similarity(py::module_& m);
void register_methods(py::module_& m);
void register_connectivity(py::module_& m);
void register_weight_structure(py::module_& m);
void register_study(py::module_& m);

}  // namespace nullcline::python
