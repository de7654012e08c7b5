// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "nullcline/geometry/comparison.hpp"
#include "nullcline/geometry/neuron_ellipse.hpp"
#include "warp.hpp"

namespace nullcline::python {
namespace {

using geometry::NeuronEllipse;

Vector vector_from(const py::object& object, const std::string& name) {
  return columns(read_array(object, name, {{"size"}})).reshaped();
}

NeuronEllipse neuron_ellipse(const py::object& a, const py::object& b, double sigmas) {
  return geometry::neuron_ellipse(vector_from(a, "a"), vector_from(b, "b"), sigmas);
}

Index settling_step(const py::object& course, double fraction) {
  return geometry::settling_step(vector_from(course, "course"), fraction);
}

}  // namespace

void register_ellipse(py::module_& m) {
  py::class_<NeuronEllipse>(m, "NeuronEllipse", "Neurons in the plane of two tangents.")
      .def_property_readonly("points", rows_of(&NeuronEllipse::points), "(n, 2), scaled.")
      .def_property_readonly("second_moment", matrix_of(&NeuronEllipse::second_moment),
                             "(2, 2), G / n of the scaled tangents: 1 and their cosine.")
      .def_property_readonly("mean", vector_of(&NeuronEllipse::mean), "(2,)")
      .def_property_readonly("covariance", matrix_of(&NeuronEllipse::covariance), "(2, 2)")
      .def_property_readonly("axes", vector_of(&NeuronEllipse::axes),
                             "(2,) `sigmas` standard deviations, descending.")
      .def_readonly("angle", &NeuronEllipse::angle, "Of the first axis, radians.");
  m.def("neuron_ellipse", &neuron_ellipse, py::arg("a"), py::arg("b"), py::kw_only(),
        py::arg("sigmas") = 2.0,
        "Two tangents a, b (n,) as n points, one a neuron, each scaled to mean square 1.");
  m.def("settling_step", &settling_step, py::arg("course"), py::arg("fraction") = 0.5,
        "The first place from which on a time course (S,) has come `fraction` of its way from its\n"
        "first finite value to its last, for good; -1 if there is no way to go.");
}

}  // namespace nullcline::python
