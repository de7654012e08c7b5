// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/fixed_points.hpp"
#include "nullcline/dynamics/linearization.hpp"
#include "nullcline/dynamics/slow_points.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

/// The linear dynamics around P points, one a column.
struct Modes {
  ComplexMatrix eigenvalues;            // (n, P)
  Matrix time_constants, frequencies;   // (n, P)
  std::vector<Index> unstable, degree;  // (P)
  std::vector<std::string> stability;   // (P)
  int degree_sum = 0;
};

Modes modes_at(const System& system, In<Matrix> states, Threads threads) {
  const auto points = dynamics::linearize_all(system.map(), states, system.dt(), {}, threads);
  Modes modes;
  modes.eigenvalues.resize(states.rows(), states.cols());
  modes.time_constants.resize(states.rows(), states.cols());
  modes.frequencies.resize(states.rows(), states.cols());
  for (Index p = 0; p < states.cols(); ++p) {
    const dynamics::Linearization& point = points[static_cast<std::size_t>(p)];
    modes.eigenvalues.col(p) = point.eigenvalues;
    modes.time_constants.col(p) = point.time_constants;
    modes.frequencies.col(p) = point.frequencies;
    modes.unstable.push_back(point.unstable);
    modes.degree.push_back(point.degree);
    modes.stability.emplace_back(dynamics::name_of(point.stability));
  }
  modes.degree_sum = dynamics::degree_sum(points);
  return modes;
}

struct FixedPoints {
  dynamics::FixedPoints found;
  Modes modes;
};

struct SlowPoints {
  dynamics::SlowPoints found;
  Modes modes;
};

FixedPoints fixed_points(const py::object& net, const py::object& input, const py::object& starts,
                         double tolerance, Index max_iterations, Index stall_iterations,
                         double escape_radius, double merge_distance, int threads) {
  const System system(net, input);
  const DoubleArray array = read_array(starts, "starts", {{"K"}, {"n", system.map().dim()}});
  const Columns X = columns(array);
  FixedPoints result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result.found = dynamics::find_fixed_points(system.map(), X,
                                               {.tolerance = tolerance,
                                                .dt = system.dt(),
                                                .max_iterations = max_iterations,
                                                .stall_iterations = stall_iterations,
                                                .escape_radius = escape_radius,
                                                .merge_distance = merge_distance,
                                                .threads = on,
                                                .progress = progress});
    result.modes = modes_at(system, result.found.states, on);
  });
  return result;
}

SlowPoints slow_points(const py::object& net, const py::object& input, const py::object& starts,
                       double tolerance, double gradient_tolerance, Index max_iterations,
                       double escape_radius, double merge_distance, int threads) {
  const System system(net, input);
  const DoubleArray array = read_array(starts, "starts", {{"K"}, {"n", system.map().dim()}});
  const Columns X = columns(array);
  SlowPoints result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result.found = dynamics::find_slow_points(
        system.map(), X,
        {.dt = system.dt(),
         .tolerance = tolerance,
         .escape_radius = escape_radius,
         .merge_distance = merge_distance,
         .descent = {.gradient_tolerance = gradient_tolerance, .max_iterations = max_iterations},
         .threads = on,
         .progress = progress});
    result.modes = modes_at(system, result.found.states, on);
  });
  return result;
}

py::object status_words(const std::vector<dynamics::SearchStatus>& status) {
  std::vector<std::string> texts;
  for (const dynamics::SearchStatus one : status) texts.emplace_back(dynamics::name_of(one));
  return words(texts);
}

/// A getter that views result.*part.*member by `view`.
template <class Result, class Part, class Member, class View>
auto part_of(Part Result::*part, Member Part::*member, View view) {
  return [=](const py::object& self) { return view(self.cast<Result&>().*part.*member, self); };
}

constexpr auto as_rows = [](const auto& A, const py::object& self) { return rows(A, self); };
constexpr auto as_vector = [](const auto& v, const py::object& self) { return vector(v, self); };

/// What FixedPoints and SlowPoints have in common.
template <class Result>
void add_points(py::class_<Result>& type) {
  using Found = decltype(Result::found);
  type.def_property_readonly("states", part_of(&Result::found, &Found::states, as_rows), "(P, n)")
      .def_property_readonly("speeds", part_of(&Result::found, &Found::speeds, as_vector),
                             "(P,) q = |F(x) - x|^2 / (2 dt^2), 1/s^2.")
      .def_property_readonly("multiplicity",
                             part_of(&Result::found, &Found::multiplicity, as_vector),
                             "(P,) how many starts led to the point.")
      .def_property_readonly(
          "status", [](const Result& self) { return status_words(self.found.status); },
          "(K,) how the search from each start ended, str: 'fixed_point', 'rounding_limited',\n"
          "'slow_point', 'kink', 'flat', 'stalled', 'escaped', 'max_iterations', 'not_finite'.")
      .def_property_readonly("point_of_start",
                             part_of(&Result::found, &Found::point_of_start, as_vector),
                             "(K,) the row in `states` that each start led to, or -1.")
      .def_property_readonly("iterations", part_of(&Result::found, &Found::iterations, as_vector),
                             "(K,) Jacobians or Hessians computed.")
      .def_property_readonly("eigenvalues", part_of(&Result::modes, &Modes::eigenvalues, as_rows),
                             "(P, n) complex, of the Jacobian of one step, by decreasing modulus.")
      .def_property_readonly("time_constants",
                             part_of(&Result::modes, &Modes::time_constants, as_rows),
                             "(P, n) -dt / ln|eigenvalue|, seconds; negative: growing.")
      .def_property_readonly("frequencies", part_of(&Result::modes, &Modes::frequencies, as_rows),
                             "(P, n) Hz; conjugate pairs have both signs.")
      .def_property_readonly("unstable", part_of(&Result::modes, &Modes::unstable, as_vector),
                             "(P,) how many eigenvalues are outside the unit circle.")
      .def_property_readonly(
          "derivatives",
          [](const Result& self) {
            return self.found.derivatives == Derivatives::exact ? "exact" : "finite_differences";
          },
          "Where the Jacobians came from: 'exact' or 'finite_differences'.")
      .def("__len__", [](const Result& self) { return self.found.states.cols(); });
}

