// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <memory>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/cycles/invariant_circle.hpp"
#include "nullcline/dynamics/cycles/limit_cycles.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::InvariantCircle;
using dynamics::LimitCycle;

LimitCycle limit_cycle(const py::object& net, const py::object& start, const py::object& input,
                       double transient, double step, double max_period, Index nodes, Index steps,
                       double tolerance, double escape_radius) {
  const System system(net, input);
  system.need_driven("limit_cycle");
  const std::unique_ptr<Flow> flow = cells::flow(*system.network());
  const Vector x = columns(read_array(start, "start", {{"n", system.dim()}}));
  LimitCycle result;
  system.run(1, [&](Threads, const Progress& progress) {
    result = dynamics::find_limit_cycle(*flow, system.input(), x,
                                        {.transient = transient,
                                         .step = step > 0 ? step : system.dt(),
                                         .max_period = max_period,
                                         .nodes = nodes,
                                         .steps = steps,
                                         .tolerance = tolerance,
                                         .escape_radius = escape_radius,
                                         .progress = progress});
  });
  return result;
}

LimitCycle refine_limit_cycle(const py::object& net, const py::object& guess, double period,
                              const py::object& input, Index steps, double tolerance,
                              double escape_radius) {
  const System system(net, input);
  system.need_driven("refine_limit_cycle");
  const std::unique_ptr<Flow> flow = cells::flow(*system.network());
  const Matrix X = columns(read_array(guess, "guess", {{"nodes"}, {"n", system.dim()}}));
  LimitCycle result;
  system.run(1, [&](Threads, const Progress& progress) {
    result = dynamics::refine_limit_cycle(*flow, system.input(), X, period,
                                          {.nodes = X.cols(),
                                           .steps = steps,
                                           .tolerance = tolerance,
                                           .escape_radius = escape_radius,
                                           .progress = progress});
  });
  return result;
}

InvariantCircle invariant_circle(const py::object& net, const py::object& start,
                                 const py::object& input, Index transient, Index samples,
                                 Index max_period, Index harmonics, double tolerance,
                                 double escape_radius) {
  const System system(net, input);
  const Vector x = columns(read_array(start, "start", {{"n", system.dim()}}));
  InvariantCircle result;
  system.run(1, [&](Threads, const Progress& progress) {
    result = dynamics::find_invariant_circle(system.map(), x,
                                             {.transient = transient,
                                              .samples = samples,
                                              .max_period = max_period,
                                              .harmonics = harmonics,
                                              .tolerance = tolerance,
                                              .escape_radius = escape_radius,
                                              .progress = progress});
  });
  return result;
}

void add_limit_cycle(py::module_& m) {
  py::class_<LimitCycle>(m, "LimitCycle", "A limit cycle of an ODE.")
      .def_property_readonly("status", name_in(&LimitCycle::status),
                             "'converged'; 'fixed_point', 'no_return', 'stalled', 'diverged',\n"
                             "'not_finite': everything else is empty or 0 then.")
      .def_readonly("period", &LimitCycle::period, "Seconds.")
      .def_readonly("period_error", &LimitCycle::period_error, "Of the discretization, seconds.")
      .def_property_readonly("states", rows_of(&LimitCycle::states), "(S, n) one period.")
      .def_property_readonly("times", vector_of(&LimitCycle::times), "(S,) seconds from 0.")
      .def_property_readonly("amplitudes", vector_of(&LimitCycle::amplitudes),
                             "(n,) half of largest - smallest.")
      .def_property_readonly("multipliers", vector_of(&LimitCycle::multipliers),
                             "(n,) complex, Floquet multipliers of a period; one of them is 1.")
      .def_readonly("trivial_error", &LimitCycle::trivial_error,
                    "|mu - 1| of the one nearest to 1: a self-check.")
      .def_readonly("unstable", &LimitCycle::unstable, "Of the others, how many |mu| > 1.")
      .def_property_readonly("kind", name_in(&LimitCycle::stability),
                             "'stable', 'marginal', 'saddle', 'repelling', by the others.")
      .def_property_readonly("stable",
                             [](const LimitCycle& self) {
                               return self.status == dynamics::LimitCycleStatus::converged &&
                                      self.stability == dynamics::Stability::stable;
                             })
      .def_readonly("residual", &LimitCycle::residual, "Of the shooting equations.")
      .def_readonly("iterations", &LimitCycle::iterations)
      .def_property_readonly("derivatives", derivatives_of<LimitCycle>,
                             "Where the Jacobians came from: 'exact' or 'finite_differences'.")
      .def("__repr__", [](const LimitCycle& self) {
        return std::string("<nullcline.LimitCycle: ") + name_of(self.status) + ", period " +
               std::to_string(self.period) + " s>";
      });
}

