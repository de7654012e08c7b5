// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "manifolds.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/geodesics/geodesic.hpp"
#include "nullcline/geometry/geodesics/grid_distances.hpp"
#include "nullcline/geometry/geodesics/parallel_transport.hpp"
#include "nullcline/geometry/geodesics/rays.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

Vector read_point(const py::object& object, const std::string& name, Index m) {
  return columns(read_array(object, name, {{"m", m}}));
}

ge::Rays rays(const UserManifold& manifold, const py::object& points, const py::object& velocities,
              double until, Index intervals, const py::object& frames, double tolerance,
              Index max_steps) {
  const Index m = manifold.manifold->dim();
  const Matrix from = columns(read_array(points, "points", {{"B"}, {"m", m}}));
  const Matrix along =
      columns(read_array(velocities, "velocities", {{"B", from.cols()}, {"m", m}}));
  ge::RayOptions options{
      .until = until, .intervals = intervals, .tolerance = tolerance, .max_steps = max_steps};
  if (!frames.is_none()) {
    options.frames = columns(read_array(frames, "frames", {{"B", from.cols()}, {"r"}, {"m", m}}));
  }
  ge::Rays result;
  run_work(manifold.of_python, 1, [&](Threads, const Progress&) {
    result = ge::geodesic_rays(*manifold.manifold, from, along, options);
  });
  return result;
}

ge::GeodesicSearch between(const UserManifold& manifold, const py::object& from,
                           const py::object& to, Index windings, double tolerance, Index segments,
                           Index max_segments, Index max_iterations, const py::list& starts,
                           int threads) {
  const Index m = manifold.manifold->dim();
  const Vector p = read_point(from, "from_", m), q = read_point(to, "to", m);
  ge::GeodesicOptions options{.segments = segments,
                              .max_segments = max_segments,
                              .tolerance = tolerance,
                              .max_iterations = max_iterations,
                              .windings = windings};
  for (const py::handle start : starts) {
    options.starts.emplace_back(columns(read_array(start, "starts", {{"knots"}, {"m", m}})));
  }
  ge::GeodesicSearch result;
  run_work(manifold.of_python, threads, [&](Threads allowed, const Progress& progress) {
    options.threads = allowed;
    result = ge::geodesics_between(*manifold.manifold, p, q, options, progress);
  });
  return result;
}

struct Distances {
  ge::GridDistances found;
  Matrix kappa;  // (m, K)
};

Distances distances(const UserManifold& manifold, const std::vector<Index>& counts, Index reach,
                    Index checked, const std::vector<std::pair<Index, Index>>& pairs,
                    Index windings, double tolerance, std::uint64_t seed, int threads) {
  const ge::Grid grid = ge::make_grid(manifold.manifold->domain(), counts);
  ge::GridDistanceOptions options{
      .reach = reach, .checked = checked, .refined = pairs, .seed = seed};
  options.geodesic.windings = windings;
  options.geodesic.tolerance = tolerance;
  Distances result{{}, grid.points()};
  run_work(manifold.of_python, threads, [&](Threads allowed, const Progress& progress) {
    options.threads = allowed;
    result.found = ge::grid_distances(*manifold.manifold, grid, options, progress);
  });
  return result;
}

ge::Transport transport(const UserManifold& manifold, const py::function& curve,
                        const py::object& vectors, double tolerance, Index max_steps) {
  const Index m = manifold.manifold->dim();
  const Matrix start = columns(read_array(vectors, "vectors", {{"r"}, {"m", m}}));
  const ge::Curve at = [&](double s) {
    const py::gil_scoped_acquire acquired;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    const py::tuple parts = curve(s);
    if (parts.size() != 2) {
      throw Error("", "curve", std::to_string(parts.size()) + " values", "(kappa, velocity)");
    }
    return ge::CurvePoint{read_point(parts[0], "kappa", m), read_point(parts[1], "velocity", m)};
  };
  ge::Transport result;
  run_work(true, 1, [&](Threads, const Progress&) {
    result = ge::parallel_transport(*manifold.manifold, at, start,
                                    {.tolerance = tolerance, .max_steps = max_steps});
  });
  return result;
}

