// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/numpy.h>

#include <string>
#include <vector>

#include "bindings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::python {

/// The parts of register_geometry that look at tangents: comparison and alignment; and, called by
/// it, learning, adjoints and time as a coordinate, and the metric of a population.
void register_warp(py::module_& m);
void register_learning(py::module_& m);
void register_population(py::module_& m);
void register_ellipse(py::module_& m);

using Shape = std::vector<py::ssize_t>;

/// Arrays (K, S, m, n) of vectors at points and steps, in the library's order: column
/// (s K + k) m + i.
struct Tangents {
  Index points, steps, dim;
  Matrix values;
};
Tangents read_tangents(const py::handle& object, const std::string& name);

/// Columns step by step as (K, S, ...): a copy. Each of the K S parts has values.size() / (K S)
/// numbers.
py::array points_first(In<Matrix> values, Index K, Index S, Shape shape);

}  // namespace nullcline::python
