// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/dynamics/linearization.hpp"

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

/// The same for points that are fixed.
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