py::array by_ray(const ge::Rays& self, const Matrix& values) {
  return shaped(values, {values.cols() / self.knots, self.knots});
}

void register_rays(py::module_& m) {
  using ge::Rays;
  py::class_<Rays>(m, "GeodesicRays", "Geodesics from B points, at knots of their parameter.")
      .def_property_readonly(
          "points", [](const Rays& self) { return by_ray(self, self.points); },
          "(B, intervals + 1, m) kappa, not wrapped; NaN where a ray did not get.")
      .def_property_readonly(
          "velocities", [](const Rays& self) { return by_ray(self, self.velocities); },
          "(B, intervals + 1, m)")
      .def_property_readonly(
          "frames",
          [](const Rays& self) {
            const Index columns = self.points.cols();
            return shaped(self.frames,
                          {columns / self.knots, self.knots, self.frames.cols() / columns});
          },
          "(B, intervals + 1, r, m) vectors carried along in parallel.")
      .def_property_readonly(
          "ends",
          [](const Rays& self) {
            return by_ray(self, self.points)
                .attr("__getitem__")(py::make_tuple(py::ellipsis(), -1,
                                                    py::slice(py::none(), py::none(), py::none())));
          },
          "(B, m) the last knot: the exponential map of until * velocities.")
      .def_property_readonly("reached", vector_of(&Rays::reached), "(B,) parameter.")
      .def_property_readonly("error", vector_of(&Rays::error),
                             "(B,) largest relative change of what is conserved: g(v, v), and the\n"
                             "products of frames.")
      .def_property_readonly("status", names_of(&Rays::status),
                             "(B,) str: 'converged', 'not_converged', 'left_domain', 'degenerate'\n"
                             "or 'not_finite'.");
  m.def(
      "geodesic_rays", &rays, py::arg("manifold"), py::arg("points"), py::arg("velocities"),
      py::kw_only(), py::arg("until") = 1.0, py::arg("intervals") = 1,
      py::arg("frames") = py::none(), py::arg("tolerance") = 1e-11, py::arg("max_steps") = 100'000,
      "Geodesics from points (B, m) in the directions of velocities (B, m), with frames (B, r, m)\n"
      "transported in parallel: the exponential map.");
}

void register_between(py::module_& m) {
  using ge::Geodesic;
  using ge::GeodesicSearch;
  py::class_<Geodesic>(m, "Geodesic", "A curve between two points that is stationary in length.")
      .def_readonly("winding", &Geodesic::winding,
                    "Periods more than the shorter way around each circle.")
      .def_property_readonly("path", rows_of(&Geodesic::path), "(P + 1, m) kappa, not wrapped.")
      .def_readonly("length", &Geodesic::length)
      .def_readonly("error", &Geodesic::error, "Of the length, estimated.")
      .def_property_readonly("start_velocity", vector_of(&Geodesic::start_velocity),
                             "(m,) dkappa/ds at s = 0: the logarithm of the other point.")
      .def_property_readonly("end_velocity", vector_of(&Geodesic::end_velocity), "(m,) at s = 1.")
      .def_readonly("minimum", &Geodesic::minimum, "No path near it is shorter.")
      .def_readonly("segments", &Geodesic::segments, "Of the finest polygon.")
      .def_readonly("iterations", &Geodesic::iterations, "Newton steps.")
      .def_property_readonly("status", name_in(&Geodesic::status), "As of GeodesicRays.");
  py::class_<GeodesicSearch>(m, "GeodesicSearch", "Geodesics of all windings.")
      .def_readonly("all", &GeodesicSearch::all, "One a winding, then those of `starts`.")
      .def_property_readonly(
          "shortest",
          [](const GeodesicSearch& self) -> const Geodesic* {
            return self.shortest < 0 ? nullptr : &self.best();
          },
          py::return_value_policy::reference_internal,
          "Of those that converged; None if none did.");
  m.def("geodesics_between", &between, py::arg("manifold"), py::arg("from_"), py::arg("to"),
        py::kw_only(), py::arg("windings") = 1, py::arg("tolerance") = 1e-9,
        py::arg("segments") = 8, py::arg("max_segments") = 512, py::arg("max_iterations") = 100,
        py::arg("starts") = py::list(), py::arg("threads") = 0,
        "Geodesics between two points (m,), from straight lines in kappa with up to `windings`\n"
        "more periods around each circle, and from paths `starts` (knots, m). The length is\n"
        "extrapolated until it changes by less than the tolerance, relative.");
}

