// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "families.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/branches/bifurcation_diagram.hpp"
#include "nullcline/dynamics/branches/continuation.hpp"

namespace nullcline::python {
namespace {

using dynamics::Branch;
using dynamics::Diagram;
using dynamics::Junction;
using dynamics::SpecialPoint;

/// The options that both functions share, read from their keywords.
struct StepOptions {
  double min_parameter, max_parameter, max_norm;
  Index max_steps;
  double initial_step, max_step, tolerance;
  bool eigenvalues;

  dynamics::ContinuationOptions with(double dt, const Progress& progress) const {
    return {.min_parameter = min_parameter,
            .max_parameter = max_parameter,
            .max_norm = max_norm,
            .max_steps = max_steps,
            .initial_step = initial_step > 0 ? initial_step : max_step / 10,
            .max_step = max_step,
            .tolerance = tolerance,
            .eigenvalues = eigenvalues,
            .speed_hessians = eigenvalues,
            .dt = dt,
            .progress = progress};
  }
};

Branch continue_fixed_point(const py::object& net, const py::object& input_from,
                            const py::object& input_to, const py::object& state, double parameter,
                            Index period, double min_parameter, double max_parameter,
                            double max_norm, Index max_steps, double initial_step, double max_step,
                            double tolerance, bool eigenvalues) {
  const FamilyOf family(net, input_from, input_to);
  const dynamics::IteratedFamily iterated(family.family(), period);
  const Vector x = columns(read_array(state, "state", {{"n", family.dim()}}));
  const StepOptions options{min_parameter, max_parameter, max_norm,  max_steps,
                            initial_step,  max_step,      tolerance, eigenvalues};
  Branch branch;
  family.run([&](Threads, const Progress& progress) {
    const dynamics::MapFamily& followed = period == 1 ? family.family() : iterated;
    branch = dynamics::continue_point(followed, x, parameter, options.with(family.dt(), progress));
    branch.period = period;
  });
  return branch;
}

/// A number for each of K starts: one for all, or (K,).
Vector read_each(const py::object& object, const std::string& name, Index K) {
  if (py::module_::import("numpy").attr("ndim")(object).cast<int>() == 0) {
    return Vector::Constant(K, object.cast<double>());
  }
  return columns(read_array(object, name, {{"K", K}}));
}

Diagram bifurcation_diagram(const py::object& net, const py::object& input_from,
                            const py::object& input_to, const py::object& states,
                            const py::object& parameters, const py::object& periods, Index depth,
                            Index max_period, Index max_branches, double min_parameter,
                            double max_parameter, double max_norm, Index max_steps,
                            double initial_step, double max_step, double tolerance) {
  const FamilyOf family(net, input_from, input_to);
  const Matrix X = read_points(states, "states", family.dim());
  const Vector p = read_each(parameters, "parameters", X.cols());
  const Vector k = read_each(periods, "periods", X.cols());
  std::vector<dynamics::DiagramStart> starts;
  for (Index j = 0; j < X.cols(); ++j) {
    starts.push_back({.state = X.col(j), .parameter = p(j), .period = static_cast<Index>(k(j))});
  }
  const StepOptions options{min_parameter, max_parameter, max_norm,  max_steps,
                            initial_step,  max_step,      tolerance, true};
  Diagram diagram;
  family.run([&](Threads, const Progress& progress) {
    diagram = dynamics::bifurcation_diagram(family.family(), starts,
                                            {.continuation = options.with(family.dt(), progress),
                                             .depth = depth,
                                             .max_period = max_period,
                                             .max_branches = max_branches});
  });
  return diagram;
}

constexpr auto as_part = [](const auto& item, const py::handle& owner) {
  return py::cast(&item, py::return_value_policy::reference_internal, owner);
};

void add_special_point(py::module_& m) {
  using Self = SpecialPoint;
  py::class_<Self>(m, "SpecialPoint", "A place on a branch where something happens.")
      .def_property_readonly("kind", name_in(&Self::kind),
                             "'fold', 'branch_point', 'period_doubling', 'neimark_sacker' (of an\n"
                             "Euler step: a Hopf point's trace), 'corner' (of a ReLU).")
      .def_readonly("index", &Self::index, "It lies between rows index and index + 1.")
      .def_readonly("parameter", &Self::parameter)
      .def_property_readonly("state", vector_of(&Self::state), "(n,)")
      .def_property_readonly("tangent", vector_of(&Self::tangent), "(n + 1,) of the branch there.")
      .def_readonly("arclength", &Self::arclength)
      .def_readonly("eigenvalue", &Self::eigenvalue, "The critical one; 0 at a corner.")
      .def_readonly("frequency", &Self::frequency,
                    "Of a Neimark-Sacker point, cycles per step; else 0.")
      .def_readonly("curvature", &Self::curvature,
                    "d2p/ds2 at a fold: > 0 where both halves have a larger p.")
      .def_property_readonly("criticality", name_in(&Self::criticality),
                             "'supercritical': what branches off is stable, where the branch is\n"
                             "not; 'subcritical', 'undecided'; 'none' where nothing does.")
      .def_readonly("normal_form", &Self::normal_form,
                    "The coefficient of the cubic term of the normal form; 0 if there is none.")
      .def_property_readonly("crossing", name_in(&Self::crossing),
                             "Of a branch point: 'transcritical', 'pitchfork' or 'none'.")
      .def_property_readonly(
          "second_tangent", vector_of(&Self::second_tangent),
          "(n + 1,) of the other branch at a branch point or a period doubling;\n"
          "else empty.")
      .def_readonly("junction", &Self::junction, "Its number in a Diagram, or -1.")
      .def("__repr__", [](const Self& self) {
        return std::string("<nullcline.SpecialPoint: ") + name_of(self.kind) + " at " +
               std::to_string(self.parameter) + ">";
      });
}

void add_branch(py::module_& m) {
  using Self = Branch;
  py::class_<Self>(m, "Branch", "P points of a curve of fixed points, in order along it.")
      .def_readonly("period", &Self::period, "k: the points are of k-cycles.")
      .def_property_readonly("states", rows_of(&Self::states), "(P, n)")
      .def_property_readonly("parameters", vector_of(&Self::parameters),
                             "(P,) p; on the line of inputs 0 is input_from and 1 input_to.")
      .def_property_readonly("arclength", vector_of(&Self::arclength),
                             "(P,) of (x, p) from the start; negative before it.")
      .def_property_readonly("tangents", rows_of(&Self::tangents), "(P, n + 1) d(x, p)/ds.")
      .def_property_readonly("eigenvalues", rows_of(&Self::eigenvalues),
                             "(P, n) complex, of k steps.")
      .def_property_readonly("unstable", vector_of(&Self::unstable),
                             "(P,) how many are outside the unit circle; 0 is stable.")
      .def_property_readonly("hessian_eigenvalues", rows_of(&Self::hessian_eigenvalues),
                             "(P, n) of the Hessian of the speed, 1/s^2, ascending.")
      .def_property_readonly("smallest_hessian", vector_of(&Self::smallest_hessian),
                             "(P,) least eigenvalue of the Hessian of the speed, 1/s^2.")
      .def_property_readonly(
          "special",
          [](const py::object& self) {
            return list_of(self.cast<const Self&>().special, self, as_part);
          },
          "A list of SpecialPoint, in order along the branch.")
      .def_readonly("start", &Self::start, "The row of the point it was started from.")
      .def_property_readonly(
          "first_end", name_in(&Self::first_end),
          "Why it goes no further than row 0: 'parameter_bound', 'state_bound',\n"
          "'closed', 'joined', 'branched', 'step_too_small', 'not_finite',\n"
          "'max_steps', 'no_start'.")
      .def_property_readonly("last_end", name_in(&Self::last_end), "Likewise at the last row.")
      .def_readonly("origin", &Self::origin,
                    "In a Diagram: the junction where it was switched to, or -1.")
      .def_property_readonly("derivatives", derivatives_of<Self>,
                             "Where the Jacobians came from: 'exact' or 'finite_differences'.")
      .def("__len__", [](const Self& self) { return self.parameters.size(); })
      .def("__repr__", [](const Self& self) {
        return "<nullcline.Branch: " + std::to_string(self.parameters.size()) + " points, " +
               std::to_string(self.special.size()) + " special ones>";
      });
}

void add_diagram(py::module_& m) {
  py::class_<Junction>(m, "Junction", "Where branches meet: a branch point or a period doubling.")
      .def_property_readonly("kind", name_in(&Junction::kind),
                             "'branch_point' or 'period_doubling'.")
      .def_readonly("period", &Junction::period, "The least that the point has.")
      .def_readonly("parameter", &Junction::parameter)
      .def_property_readonly("state", vector_of(&Junction::state), "(n,)")
      .def_property_readonly("branches", vector_of(&Junction::branches),
                             "Those known to go through it or to start there.");
  py::class_<Diagram>(m, "Diagram", "Branches, and where they meet.")
      .def_property_readonly(
          "branches",
          [](const py::object& self) {
            return list_of(self.cast<const Diagram&>().branches, self, as_part);
          },
          "A list of Branch.")
      .def_property_readonly(
          "junctions",
          [](const py::object& self) {
            return list_of(self.cast<const Diagram&>().junctions, self, as_part);
          },
          "A list of Junction.")
      .def_property_readonly("branch_of_start", vector_of(&Diagram::branch_of_start),
                             "(K,) the branch of each start, or -1.")
      .def_readonly("complete", &Diagram::complete,
                    "bool: max_branches left out none of those met.")
      .def("__repr__", [](const Diagram& self) {
        return "<nullcline.Diagram: " + std::to_string(self.branches.size()) + " branches>";
      });
}

}  // namespace

void register_continuation(py::module_& m) {
  add_special_point(m);
  add_branch(m);
  add_diagram(m);

  m.def(
      "continue_fixed_point", continue_fixed_point, py::arg("net"),
      py::arg("input_from") = py::none(), py::arg("input_to") = py::none(), py::kw_only(),
      py::arg("state"), py::arg("parameter") = 0.0, py::arg("period") = 1,
      py::arg("min_parameter") = 0.0, py::arg("max_parameter") = 1.0, py::arg("max_norm") = 1e3,
      py::arg("max_steps") = 2000, py::arg("initial_step") = 0.0, py::arg("max_step") = 0.1,
      py::arg("tolerance") = 1e-12, py::arg("eigenvalues") = true,
      "The curve of fixed points (of `period`-cycles) through state (n,) at p = parameter,\n"
      "followed in both directions by pseudo-arclength, folds and all.\n\n"
      "A Network is followed along its inputs input_from + p (input_to - input_from), each\n"
      "(n_in,); a MapFamily along its p. Folds, branch points, period doublings, Neimark-Sacker\n"
      "points and corners are located, if no two of a kind are nearer than max_step (arclength of\n"
      "(x, p)); initial_step=0 is a tenth of it. eigenvalues=False finds folds and branch points "
      "alone,\n"
      "at a fifth of the cost.");
  m.def("bifurcation_diagram", bifurcation_diagram, py::arg("net"),
        py::arg("input_from") = py::none(), py::arg("input_to") = py::none(), py::kw_only(),
        py::arg("states"), py::arg("parameters") = 0.0, py::arg("periods") = 1,
        py::arg("depth") = 1, py::arg("max_period") = 4, py::arg("max_branches") = 50,
        py::arg("min_parameter") = 0.0, py::arg("max_parameter") = 1.0, py::arg("max_norm") = 1e3,
        py::arg("max_steps") = 2000, py::arg("initial_step") = 0.0, py::arg("max_step") = 0.1,
        py::arg("tolerance") = 1e-12,
        "The branches through states (K, n), or what fixed_points returns, at p = parameters (one\n"
        "for all, or (K,)), and those that start on them: at branch points, and at period\n"
        "doublings up to max_period, switched to `depth` times. The rest is as in\n"
        "continue_fixed_point.");
}

}  // namespace nullcline::python
