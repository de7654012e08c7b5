// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "json.hpp"
#include "manifolds.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/manifolds/grid_interpolant.hpp"
#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/input_functions.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

UserInputs inputs_by_function(py::function function, const py::object& domain) {
  // The function must outlive the GIL's being released, and die with it held.
  const auto held =
      std::shared_ptr<py::function>(new py::function(std::move(function)), [](py::function* last) {
        const py::gil_scoped_acquire acquired;
        delete last;
      });
  const auto at = [held](In<Matrix> kappa, int order) {
    const py::gil_scoped_acquire acquired;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    const py::tuple parts = (*held)(shaped(Matrix(kappa), {kappa.cols()}));
    if (parts.size() < 2 || (order >= 2 && parts.size() < 3)) {
      throw Error("", "function", std::to_string(parts.size()) + " arrays",
                  order >= 2 ? "(u, du, d2u)" : "(u, du) or (u, du, d2u)");
    }
    return read_manifold(parts[0], parts[1], order >= 2 ? py::object(parts[2]) : py::none());
  };
  return {{read_domain(domain), at}, true};
}

UserInputs inputs_of_task(const std::string& name, const py::dict& settings, double dt,
                          Index number) {
  const tasks::TaskKind& kind = tasks::task_kind(name);
  const auto task = kind.make(
      io::settings_from_json(from_python(settings, "settings"), kind.schema, "settings"), dt);
  const auto manifolds = task->input_manifolds();
  const auto count = static_cast<Index>(manifolds.size());
  if (number < 0 || number >= count) {
    throw Error("", "manifold", std::to_string(number),
                "one of the " + std::to_string(count) + " of the task");
  }
  return {study::input_functions(manifolds[static_cast<std::size_t>(number)]), false};
}

UserManifold slice(const cells::Network& network, const UserInputs& inputs, Index step,
                   const py::object& start, int threads) {
  const std::shared_ptr<const DrivenMap> map = cells::embedded_map(network);
  ge::DrivenSlice::Options options{.step = step, .start = {}, .threads = {threads}};
  options.start = start.is_none() ? cells::initial_state(network)
                                  : read_vector_or_zeros(start, "start", map->state_dim());
  return {std::make_shared<ge::DrivenSlice>(*map, inputs.functions, std::move(options)),
          inputs.of_python, map};
}

UserManifold table(const py::object& domain, const py::array& points, bool chebyshev) {
  std::vector<Index> counts;
  std::vector<Extent> shape;
  for (py::ssize_t i = 0; i + 1 < points.ndim(); ++i) {
    counts.push_back(points.shape(i));
    shape.push_back({"N"});
  }
  shape.push_back({"n"});
  const DoubleArray values = read_array(points, "points", shape);
  return {
      std::make_shared<ge::GridInterpolant>(read_grid(domain, counts, chebyshev), columns(values))};
}

Matrix read_kappa(const py::object& object, Index m) {
  return columns(read_array(object, "kappa", {{"K"}, {"m", m}}));
}

py::tuple jets(const UserManifold& self, const py::object& kappa, int order) {
  const Matrix at = read_kappa(kappa, self.manifold->dim());
  if (order < 0 || order > 2) throw Error("", "order", std::to_string(order), "0, 1 or 2");
  ge::Jets found;
  run_work(self.of_python, 1,
           [&](Threads, const Progress&) { found = self.manifold->jets(at, order); });
  const Index K = at.cols(), m = at.rows();
  py::list parts;
  parts.append(shaped(found.points, {K}));
  if (order >= 1) parts.append(shaped(found.tangents, {K, m}));
  if (order >= 2) parts.append(shaped(found.second, {K, m * (m + 1) / 2}));
  return py::tuple(parts);
}

UserManifold interpolated(const UserManifold& self, const std::vector<Index>& counts) {
  UserManifold result;
  run_work(self.of_python, 1, [&](Threads, const Progress&) {
    result.manifold =
        std::make_shared<ge::GridInterpolant>(ge::interpolate(*self.manifold, counts));
  });
  return result;
}

template <class Surface>
UserManifold closed_form(Surface surface) {
  return {std::make_shared<Surface>(std::move(surface))};
}

py::list domain_of(const ge::Domain& domain) {
  py::list list;
  for (const auto& [lowest, highest, periodic] : domain) {
    list.append(py::make_tuple(lowest, highest, periodic));
  }
  return list;
}

}  // namespace