void register_distances(py::module_& m) {
  using ge::GridDistances;
  using ge::RefinedPair;
  py::class_<RefinedPair>(m, "RefinedPair", "A pair of points of which the geodesic was sought.")
      .def_property_readonly(
          "points", [](const RefinedPair& self) { return py::make_tuple(self.from, self.to); },
          "Their numbers.")
      .def_readonly("along_grid", &RefinedPair::along_grid, "The entry of `lengths`.")
      .def_readonly("geodesic", &RefinedPair::geodesic, "The shortest that was found.");
  py::class_<Distances>(m, "GeodesicDistances", "Distances between all points of a grid.")
      .def_property_readonly("lengths",
                             part_of(&Distances::found, &GridDistances::lengths, as_rows),
                             "(K, K) along edges of the grid: upper bounds.")
      .def_property_readonly("kappa", rows_of(&Distances::kappa), "(K, m)")
      .def_property_readonly(
          "pairs", [](const Distances& self) { return self.found.pairs; },
          "The checked RefinedPairs, then those asked for.")
      .def_property_readonly(
          "mean_excess", [](const Distances& self) { return self.found.mean_excess; },
          "How much too long the lengths are, relative, over the checked pairs.")
      .def_property_readonly(
          "largest_excess", [](const Distances& self) { return self.found.largest_excess; },
          "The largest of them.")
      .def_property_readonly(
          "unchecked", [](const Distances& self) { return self.found.unchecked; },
          "Checked pairs of which no geodesic converged.");
  m.def("geodesic_distances", &distances, py::arg("manifold"), py::arg("counts"), py::kw_only(),
        py::arg("reach") = 3, py::arg("checked") = 0,
        py::arg("pairs") = std::vector<std::pair<Index, Index>>{}, py::arg("windings") = 1,
        py::arg("tolerance") = 1e-6, py::arg("seed") = 0, py::arg("threads") = 0,
        "Distances on the manifold between all points of a grid of counts nodes, along edges to\n"
        "nodes up to `reach` away; `checked` random pairs, and `pairs`, are measured by\n"
        "geodesics_between. nc.smacof(d.lengths) draws the manifold isometrically, as far as its\n"
        "stress says.");
}

void register_transport(py::module_& m) {
  using ge::Transport;
  py::class_<Transport>(m, "Transport", "Vectors carried along a curve without turning.")
      .def_property_readonly("vectors", rows_of(&Transport::vectors), "(r, m) at the end.")
      .def_readonly("reached", &Transport::reached, "s, 1 at the end of the curve.")
      .def_readonly("error", &Transport::error,
                    "Largest relative change of their lengths and angles.")
      .def_property_readonly("status", name_in(&Transport::status), "As of GeodesicRays.");
  m.def("parallel_transport", &transport, py::arg("manifold"), py::arg("curve"), py::arg("vectors"),
        py::kw_only(), py::arg("tolerance") = 1e-11, py::arg("max_steps") = 100'000,
        "Carries vectors (r, m) along curve(s) -> (kappa (m,), dkappa/ds (m,)), s in [0, 1].");
  m.def(
      "angle_between",
      [](const UserManifold& manifold, const py::object& kappa, const py::object& v,
         const py::object& w) {
        return ge::angle_between(*manifold.manifold, read_point(kappa, "kappa", 2),
                                 read_point(v, "v", 2), read_point(w, "w", 2));
      },
      py::arg("manifold"), py::arg("kappa"), py::arg("v"), py::arg("w"),
      "The angle from v to w, tangent vectors (2,) of a surface at kappa, in (-pi, pi].");
}

}  // namespace

void register_geodesics(py::module_& m) {
  register_rays(m);
  register_between(m);
  register_distances(m);
  register_transport(m);
}

}  // namespace nullcline::python
