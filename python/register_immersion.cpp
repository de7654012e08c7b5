// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "interruptible.hpp"
#include "manifolds.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/gridlines.hpp"
#include "nullcline/geometry/legacy_curvature.hpp"
#include "nullcline/geometry/topology.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

/// Columns are points at kept steps, step by step: (S, K, ..) in C order.
struct Curvatures {
  ge::Curvature values;
  ge::Sensitivities of;

  std::vector<py::ssize_t> shape(std::vector<py::ssize_t> rest = {}) const {
    rest.insert(rest.begin(), {static_cast<py::ssize_t>(of.steps.size()), of.points});
    return rest;
  }
};

ge::Sensitivities forward(const cells::Network& network, const ge::ManifoldInputs& inputs,
                          const py::object& steps, const py::object& start, bool second,
                          int threads, const std::function<void(const ge::Sensitivities&)>& then) {
  const auto map = cells::embedded_map(network);
  if (inputs.inputs.rows() != map->input_dim()) {
    throw Error("", "u", std::to_string(inputs.inputs.rows()) + " inputs",
                std::to_string(map->input_dim()));
  }
  ge::SensitivityOptions options{.start = {}, .second = second, .dt = network.dt()};
  options.threads = {threads};
  if (!steps.is_none()) options.steps = steps.cast<std::vector<Index>>();
  options.start = start.is_none() ? cells::initial_state(network)
                                  : read_vector_or_zeros(start, "start", map->state_dim());
  ge::Sensitivities result;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    result = ge::sensitivities(*map, inputs, options, [&](double) { return !stop; });
    then(result);
  });
  return result;
}

Curvatures curvatures(const cells::Network& network, const ge::ManifoldInputs& inputs,
                      const py::object& steps, const py::object& start, int threads) {
  Curvatures result;
  result.of =
      forward(network, inputs, steps, start, true, threads, [&](const ge::Sensitivities& found) {
        result.values = ge::curvature(found.tangents, found.second, inputs.dim);
      });
  return result;
}

/// Points first, which are second in the library.
py::object points_first(const py::array& array) { return array.attr("swapaxes")(0, 1); }

py::object per_point(const Curvatures& self, const Vector& values) {
  return points_first(shaped(values, self.shape()));
}

template <class Member>
auto scalar_of(Member ge::Curvature::*member) {
  return [member](const Curvatures& self) { return per_point(self, self.values.*member); };
}

/// The right numbers of a surface by themselves: np.asarray(curvature).
py::object as_array(const Curvatures& self, const py::object&, const py::object&) {
  return per_point(self, self.of.dim == 2 ? self.values.gaussian : self.values.scalar);
}

