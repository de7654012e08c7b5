// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/points/slow_points.hpp"
#include "nullcline/dynamics/points/slow_time_scales.hpp"
#include "nullcline/dynamics/points/speed.hpp"
#include "points.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

struct SlowPoints {
  dynamics::SlowPoints found;
  PointDynamics around;
  Vector passage, dwell, decay, escape;     // (P)
  std::vector<dynamics::SlowGrade> grades;  // (P)
};

/// Speeds at T steps of B trials.
struct Speeds {
  dynamics::TrajectorySpeeds along;
  Index trials = 0;
};

void take_times(const System& system, Threads on, SlowPoints& result) {
  const auto scales =
      dynamics::slow_time_scales(system.map(), result.found, {.dt = system.dt(), .threads = on});
  const auto P = static_cast<Index>(scales.size());
  for (Vector* times : {&result.passage, &result.dwell, &result.decay, &result.escape}) {
    times->resize(P);
  }
  for (Index p = 0; p < P; ++p) {
    const dynamics::SlowTimeScale& scale = scales[static_cast<std::size_t>(p)];
    result.passage(p) = scale.passage;
    result.dwell(p) = scale.dwell;
    result.decay(p) = scale.decay;
    result.escape(p) = scale.escape;
    result.grades.push_back(scale.grade);
  }
}

SlowPoints slow_points(const py::object& net, const py::object& input, const py::object& starts,
                       double tolerance, double gradient_tolerance, Index max_iterations,
                       double escape_radius, double merge_distance, int threads) {
  const System system(net, input);
  const DoubleArray array = read_array(starts, "starts", {{"K"}, {"n", system.dim()}});
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
    result.around = dynamics_around(system.map(), result.found.states, system.dt(), on);
    take_times(system, on, result);
  });
  return result;
}

Speeds speeds(const py::object& net, const py::object& states, const py::object& input,
              double gradient_tolerance, bool hessians, int threads) {
  const System system(net, input);
  const DoubleArray X = read_array(states, "states", {{"T"}, {"B"}, {"n", system.dim()}});
  const Columns X_columns = columns(X);
  Speeds result;
  result.trials = X.shape(1);
  system.run(threads, [&](Threads on, const Progress& progress) {
    result.along = dynamics::speeds_along(system.map(), X_columns,
                                          {.dt = system.dt(),
                                           .trials = result.trials,
                                           .gradient_tolerance = gradient_tolerance,
                                           .hessians = hessians,
                                           .threads = on,
                                           .progress = progress});
  });
  return result;
}

void add_slow_points(py::module_& m) {
  py::class_<SlowPoints> type(
      m, "SlowPoints", "P minima of the speed q that are no fixed points, the slowest first.");
  add_search(type);
  type.def_property_readonly("passage", vector_of(&SlowPoints::passage),
                             "(P,) s, how long what is drawn in takes to pass the point; infinite\n"
                             "where the speed does not change.")
      .def_property_readonly("dwell", vector_of(&SlowPoints::dwell),
                             "(P,) s, from the point until its orbit is twice as fast.")
      .def_property_readonly("decay", vector_of(&SlowPoints::decay),
                             "(P,) s, the slowest decaying mode beside the channel; 0: none.")
      .def_property_readonly("escape", vector_of(&SlowPoints::escape),
                             "(P,) s, the fastest growing mode; infinite: none.")
      .def_property_readonly(
          "grades", names_of(&SlowPoints::grades),
          "(P,) str: 'ghost', what comes near is drawn in and waits; 'saddle', it leaves along a\n"
          "growing mode first; 'shallow', no bottleneck; 'drift', the speed does not change.")
      .def_property_readonly(
          "gradients", part_of(&SlowPoints::found, &dynamics::SlowPoints::gradients, as_vector),
          "(P,) |dq/dx| reached; at a kink, of the shortest convex combination of its sides.")
      .def_property_readonly(
          "smallest_eigenvalues",
          part_of(&SlowPoints::found, &dynamics::SlowPoints::smallest_eigenvalues, as_vector),
          "(P,) of the Hessian of q.")
      .def_property_readonly("kinds",
                             part_of(&SlowPoints::found, &dynamics::SlowPoints::kinds, as_names),
                             "(P,) str: 'slow_point', 'kink', 'flat'.");
}

/// (T, B) of a vector of T B; (0, B) of an empty one.
template <class Member>
auto grid_of(Member dynamics::TrajectorySpeeds::*member, const char* dtype) {
  return [=](const py::object& self) {
    const auto& speeds = self.cast<const Speeds&>();
    return vector(speeds.along.*member, self)
        .attr("reshape")(speeds.trials == 0 ? 0 : -1, speeds.trials)
        .attr("astype")(dtype, py::arg("copy") = false);
  };
}

void add_speeds(py::module_& m) {
  using Along = dynamics::TrajectorySpeeds;
  py::class_<Speeds>(m, "Speeds", "The speed q and its derivatives at T steps of B trials.")
      .def_property_readonly("speeds", grid_of(&Along::speeds, "float64"), "(T, B) q, 1/s^2.")
      .def_property_readonly("gradients", grid_of(&Along::gradients, "float64"), "(T, B) |dq/dx|.")
      .def_property_readonly("smallest_eigenvalues",
                             grid_of(&Along::smallest_eigenvalues, "float64"),
                             "(T, B) of the Hessian of q; (0, B) without hessians.")
      .def_property_readonly("minimum", grid_of(&Along::minimum, "bool"),
                             "(T, B) bool: q has a minimum in time there.")
      .def_property_readonly("slow", grid_of(&Along::slow, "bool"),
                             "(T, B) bool: |dq/dx| <= gradient_tolerance and the Hessian is\n"
                             "positive definite; (0, B) without hessians.")
      .def_property_readonly(
          "derivatives", [](const Speeds& self) { return derivatives_of(self.along); },
          "Where the Jacobians came from: 'exact' or 'finite_differences'.");
}

}  // namespace

void register_slow_points(py::module_& m) {
  add_slow_points(m);
  add_speeds(m);

  m.def("slow_points", slow_points, py::arg("net"), py::kw_only(), py::arg("input") = py::none(),
        py::arg("starts"), py::arg("tolerance") = 1e-12, py::arg("gradient_tolerance") = 0.0,
        py::arg("max_iterations") = 300, py::arg("escape_radius") = 0.0,
        py::arg("merge_distance") = 1e-6, py::arg("threads") = 0,
        "Local minima of the speed q(x) = |F(x) - x|^2 / (2 dt^2) that are no fixed points, from\n"
        "each row of starts (K, n): dq/dx = 0 with a positive definite Hessian, or a kink of a\n"
        "piecewise smooth F. A start where |F(x) - x| <= tolerance is reached is a fixed point\n"
        "and leads to no slow point; |dq/dx| <= gradient_tolerance is near enough to 0.\n"
        "Points within merge_distance (1 + |x|) are one.");
  m.def("speeds", speeds, py::arg("net"), py::arg("states"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("gradient_tolerance") = 0.0,
        py::arg("hessians") = true, py::arg("threads") = 0,
        "The speed q(x) = |F(x) - x|^2 / (2 dt^2) along trajectories states (T, B, n), with its\n"
        "gradient and the least eigenvalue of its Hessian: which states are slow.");
}

}  // namespace nullcline::python
