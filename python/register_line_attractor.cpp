// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/orbits/line_attractor.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::LineAttractor;
using dynamics::LineDrift;
using dynamics::LineSpectra;

LineAttractor line_attractor(const py::object& net, const py::object& points,
                             const py::object& input, const py::object& readout,
                             const py::object& input_effects, Index neighbors, Index samples,
                             Index drift_samples, double drift_tolerance, Index min_points,
                             double largest_gap, double fraction, double aspect_ratio,
                             double marginal, double slow_ratio, int threads) {
  const System system(net, input);
  const Matrix X = read_points(points, "points", system.dim());
  Vector w;
  if (!readout.is_none()) w = columns(read_array(readout, "readout", {{"n", system.dim()}}));
  Matrix effects;
  if (!input_effects.is_none()) {
    effects = columns(read_array(input_effects, "input_effects", {{"q"}, {"n", system.dim()}}));
  }
  LineAttractor result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result = dynamics::find_line_attractor(system.map(), X,
                                           {.dt = system.dt(),
                                            .readout = w,
                                            .input_effects = effects,
                                            .neighbors = neighbors,
                                            .samples = samples,
                                            .drift_samples = drift_samples,
                                            .drift_tolerance = drift_tolerance,
                                            .criteria = {.min_points = min_points,
                                                         .largest_gap = largest_gap,
                                                         .fraction = fraction,
                                                         .aspect_ratio = aspect_ratio,
                                                         .marginal = marginal,
                                                         .slow_ratio = slow_ratio},
                                            .threads = on,
                                            .progress = progress});
  });
  return result;
}

constexpr auto as_part = [](const auto& part, const py::object& self) {
  return py::cast(&part, py::return_value_policy::reference_internal, self);
};

template <class Part>
auto view_of(Part LineAttractor::*member) {
  return [member](const py::object& self) {
    return as_part(self.cast<const LineAttractor&>().*member, self);
  };
}

void add_spectra(py::module_& m) {
  using Self = LineSpectra;
  py::class_<Self>(m, "LineSpectra", "The linear dynamics at S places along a line.")
      .def_property_readonly("theta", vector_of(&Self::theta), "(S,) in [-1, 1].")
      .def_property_readonly("states", rows_of(&Self::states), "(S, n)")
      .def_property_readonly("tangents", rows_of(&Self::tangents), "(S, n) of norm 1.")
      .def_property_readonly("leading", vector_of(&Self::leading),
                             "(S,) complex, the eigenvalue of largest modulus.")
      .def_property_readonly("second_moduli", vector_of(&Self::second_moduli),
                             "(S,) the next modulus, a conjugate not counted.")
      .def_property_readonly("right", rows_of(&Self::right), "(S, n) leading right eigenvector.")
      .def_property_readonly("left", rows_of(&Self::left), "(S, n) leading left eigenvector.")
      .def_property_readonly("overlaps", vector_of(&Self::overlaps),
                             "(S,) |tangent . right|, in [0, 1].")
      .def_property_readonly("input_selection", matrix_of(&Self::input_selection),
                             "(S, q) how far an input moves the state along the line.")
      .def_property_readonly("finite", flags_of(&Self::finite), "(S,) bool.");
}

void add_drift(py::module_& m) {
  using dynamics::DriftZero;
  py::class_<DriftZero>(m, "DriftZero", "A place where the drift along a line changes its sign.")
      .def_readonly("theta", &DriftZero::theta, "In [-1, 1].")
      .def_readonly("stable", &DriftZero::stable, "bool: the drift points to it.")
      .def_readonly("time_constant", &DriftZero::time_constant, "Seconds.");
  using Self = LineDrift;
  py::class_<Self>(m, "LineDrift", "The velocity along a line at D places.")
      .def_property_readonly("theta", vector_of(&Self::theta), "(D,)")
      .def_property_readonly("velocities", vector_of(&Self::velocities),
                             "(D,) units of the state per second, towards larger theta.")
      .def_readonly("floor", &Self::floor, "A velocity up to this counts as standing still.")
      .def_property_readonly(
          "zeros",
          [](const py::object& self) {
            return list_of(self.cast<const Self&>().zeros, self,
                           [](const DriftZero& zero, const py::handle&) { return py::cast(zero); });
          },
          "A list of DriftZero by increasing theta.")
      .def_readonly("leaves_at_begin", &Self::leaves_at_begin)
      .def_readonly("leaves_at_end", &Self::leaves_at_end)
      .def_readonly("standing", &Self::standing, "Fraction of the places that stand still.");
}