void register_curvature(py::module_& m) {
  py::class_<Curvatures>(m, "Curvature",
                         "Curvature of the states of K points of an input manifold at S steps, by\n"
                         "the equation of Gauss. NaN where it is not immersed. As an array:\n"
                         "(K, S) gaussian, or scalar if m is not 2.")
      .def_property_readonly(
          "gaussian",
          [](const Curvatures& self) -> py::object {
            if (self.of.dim != 2) return py::none();
            return per_point(self, self.values.gaussian);
          },
          "(K, S) of surfaces; None unless m = 2.")
      .def_property_readonly("scalar", scalar_of(&ge::Curvature::scalar), "(K, S)")
      .def_property_readonly(
          "sectional",
          [](const Curvatures& self) {
            return points_first(shaped(self.values.sectional, self.shape()));
          },
          "(K, S, m (m - 1) / 2) of the coordinate planes 12 13 .. 23 ..")
      .def_property_readonly(
          "ricci",
          [](const Curvatures& self) {
            return points_first(shaped(self.values.ricci, self.shape()))
                .attr("reshape")(self.of.points, self.of.steps.size(), self.of.dim, self.of.dim);
          },
          "(K, S, m, m)")
      .def_property_readonly(
          "mean_curvature",
          [](const Curvatures& self) {
            return points_first(shaped(self.values.mean_curvature, self.shape()));
          },
          "(K, S, n) the mean curvature vector.")
      .def_property_readonly(
          "second",
          [](const Curvatures& self) {
            const Index pairs = self.of.dim * (self.of.dim + 1) / 2;
            return points_first(shaped(self.of.second, self.shape({pairs})));
          },
          "(K, S, m (m + 1) / 2, n) d2x/dkappa_i dkappa_j, i <= j.")
      .def("__array__", &as_array, py::arg("dtype") = py::none(), py::arg("copy") = py::none());
  m.def("curvature", &curvatures, py::arg("network"), py::arg("manifold"),
        py::arg("steps") = py::none(), py::kw_only(), py::arg("start") = py::none(),
        py::arg("threads") = 0,
        "Curvature of the states at the points of an InputManifold with second derivatives.");
  m.def(
      "surface_integral",
      [](const py::object& f, const py::object& volume, const py::object& domain,
         const std::vector<Index>& counts, bool chebyshev) {
        const ge::Grid grid = read_grid(domain, counts, chebyshev);
        return ge::integrate(grid, columns(read_array(f, "f", {{"K", grid.size()}})),
                             columns(read_array(volume, "volume", {{"K", grid.size()}})));
      },
      py::arg("f"), py::arg("volume"), py::arg("domain"), py::arg("counts"), py::kw_only(),
      py::arg("chebyshev") = false,
      "The integral of f (K,) over a manifold by a grid, volume (K,) being sqrt(det G). Of the\n"
      "Gaussian curvature of a torus it is 0 [Gauss & Bonnet].");
  using ge::LegacyCurvature;
  py::class_<LegacyCurvature>(m, "LegacyCurvature", "The supplement's formula against the truth.")
      .def_property_readonly("values", vector_of(&LegacyCurvature::values), "(K,)")
      .def_property_readonly("difference", vector_of(&LegacyCurvature::difference),
                             "(K,) values - gaussian.")
      .def_readonly("largest_difference", &LegacyCurvature::largest_difference)
      .def_readonly("where", &LegacyCurvature::where, "Its point.");
  m.def(
      "legacy_curvature",
      [](const py::object& metric, const py::object& gaussian, const py::object& domain,
         const std::vector<Index>& counts) {
        const ge::Grid grid = read_grid(domain, counts, false);
        const Index K = grid.size();
        const DoubleArray G = read_array(metric, "metric", {{"K", K}, {"2", 2}, {"2", 2}});
        return ge::legacy_curvature(grid, Eigen::Map<const Matrix>(G.data(), 4, K),
                                    columns(read_array(gaussian, "gaussian", {{"K", K}})));
      },
      py::arg("metric"), py::arg("gaussian"), py::arg("domain"), py::arg("counts"),
      "The curvature formula of the supplement of the 2025 paper, by differences over a grid:\n"
      "right only where coordinates are orthogonal. metric (K, 2, 2), gaussian (K,) the truth.");
}

ge::GridlineMethod read_method(const std::string& name) {
  for (const auto method : {ge::GridlineMethod::arc_length, ge::GridlineMethod::legacy_absolute,
                            ge::GridlineMethod::legacy_normalized}) {
    if (name == ge::name_of(method)) return method;
  }
  throw Error("", "method", name, "arc_length, legacy_absolute or legacy_normalized");
}

void register_gridlines(py::module_& m) {
  using ge::Gridlines;
  py::class_<Gridlines>(m, "Gridlines", "Where the points of a grid are drawn.")
      .def_property_readonly("positions", rows_of(&Gridlines::positions), "(K, m)")
      .def_property_readonly(
          "defect", vector_of(&Gridlines::defect),
          "(K,) |dX'dX - G| / |G|: 0 where the drawing is isometric; empty where positions are no\n"
          "lengths.")
      .def_property_readonly("obliqueness", vector_of(&Gridlines::obliqueness),
                             "(K,) the largest cosine between coordinates, which is left out.")
      .def_property_readonly("net_defect", rows_of(&Gridlines::net_defect),
                             "(K, m) sqrt(G_ii) over its mean along the other coordinates, minus\n"
                             "1: 0 of a Chebyshev net.");
  m.def(
      "gridlines",
      [](const py::object& metric, const py::object& domain, const std::vector<Index>& counts,
         const std::string& method, bool per_half) {
        const ge::Grid grid = read_grid(domain, counts, false);
        const Index K = grid.size(), dim = grid.dim();
        const DoubleArray G = read_array(metric, "metric", {{"K", K}, {"m", dim}, {"m", dim}});
        return ge::gridlines(grid, Eigen::Map<const Matrix>(G.data(), dim * dim, K),
                             {.method = read_method(method), .per_half = per_half});
      },
      py::arg("metric"), py::arg("domain"), py::arg("counts"), py::kw_only(),
      py::arg("method") = "arc_length", py::arg("per_half") = false,
      "Gridlines at the lengths of the metric (K, m, m), from the center of the grid; method\n"
      "'legacy_absolute' and 'legacy_normalized' are the paper's versions A and B.");
}