void add_fixed_points(py::module_& m) {
  py::class_<FixedPoints> type(m, "FixedPoints",
                               "P fixed points that K starts led to, those of most starts first.");
  add_points(type);
  type.def_property_readonly(
          "residuals", part_of(&FixedPoints::found, &dynamics::FixedPoints::residuals, as_vector),
          "(P,) |F(x) - x|.")
      .def_property_readonly(
          "start_residuals",
          part_of(&FixedPoints::found, &dynamics::FixedPoints::start_residuals, as_vector),
          "(K,) |F(x) - x| where each search ended.")
      .def_property_readonly(
          "kinds", [](const FixedPoints& self) { return words(self.modes.stability); },
          "(P,) str: 'stable', 'marginal', 'saddle', 'repelling'.")
      .def_property_readonly("degrees", part_of(&FixedPoints::modes, &Modes::degree, as_vector),
                             "(P,) sign det(I - J): 1 or -1, 0 if an eigenvalue is 1.")
      .def_property_readonly(
          "degree", [](const FixedPoints& self) { return self.modes.degree_sum; },
          "The sum of `degrees`. If the map takes a ball into its interior and no degree is 0,\n"
          "any sum but 1 proves that points are missing; 1 does not prove that none is.")
      .def("__repr__", [](const FixedPoints& self) {
        return "<nullcline.FixedPoints: " + std::to_string(self.found.states.cols()) +
               " points from " + std::to_string(self.found.status.size()) + " starts>";
      });
}

void add_slow_points(py::module_& m) {
  py::class_<SlowPoints> type(
      m, "SlowPoints", "P minima of the speed q that are no fixed points, the slowest first.");
  add_points(type);
  type.def_property_readonly(
          "gradients", part_of(&SlowPoints::found, &dynamics::SlowPoints::gradients, as_vector),
          "(P,) |dq/dx| reached; at a kink, of the shortest convex combination of its sides.")
      .def_property_readonly(
          "smallest_eigenvalues",
          part_of(&SlowPoints::found, &dynamics::SlowPoints::smallest_eigenvalues, as_vector),
          "(P,) of the Hessian of q.")
      .def_property_readonly(
          "kinds", [](const SlowPoints& self) { return status_words(self.found.kinds); },
          "(P,) str: 'slow_point', 'kink', 'flat'.")
      .def("__repr__", [](const SlowPoints& self) {
        return "<nullcline.SlowPoints: " + std::to_string(self.found.states.cols()) +
               " points from " + std::to_string(self.found.status.size()) + " starts>";
      });
}

}  // namespace

void register_dynamics(py::module_& m) {
  py::class_<UserMap>(
      m, "Map",
      "A function of yours as a map x -> F(x) of R^dim, one step of which takes dt\n"
      "seconds: x (dim,) to F(x) (dim,), or with batched=True X (B, dim) to (B, dim),\n"
      "a state a row, which is quicker. Derivatives are finite differences.")
      .def(py::init([](py::function function, Index dim, double dt, bool batched) {
             return UserMap{PythonMap(std::move(function), dim, batched), dt};
           }),
           py::arg("function"), py::arg("dim"), py::kw_only(), py::arg("dt") = 1.0,
           py::arg("batched") = false)
      .def_property_readonly("dim", [](const UserMap& self) { return self.map.dim(); })
      .def_readonly("dt", &UserMap::dt, "Seconds a step.");

  add_fixed_points(m);
  add_slow_points(m);

  m.def(
      "fixed_points", fixed_points, py::arg("net"), py::kw_only(), py::arg("input") = py::none(),
      py::arg("starts"), py::arg("tolerance") = 1e-12, py::arg("max_iterations") = 300,
      py::arg("stall_iterations") = 16, py::arg("escape_radius") = 0.0,
      py::arg("merge_distance") = 1e-6, py::arg("threads") = 0,
      "Fixed points F(x) = x of a Network at a constant input (n_in,), zeros without, or of a\n"
      "Map: by a damped Newton method from each row of starts (K, n), to a residual\n"
      "|F(x) - x| <= tolerance.\n\n"
      "Points within merge_distance (1 + |x|) are one. A search ends 'escaped' where |x| exceeds\n"
      "escape_radius, 0 being ten times the largest start, and 'stalled' where |F(x) - x|^2 was\n"
      "not halved in stall_iterations. threads=0 uses all cores. Which points are found depends\n"
      "on the starts: nothing proves that none is missing.");
  m.def("slow_points", slow_points, py::arg("net"), py::kw_only(), py::arg("input") = py::none(),
        py::arg("starts"), py::arg("tolerance") = 1e-12, py::arg("gradient_tolerance") = 0.0,
        py::arg("max_iterations") = 300, py::arg("escape_radius") = 0.0,
        py::arg("merge_distance") = 1e-6, py::arg("threads") = 0,
        "Local minima of the speed q(x) = |F(x) - x|^2 / (2 dt^2) that are no fixed points, from\n"
        "each row of starts (K, n): dq/dx = 0 with a positive definite Hessian, or a kink of a\n"
        "piecewise smooth F. A start where |F(x) - x| <= tolerance is reached is a fixed point\n"
        "and leads to no slow point; |dq/dx| <= gradient_tolerance is near enough to 0.");
}

}  // namespace nullcline::python
