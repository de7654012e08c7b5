// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/geometry/manifolds/driven_slice.hpp"
#include "nullcline/geometry/manifolds/grid.hpp"

namespace nullcline::python {

/// The parts of register_geometry beside the pullback metric.
void register_manifolds(py::module_& m);
void register_geodesics(py::module_& m);
void register_immersion(py::module_& m);

/// What nc.InputFunctions makes: u(t; kappa) by a function of Python, or of a task.
struct UserInputs {
  geometry::InputFunctions functions;
  bool of_python = true;
};

/// What nc.Manifold makes, with the network's map that it refers to, if any.
struct UserManifold {
  std::shared_ptr<const geometry::ImmersedManifold> manifold;
  bool of_python = false;
  std::shared_ptr<const DrivenMap> map = {};
};

/// u (K, T, n_in), du (K, m, T, n_in) and, unless None, d2u (K, m (m + 1) / 2, T, n_in) or
/// (K, m, m, T, n_in), in the order of the library.
geometry::ManifoldInputs read_manifold(const py::object& inputs, const py::object& tangents,
                                       const py::object& second);

/// A list of (lowest, highest) or (lowest, highest, periodic).
geometry::Domain read_domain(const py::object& object);

/// The nodes of a grid over it, equally far apart or Chebyshev's.
geometry::Grid read_grid(const py::object& domain, const std::vector<Index>& counts,
                         bool chebyshev);

/// Columns (rows, N_1 .. N_k) as an array (N_1, .., N_k, rows), a copy; without the last dimension
/// if it is a vector.
inline py::array shaped(const Matrix& values, std::vector<py::ssize_t> shape) {
  shape.push_back(values.rows());
  return py::array_t<double>(shape, values.data());
}
inline py::array shaped(const Vector& values, const std::vector<py::ssize_t>& shape) {
  return py::array_t<double>(shape, values.data());
}

}  // namespace nullcline::python