void register_topology(py::module_& m) {
  using ge::Immersion;
  using ge::Injectivity;
  using ge::RankHistory;
  py::class_<Immersion>(m, "Immersion", "How far tangents are from depending on each other.")
      .def_readonly("smallest", &Immersion::smallest, "sigma_m / sigma_1.")
      .def_readonly("where", &Immersion::where, "The point of it.")
      .def_readonly("degenerate", &Immersion::degenerate, "Points where they depend, to rounding.")
      .def_readonly("not_finite", &Immersion::not_finite, "Points with no number.")
      .def_property_readonly("immersed", &Immersion::immersed);
  m.def(
      "immersion",
      [](const py::object& tangents) {
        const DoubleArray a = read_array(tangents, "tangents", {{"K"}, {"m"}, {"n"}});
        return ge::immersion(columns(a), a.shape(1));
      },
      py::arg("tangents"), "Of tangents (K, m, n), such as pullback_metric(..).tangents[:, s].");

  py::class_<Injectivity>(m, "Injectivity", "How near far points come in the states.")
      .def_readonly("smallest", &Injectivity::smallest, "Chord over distance.")
      .def_property_readonly(
          "pair", [](const Injectivity& self) { return py::make_tuple(self.first, self.second); },
          "Its points.")
      .def_readonly("chord", &Injectivity::chord)
      .def_readonly("distance", &Injectivity::distance)
      .def_readonly("pairs", &Injectivity::pairs, "That were compared.");
  m.def(
      "injectivity",
      [](const py::object& states, const py::object& distances, double separation) {
        const DoubleArray x = read_array(states, "states", {{"K"}, {"n"}});
        const Index K = x.shape(0);
        const DoubleArray D = read_array(distances, "distances", {{"K", K}, {"K", K}});
        return ge::injectivity(columns(x), columns(D), separation);
      },
      py::arg("states"), py::arg("distances"), py::arg("separation"),
      "The least |x - x'| / d over pairs of states (K, n) farther apart than `separation` along\n"
      "the manifold, distances (K, K): 0 is a double point.");

  py::class_<RankHistory>(m, "RankHistory", "Independent tangents over time.")
      .def_property_readonly(
          "ranks",
          [](const RankHistory& self) {
            return py::array_t<Index>({self.ranks.rows(), self.ranks.cols()},
                                      {static_cast<py::ssize_t>(sizeof(Index)),
                                       static_cast<py::ssize_t>(sizeof(Index)) * self.ranks.rows()},
                                      self.ranks.data());
          },
          "(K, S)")
      .def_property_readonly("conditions", matrix_of(&RankHistory::conditions),
                             "(K, S) sigma_m / sigma_1.")
      .def_readonly("last_input", &RankHistory::last_input,
                    "The last step whose input depends on kappa; -1: none.")
      .def_readonly("changes", &RankHistory::changes,
                    "(point, step) after it at which the rank changed: 0 of flows.");
  m.def(
      "rank_history",
      [](const cells::Network& network, const ge::ManifoldInputs& inputs, const py::object& steps,
         const py::object& start, int threads) {
        RankHistory result;
        forward(network, inputs, steps, start, false, threads,
                [&](const ge::Sensitivities& found) { result = ge::rank_history(found, inputs); });
        return result;
      },
      py::arg("network"), py::arg("manifold"), py::arg("steps") = py::none(), py::kw_only(),
      py::arg("start") = py::none(), py::arg("threads") = 0,
      "The rank of the tangents of an InputManifold over time.");
}

}  // namespace

void register_immersion(py::module_& m) {
  register_curvature(m);
  register_gridlines(m);
  register_topology(m);
}

}  // namespace nullcline::python