void register_manifolds(py::module_& m) {
  py::class_<UserInputs>(
      m, "InputFunctions",
      "Input functions u(t; kappa) at any kappa of a domain, a list of (lowest, highest) or\n"
      "(lowest, highest, periodic): function(kappa (K, m)) gives (u (K, T, n_in), du (K, m, T,\n"
      "n_in), d2u (K, m (m + 1) / 2, T, n_in)), second derivatives 11 12 .. 22 ..")
      .def(py::init(&inputs_by_function), py::arg("function"), py::arg("domain"))
      .def_static("of_task", &inputs_of_task, py::arg("task"), py::arg("settings") = py::dict(),
                  py::kw_only(), py::arg("dt"), py::arg("manifold") = 0,
                  "Those of a task of list_tasks(), of which some have several.")
      .def(
          "at",
          [](const UserInputs& self, const py::object& kappa) {
            const Matrix at = read_kappa(kappa, static_cast<Index>(self.functions.domain.size()));
            return self.functions.at(at, 2);
          },
          py::arg("kappa"), "The InputManifold at kappa (K, m).")
      .def_property_readonly(
          "domain", [](const UserInputs& self) { return domain_of(self.functions.domain); });

  py::class_<UserManifold>(
      m, "Manifold", "An immersed manifold kappa -> x in R^n: what geodesics and distances are on.")
      .def_static("slice", &slice, py::arg("network"), py::arg("inputs"), py::arg("step"),
                  py::kw_only(), py::arg("start") = py::none(), py::arg("threads") = 1,
                  py::keep_alive<0, 1>(),
                  "The states of a network after `step` steps under InputFunctions, exactly; many\n"
                  "geodesics are cheaper on .interpolate(counts).")
      .def_static("table", &table, py::arg("domain"), py::arg("points"), py::kw_only(),
                  py::arg("chebyshev") = true,
                  "Through points (N_1, .., N_m, n) on a grid: trigonometric on circles, by\n"
                  "polynomials on intervals, whose nodes are Chebyshev's (see `grid`).")
      .def_static(
          "sphere", [](double r) { return closed_form(ge::sphere(r)); }, py::arg("r") = 1.0,
          "By polar angle and longitude, without the poles.")
      .def_static(
          "pseudosphere", [] { return closed_form(ge::pseudosphere()); },
          "(sech u cos v, sech u sin v, u - tanh u): a patch of the hyperbolic plane.")
      .def_static(
          "ring_torus", [](double R, double r) { return closed_form(ge::ring_torus(R, r)); },
          py::arg("R"), py::arg("r"))
      .def_static(
          "clifford_torus",
          [](double r1, double r2) { return closed_form(ge::clifford_torus(r1, r2)); },
          py::arg("r1"), py::arg("r2"), "The flat torus in R^4.")
      .def_property_readonly(
          "dim", [](const UserManifold& self) { return self.manifold->dim(); }, "m")
      .def_property_readonly(
          "ambient_dim", [](const UserManifold& self) { return self.manifold->ambient_dim(); }, "n")
      .def_property_readonly(
          "domain", [](const UserManifold& self) { return domain_of(self.manifold->domain()); },
          "A list of (lowest, highest, periodic).")
      .def_property_readonly(
          "tail",
          [](const UserManifold& self) -> py::object {
            const auto* made = dynamic_cast<const ge::GridInterpolant*>(self.manifold.get());
            return made == nullptr ? py::none() : py::object(py::float_(made->tail()));
          },
          "Of a table, the highest frequencies' part of the coefficients: about its relative\n"
          "error; else None.")
      .def("jets", &jets, py::arg("kappa"), py::arg("order") = 2,
           "x (K, n), dx/dkappa_i (K, m, n), d2x/dkappa_i dkappa_j (K, m (m + 1) / 2, n), i <= j,\n"
           "at kappa (K, m), up to the order.")
      .def("interpolate", &interpolated, py::arg("counts"),
           "The Manifold that agrees at a grid of counts nodes, and costs no more runs.")
      .def(
          "grid",
          [](const UserManifold& self, const std::vector<Index>& counts, bool chebyshev) {
            const Matrix kappa =
                ge::make_grid(self.manifold->domain(), counts,
                              chebyshev ? ge::Spacing::chebyshev : ge::Spacing::uniform)
                    .points();
            return shaped(kappa, {kappa.cols()});
          },
          py::arg("counts"), py::kw_only(), py::arg("chebyshev") = false,
          "kappa (K, m) of a grid, the last coordinate fastest.");
}

}  // namespace nullcline::python
