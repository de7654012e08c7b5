// SPDX-License-Identifier: Apache-2.0
#include "bindings.hpp"
#include "nullcline/core/version.hpp"

PYBIND11_MODULE(_nullcline, m) {
  m.doc() = "The compiled part of nullcline; import nullcline instead.";
  m.attr("__version__") = nullcline::version();
  nullcline::python::register_errors(m);
  nullcline::python::register_io(m);
  nullcline::python::register_cells(m);
  nullcline::python::register_training(m);
  nullcline::python::register_tasks(m);
  nullcline::python::register_maps(m);
  nullcline::python::register_fixed_points(m);
  nullcline::python::register_geometry(m);
  nullcline::python::register_slow_points(m);
  nullcline::python::register_lyapunov(m);
  nullcline::python::register_cycles(m);
  nullcline::python::register_limit_cycles(m);
  nullcline::python::register_connections(m);
  nullcline::python::register_basins(m);
  nullcline::python::register_continuation(m);
  nullcline::python::register_modes(m);
  nullcline::python::register_line_attractor(m);
  nullcline::python::register_reversibility(m);
  nullcline::python::register_recordings(m);
  nullcline::python::register_representation(m);
  nullcline::python::register_shape(m);
  nullcline::python::register_dsa(m);
  nullcline::python::register_homology(m);
  nullcline::python::register_similarity(m);
  nullcline::python::register_methods(m);
  nullcline::python::register_connectivity(m);
  nullcline::python::register_weight_structure(m);
  nullcline::python::register_study(m);
}