void add_invariant_circle(py::module_& m) {
  using Self = InvariantCircle;
  py::class_<Self>(m, "InvariantCircle", "What the orbit of a start goes to, and its curve.")
      .def_property_readonly("verdict", name_in(&Self::verdict),
                             "'periodic', 'invariant_circle', 'neither', 'undecided', 'escaped',\n"
                             "'not_finite'.")
      .def_readonly("period", &Self::period, "Of a periodic verdict, steps; else 0.")
      .def_property_readonly(
          "cycle",
          [](const py::object& self) { return rows(self.cast<const Self&>().cycle.states, self); },
          "(period, n), likewise.")
      .def_property_readonly(
          "multipliers",
          [](const py::object& self) {
            return vector(self.cast<const Self&>().cycle.multipliers, self);
          },
          "(n,) of this cycle.")
      .def_readonly("winds", &Self::winds, "bool: it winds about its mean.")
      .def_readonly("rotation_number", &Self::rotation_number, "Turns a step, in [0, 1/2].")
      .def_readonly("rotation_error", &Self::rotation_error,
                    "Difference from that of the second half of the orbit.")
      .def_property_readonly(
          "convergent",
          [](const Self& self) { return py::make_tuple(self.numerator, self.denominator); },
          "(p, q): the nearest turns p / q with q <= max_period.")
      .def_property_readonly("curve", rows_of(&Self::curve),
                             "(256, n) the curve at even steps of its parameter, if it winds.")
      .def_readonly("extent", &Self::extent, "Its largest distance from its mean.")
      .def_readonly("residual", &Self::residual,
                    "Largest |F(gamma(s)) - gamma(s + rotation_number)|.")
      .def_readonly("exponent", &Self::exponent, "Largest Lyapunov exponent, per step.")
      .def("__repr__", [](const Self& self) {
        return std::string("<nullcline.InvariantCircle: ") + name_of(self.verdict) + ">";
      });
}

}  // namespace

void register_limit_cycles(py::module_& m) {
  add_limit_cycle(m);
  add_invariant_circle(m);

  m.def("limit_cycle", limit_cycle, py::arg("net"), py::arg("start"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("transient") = 100.0, py::arg("step") = 0.0,
        py::arg("max_period") = 100.0, py::arg("nodes") = 16, py::arg("steps") = 512,
        py::arg("tolerance") = 1e-11, py::arg("escape_radius") = 1e3,
        "The limit cycle of the ODE of a rate network to which start (n,) goes: after `transient`\n"
        "seconds by Runge-Kutta steps of `step` seconds (0: dt), the first return within\n"
        "max_period seconds, then multiple shooting with `steps` steps of the fourth order a\n"
        "period, and once more with twice as many, which gives the error of the period.");
  m.def(
      "refine_limit_cycle", refine_limit_cycle, py::arg("net"), py::arg("guess"), py::arg("period"),
      py::kw_only(), py::arg("input") = py::none(), py::arg("steps") = 512,
      py::arg("tolerance") = 1e-11, py::arg("escape_radius") = 1e3,
      "The limit cycle of the ODE of a rate network near guess (nodes, n), states at equal parts\n"
      "of a period of about `period` seconds: stable or not.");
  m.def("invariant_circle", invariant_circle, py::arg("net"), py::arg("start"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("transient") = 10000, py::arg("samples") = 16384,
        py::arg("max_period") = 64, py::arg("harmonics") = 48, py::arg("tolerance") = 1e-6,
        py::arg("escape_radius") = 1e3,
        "Whether the orbit of start (n,) goes to a cycle of at most max_period steps or to a\n"
        "closed curve on which the map turns evenly, as it has beyond a Neimark-Sacker\n"
        "bifurcation, with its rotation number.");
}

}  // namespace nullcline::python