void add_line(py::module_& m) {
  using Self = LineAttractor;
  py::class_<Self>(m, "LineAttractor", "Whether P points are a line attractor, and its curve.")
      .def_property_readonly("verdict", name_in(&Self::verdict),
                             "'line', 'isolated_points', 'plane_or_more' or 'none'.")
      .def_property_readonly("status", name_in(&Self::status), "'completed' or 'not_finite'.")
      .def_readonly("distinct", &Self::distinct, "Points that are not merged with others.")
      .def_readonly("chain_fraction", &Self::chain_fraction, "Of them in the longest chain.")
      .def_readonly("local_dimension", &Self::local_dimension,
                    "Median participation ratio of neighborhoods.")
      .def_readonly("aspect_ratio", &Self::aspect_ratio, "Length / thickness.")
      .def_readonly("slow_fraction", &Self::slow_fraction,
                    "Places with as many slow modes as the set has dimensions.")
      .def_readonly("marginal_fraction", &Self::marginal_fraction,
                    "Places with one slow mode at least.")
      .def_readonly("closed", &Self::closed, "bool: a ring.")
      .def_readonly("length", &Self::length, "Units of the state.")
      .def_readonly("thickness", &Self::thickness,
                    "Root mean square distance of the points from the curve.")
      .def_property_readonly("members", vector_of(&Self::members),
                             "(Q,) points on it, by increasing theta.")
      .def_property_readonly("theta", vector_of(&Self::theta),
                             "(Q,) in [-1, 1], linear in arclength.")
      .def_property_readonly("speeds", vector_of(&Self::speeds),
                             "(P,) |F(x) - x| / dt of each point given.")
      .def_property_readonly("axis", vector_of(&Self::axis),
                             "(n,) first principal component of the points.")
      .def_readonly("variance_explained", &Self::variance_explained, "Its share of the variance.")
      .def_readonly("readout_alignment", &Self::readout_alignment,
                    "axis . readout / |readout|; 0 without a readout.")
      .def_property_readonly("input_alignments", vector_of(&Self::input_alignments), "(q,)")
      .def_readonly("null_overlap", &Self::null_overlap, "That of random vectors, 1 / sqrt(n).")
      .def_property_readonly("spectra", view_of(&Self::spectra), "LineSpectra along it.")
      .def_property_readonly("drift", view_of(&Self::drift), "LineDrift along it.")
      .def_property_readonly("derivatives", derivatives_of<Self>,
                             "Where the Jacobians came from: 'exact' or 'finite_differences'.")
      .def("__repr__", [](const Self& self) {
        return std::string("<nullcline.LineAttractor: ") + name_of(self.verdict) + ">";
      });
}

}  // namespace

void register_line_attractor(py::module_& m) {
  add_spectra(m);
  add_drift(m);
  add_line(m);

  m.def("line_attractor", line_attractor, py::arg("net"), py::arg("points"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("readout") = py::none(),
        py::arg("input_effects") = py::none(), py::arg("neighbors") = 0, py::arg("samples") = 33,
        py::arg("drift_samples") = 257, py::arg("drift_tolerance") = 1e-6,
        py::arg("min_points") = 8, py::arg("largest_gap") = 0.2, py::arg("fraction") = 0.8,
        py::arg("aspect_ratio") = 10.0, py::arg("marginal") = 0.1, py::arg("slow_ratio") = 1.0 / 3,
        py::arg("threads") = 0,
        "Whether points (P, n), fixed or slow, or what fixed_points or slow_points returns, are a\n"
        "line attractor: a set of one dimension along which the dynamics are slow; with its\n"
        "curve, the linear dynamics and the drift along it.\n\n"
        "readout: (n,) which way it points; input_effects: (q, n) what inputs do to the state,\n"
        "such as dF/du times inputs. The other options are the criteria.");
}

}  // namespace nullcline::python
