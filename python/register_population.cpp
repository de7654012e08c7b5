// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <fmt/format.h>

#include <atomic>
#include <utility>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "interruptible.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/population.hpp"
#include "warp.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

/// The metrics of several networks at the same points and steps.
struct Networks {
  Index points = 0, steps = 0, dim = 0;
  std::vector<ge::PullbackMetric> metrics;
};

Networks read_networks(const py::sequence& tangents) {
  if (py::len(tangents) == 0) {
    throw Error("", "tangents", "none", "those of one network or more");
  }
  Networks all;
  for (const py::handle& one : tangents) {
    const std::string name = fmt::format("tangents[{}]", all.metrics.size());
    Tangents a = read_tangents(one, name);
    if (!all.metrics.empty() &&
        (a.points != all.points || a.steps != all.steps || a.dim != all.dim)) {
      throw Error("", name, "tangents of other points, steps or coordinates",
                  "those of the first network");
    }
    all.points = a.points, all.steps = a.steps, all.dim = a.dim;
    run_interruptibly([&](const std::atomic<bool>&) {  // a signal raises at its end
      all.metrics.push_back(ge::pullback_metric(a.values, a.dim));
    });
  }
  return all;
}

struct Mean {
  py::array metric, distances, dispersion, residual;
  py::object converged, status;
};

Mean mean_metric(const py::sequence& tangents, double tolerance, Index max_steps) {
  const Networks all = read_networks(tangents);
  ge::MeanMetric found;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    found = ge::mean_metric(all.metrics, {tolerance, max_steps}, [&](double) { return !stop; });
  });
  const Index K = all.points, S = all.steps, m = all.dim;
  const auto N = static_cast<Index>(all.metrics.size());
  std::vector<std::string> status;
  std::vector<char> converged;
  for (Index k = 0; k < K; ++k) {
    for (Index s = 0; s < S; ++s) {
      const auto place = static_cast<std::size_t>(s * K + k);
      status.emplace_back(name_of(found.status[place]));
      converged.push_back(found.converged[place]);
    }
  }
  return {points_first(found.metric, K, S, {m, m}),
          points_first(found.distances, K, S, {N}),
          points_first(found.dispersion.transpose(), K, S, {}),
          points_first(found.residual.transpose(), K, S, {}),
          flags(converged).attr("reshape")(K, S),
          words(status).attr("reshape")(K, S)};
}

struct Pairs {
  py::object affine_invariant, spectral_ratio;
};

Pairs distances_of_networks(const py::sequence& tangents) {
  const Networks all = read_networks(tangents);
  ge::NetworkDistances found;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    found = ge::distances_of_networks(all.metrics, all.points, [&](double) { return !stop; });
  });
  const auto N = static_cast<Index>(all.metrics.size());
  const auto by_step = [&](const Matrix& values) {
    py::array_t<double> result(Shape{all.steps, N, N});
    Eigen::Map<Matrix>(result.mutable_data(), N * N, all.steps) = values;
    return result;
  };
  return {by_step(found.affine_invariant), by_step(found.spectral_ratio)};
}

}  // namespace

void register_population(py::module_& m) {
  py::class_<Mean>(
      m, "MeanMetric",
      "The Frechet mean of the metrics of N networks, at K points and S steps, by the\n"
      "affine-invariant distance; nan where not all of them are immersed.")
      .def_readonly("metric", &Mean::metric, "(K, S, m, m)")
      .def_readonly("distances", &Mean::distances, "(K, S, N) of each network from the mean.")
      .def_readonly("dispersion", &Mean::dispersion, "(K, S) their root mean square.")
      .def_readonly("residual", &Mean::residual,
                    "(K, S) norm of the mean logarithm; 0 at the mean.")
      .def_readonly("converged", &Mean::converged, "(K, S) bool")
      .def_readonly("status", &Mean::status, "(K, S) str, the worst of the networks.");
  py::class_<Pairs>(m, "NetworkDistances",
                    "Medians over points of the distances of all pairs of N networks.")
      .def_readonly("affine_invariant", &Pairs::affine_invariant, "(S, N, N)")
      .def_readonly("spectral_ratio", &Pairs::spectral_ratio, "(S, N, N)");
  m.def("mean_metric", &mean_metric, py::arg("tangents"), py::kw_only(),
        py::arg("tolerance") = 1e-12, py::arg("max_steps") = 1000,
        "The metric of a population, from the tangents (K, S, m, n) of each network, such as\n"
        "PullbackMetric.tangents; n may differ. Not converging is said in the result.");
  m.def("distances_of_networks", &distances_of_networks, py::arg("tangents"),
        "How far the metrics of all pairs of networks are apart at each step, from the tangents\n"
        "(K, S, m, n) of each.");
}

}  // namespace nullcline::python
