// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::python {

/// The linear dynamics around P points, one a column.
struct PointDynamics {
  ComplexMatrix eigenvalues;                   // (n, P)
  Matrix time_constants, frequencies;          // (n, P)
  std::vector<Index> unstable, degrees;        // (P)
  std::vector<dynamics::Stability> stability;  // (P)
  int degree = 0;
};

PointDynamics dynamics_around(std::span<const dynamics::Linearization> points, Index n);
PointDynamics dynamics_around(const Map& map, In<Matrix> states, double dt, Threads threads);

/// What results with members `found`, with states (n, P), and `around` tell of each point.
template <class Result>
void add_states(py::class_<Result>& type) {
  using Found = decltype(Result::found);
  type.def_property_readonly("states", part_of(&Result::found, &Found::states, as_rows), "(P, n)")
      .def_property_readonly("eigenvalues",
                             part_of(&Result::around, &PointDynamics::eigenvalues, as_rows),
                             "(P, n) complex, of the Jacobian of one step, by decreasing modulus.")
      .def_property_readonly("time_constants",
                             part_of(&Result::around, &PointDynamics::time_constants, as_rows),
                             "(P, n) -dt / ln|eigenvalue|, seconds; negative: growing.")
      .def_property_readonly("frequencies",
                             part_of(&Result::around, &PointDynamics::frequencies, as_rows),
                             "(P, n) Hz; conjugate pairs have both signs.")
      .def_property_readonly("unstable",
                             part_of(&Result::around, &PointDynamics::unstable, as_vector),
                             "(P,) how many eigenvalues are outside the unit circle.")
      .def("__len__", [](const Result& self) { return self.found.states.cols(); });
}

/// What the points of a search from K starts have in common.
template <class Result>
void add_search(py::class_<Result>& type) {
  using Found = decltype(Result::found);
  add_states(type);
  type.def_property_readonly("speeds", part_of(&Result::found, &Found::speeds, as_vector),
                             "(P,) q = |F(x) - x|^2 / (2 dt^2), 1/s^2.")
      .def_property_readonly("multiplicity",
                             part_of(&Result::found, &Found::multiplicity, as_vector),
                             "(P,) how many starts led to the point.")
      .def_property_readonly("status", part_of(&Result::found, &Found::status, as_names),
                             "(K,) how the search from each start ended, str: 'fixed_point',\n"
                             "'rounding_limited', 'slow_point', 'kink', 'flat', 'stalled',\n"
                             "'escaped', 'max_iterations', 'not_finite'.")
      .def_property_readonly("point_of_start",
                             part_of(&Result::found, &Found::point_of_start, as_vector),
                             "(K,) the row in `states` that each start led to, or -1.")
      .def_property_readonly("iterations", part_of(&Result::found, &Found::iterations, as_vector),
                             "(K,) Jacobians or Hessians computed.")
      .def_property_readonly(
          "derivatives", [](const Result& self) { return derivatives_of(self.found); },
          "Where the Jacobians came from: 'exact' or 'finite_differences'.")
      .def("__repr__", [](const py::object& self) {
        const auto& found = self.cast<const Result&>().found;
        const auto name = py::type::of(self).attr("__name__").cast<std::string>();
        return "<nullcline." + name + ": " + std::to_string(found.states.cols()) + " points from " +
               std::to_string(found.status.size()) + " starts>";
      });
}

/// What results tell besides of points that are fixed.
template <class Result>
void add_stability(py::class_<Result>& type) {
  type.def_property_readonly("kinds", part_of(&Result::around, &PointDynamics::stability, as_names),
                             "(P,) str: 'stable', 'marginal', 'saddle', 'repelling'.")
      .def_property_readonly("degrees",
                             part_of(&Result::around, &PointDynamics::degrees, as_vector),
                             "(P,) sign det(I - J): 1 or -1, 0 if an eigenvalue is 1.")
      .def_property_readonly(
          "degree", [](const Result& self) { return self.around.degree; },
          "The sum of `degrees`. If the map takes a ball into its interior and no degree is 0,\n"
          "any sum but 1 proves that points are missing; 1 does not prove that none is.");
}

}  // namespace nullcline::python
