// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/linear/reversibility.hpp"
#include "nullcline/dynamics/orbits/funnel.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::Contraction;
using dynamics::EntropyProduction;
using dynamics::Funnel;

/// Q (n, n), or the variance of isotropic noise.
Matrix read_noise(const py::object& object, Index n) {
  if (py::module_::import("numpy").attr("ndim")(object).cast<int>() == 0) {
    return object.cast<double>() * Matrix::Identity(n, n);
  }
  return read_matrix(object, "noise", {"n", n}, {"n", n});
}

EntropyProduction entropy_production(const py::object& jacobian, const py::object& noise) {
  const Matrix J = read_matrix(jacobian, "jacobian", {"n"}, {"n"});
  const Matrix Q = read_noise(noise, J.rows());
  const py::gil_scoped_release released;
  return dynamics::entropy_production(J, Q);
}

Contraction contraction(const py::object& net, const py::object& states, const py::object& input,
                        int threads) {
  const System system(net, input);
  const Matrix X = read_points(states, "states", system.dim());
  Contraction result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result = dynamics::contraction_along(system.map(), X, system.dt(), on, progress);
  });
  return result;
}

Funnel funnel(const py::object& points, const py::object& states, double radius, Index margin,
              int threads) {
  const DoubleArray X = read_array(states, "states", {{"T"}, {"B"}, {"n"}});
  const Matrix P = read_points(points, "points", X.shape(2));
  const Columns X_columns = columns(X);
  Funnel result;
  run_work(false, threads, [&](Threads on, const Progress& progress) {
    result = dynamics::funnel(P, X_columns,
                              {.radius = radius,
                               .trials = X.shape(1),
                               .margin = margin,
                               .threads = on,
                               .progress = progress});
  });
  return result;
}

}  // namespace

void register_reversibility(py::module_& m) {
  py::class_<EntropyProduction>(m, "EntropyProduction",
                                "How irreversible stationary noisy linear dynamics are.")
      .def_property_readonly("status", name_in(&EntropyProduction::status),
                             "'converged', 'unstable', 'singular_noise', 'not_finite'.")
      .def_readonly("rate", &EntropyProduction::rate, "Nats per step; 0 unless converged.")
      .def_readonly("asymmetry", &EntropyProduction::asymmetry,
                    "|J S - S J'| / |J S|, in [0, 2]; 0 if reversible.")
      .def_property_readonly(
          "covariance",
          [](const py::object& self) {
            return matrix(self.cast<const EntropyProduction&>().stationary.covariance, self);
          },
          "(n, n) S of the stationary state; empty unless converged.")
      .def_property_readonly("reversed_jacobian", matrix_of(&EntropyProduction::reversed_jacobian),
                             "(n, n) of the process run backwards.")
      .def_property_readonly("reversed_noise", matrix_of(&EntropyProduction::reversed_noise),
                             "(n, n) its covariance.");

  py::class_<Contraction>(m, "Contraction", "How a map changes volumes at P states.")
      .def_property_readonly("log_volumes", vector_of(&Contraction::log_volumes),
                             "(P,) ln|det J| per step; -inf if J is singular.")
      .def_property_readonly("divergences", vector_of(&Contraction::divergences),
                             "(P,) tr(J - I) / dt, 1/s.")
      .def_property_readonly("finite", flags_of(&Contraction::finite), "(P,) bool.")
      .def_property_readonly("derivatives", derivatives_of<Contraction>,
                             "Where the Jacobians came from: 'exact' or 'finite_differences'.");

  py::class_<Funnel>(m, "Funnel", "How B trajectories pass P points.")
      .def_property_readonly("passing", vector_of(&Funnel::passing),
                             "(P,) trials that come within the radius.")
      .def_property_readonly("ending", vector_of(&Funnel::ending), "(P,) trials that end there.")
      .def_property_readonly("end_point", vector_of(&Funnel::end_point),
                             "(B,) the point where each trial ends, or -1.")
      .def_property_readonly("dwell", vector_of(&Funnel::dwell),
                             "(P,) mean steps inside, first visit.")
      .def_property_readonly("spread_before", vector_of(&Funnel::spread_before),
                             "(P,) of the states `margin` steps before entering.")
      .def_property_readonly("spread_after", vector_of(&Funnel::spread_after),
                             "(P,) of the states `margin` steps after leaving.")
      .def_property_readonly("log_contraction", vector_of(&Funnel::log_contraction),
                             "(P,) ln(after / before): < 0 where they are drawn together.");

  m.def("entropy_production", entropy_production, py::arg("jacobian"), py::arg("noise") = 1.0,
        "The entropy production of x' = J x + noise in its stationary state, the rate of the\n"
        "divergence between the process and the same run backwards. jacobian: J (n, n); noise:\n"
        "its covariance (n, n), or a variance.");
  m.def("contraction", contraction, py::arg("net"), py::arg("states"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("threads") = 0,
        "How a Network or a Map changes volumes at each of states (P, n), or of what fixed_points\n"
        "returns: ln|det J| a step, and the divergence.");
  m.def("funnel", funnel, py::arg("points"), py::arg("states"), py::arg("radius"), py::kw_only(),
        py::arg("margin") = 0, py::arg("threads") = 0,
        "How trajectories states (T, B, n) funnel through the neighborhoods, of that radius, of\n"
        "points (P, n): how many pass, how long, and whether they are closer together after.");
}

}  // namespace nullcline::python
