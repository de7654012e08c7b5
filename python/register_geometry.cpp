// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "manifolds.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/geometry/over_manifold.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "nullcline/geometry/sensitivities.hpp"
#include "nullcline/geometry/space_time.hpp"
#include "warp.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

/// A metric with the tangents that it is of; columns are points at kept steps.
struct Geometry {
  ge::Sensitivities sensitivities;
  ge::PullbackMetric metric, readout;
  bool has_readout = false, has_tangents = true;
  double dt = 1;
};

/// D dR/dx a of every tangent a: what the readout y = D R(x) + c sees.
Matrix readout_tangents(const cells::Network& network, const ge::Sensitivities& all) {
  const Matrix& D = network.parameter("readout");
  Matrix result(D.rows(), all.tangents.cols());
  for (Index c = 0; c < all.states.cols(); ++c) {
    const Matrix H = D * cells::features_jacobian(network, all.states.col(c));
    result.middleCols(c * all.dim, all.dim) = H * all.tangents.middleCols(c * all.dim, all.dim);
  }
  return result;
}

Precision precision_from_name(const std::string& name) {
  if (name == "double") return Precision::full;
  if (name == "single") return Precision::single;
  throw Error("", "precision", "'" + name + "'", "'double' or 'single'");
}

/// The map of what the first layer sees, or, with inputs at the nodes of a method, the network's
/// flow stepped by it.
std::unique_ptr<DrivenMap> map_of(const cells::Network& network,
                                  const std::optional<std::string>& nodes) {
  if (!nodes) return cells::embedded_map(network);
  return std::make_unique<SteppedFlow>(cells::flow(network), network.dt(), method_from_name(*nodes),
                                       StepInputs::at_nodes);
}

Index layer_count(const cells::Network& network) {
  return network.settings.values().contains("layers") ? network.settings.integer("layers") : 1;
}

Geometry analyze(const cells::Network& network, const ge::ManifoldInputs& inputs,
                 const py::object& steps, const py::object& start, const std::string& precision,
                 bool tangents, bool layers, const std::optional<std::string>& nodes, int threads) {
  if (layers && !tangents) throw Error("", "layers", "with tangents=False", "one of them");
  ge::SensitivityOptions options;
  options.precision = precision_from_name(precision);
  if (!steps.is_none()) options.steps = steps.cast<std::vector<Index>>();
  options.dt = network.dt();
  options.threads = {threads};
  const auto map = map_of(network, nodes);
  if (inputs.inputs.rows() != map->input_dim()) {
    throw Error("", "u", std::to_string(inputs.inputs.rows()) + " inputs",
                std::to_string(map->input_dim()));
  }
  options.start = start.is_none() ? cells::initial_state(network)
                                  : read_vector_or_zeros(start, "start", map->state_dim());
  Geometry result;
  result.dt = layers ? 1 : network.dt();
  run_interruptibly([&](const std::atomic<bool>& stop) {
    const auto progress = [&](double) { return !stop; };
    if (!tangents) {
      auto found = ge::pullback_metric(*map, inputs, options, progress);
      result.sensitivities.points = found.points;
      result.sensitivities.dim = inputs.dim;
      result.sensitivities.steps = std::move(found.steps);
      result.metric = std::move(found.value);
      result.has_tangents = false;
      return;
    }
    result.sensitivities = ge::sensitivities(*map, inputs, options, progress);
    if (stop) return;
    if (layers) {
      result.sensitivities = ge::layers_as_steps(result.sensitivities, layer_count(network));
    }
    result.metric = ge::pullback_metric(result.sensitivities.tangents, inputs.dim);
    result.has_readout = !layers && network.parameters.contains("readout");
    if (result.has_readout) {
      result.readout =
          ge::pullback_metric(readout_tangents(network, result.sensitivities), inputs.dim);
    }
  });
  return result;
}

/// Columns (entries, S K), step by step, as (K, S, ...): a copy.
py::array points_first(const Geometry& self, const Matrix& values, std::vector<py::ssize_t> shape) {
  const Index K = self.sensitivities.points;
  const Index S = static_cast<Index>(self.sensitivities.steps.size());
  shape.insert(shape.begin(), {K, S});
  py::array_t<double> result(shape);
  Eigen::Map<Matrix> out(result.mutable_data(), values.rows(), K * S);
  for (Index s = 0; s < S; ++s) {
    for (Index k = 0; k < K; ++k) out.col(k * S + s) = values.col(s * K + k);
  }
  return result;
}

template <class Part, class Value>
auto per_point(Part Geometry::*part, Value Part::*value) {
  return [=](const Geometry& self) {
    const auto& values = self.*part.*value;
    if constexpr (std::is_same_v<Value, Vector>) {
      return points_first(self, values.transpose(), {});
    } else {
      return points_first(self, values, {values.rows()});
    }
  };
}

/// What is there only with tangents.
const ge::Sensitivities& kept(const Geometry& self) {
  if (!self.has_tangents) {
    throw Error("", "tangents", "not kept", "pullback_metric without tangents=False");
  }
  return self.sensitivities;
}

/// A vector at every point and step.
auto vectors(Matrix ge::Sensitivities::*part) {
  return [=](const Geometry& self) {
    const Matrix& values = kept(self).*part;
    if (values.cols() < self.metric.metric.cols()) {
      throw Error("", "velocities", "layers as steps, which have no speed", "steps of time");
    }
    return points_first(self, values, {values.rows()});
  };
}

auto metric_of(ge::PullbackMetric Geometry::*part) {
  return [=](const Geometry& self) {
    const Index m = self.sensitivities.dim;
    return points_first(self, (self.*part).metric, {m, m});
  };
}

}  // namespace

void register_geometry(py::module_& m) {
  using ge::PullbackMetric;
  py::class_<ge::ManifoldInputs>(
      m, "InputManifold",
      "Input functions u(t; kappa) at K points kappa of an m-dimensional manifold:\n"
      "u (K, T, n_in), du (K, m, T, n_in) their derivatives by the coordinates, and d2u\n"
      "(K, m (m + 1) / 2, T, n_in), 11 12 .. 22 .., or (K, m, m, T, n_in), for curvature.")
      .def(py::init(&read_manifold), py::arg("u"), py::arg("du"), py::arg("d2u") = py::none())
      .def_readonly("points", &ge::ManifoldInputs::points, "K")
      .def_readonly("dim", &ge::ManifoldInputs::dim, "m")
      .def_property_readonly("steps", &ge::ManifoldInputs::steps, "T");
  register_manifolds(m);
  register_geodesics(m);
  register_immersion(m);

  py::class_<Geometry>(
      m, "PullbackMetric",
      "The metric that states, and outputs, give the coordinates of the inputs, at\n"
      "K points and S steps.")
      .def_property_readonly("metric", metric_of(&Geometry::metric),
                             "(K, S, m, m) G_ij = dx/dkappa_i . dx/dkappa_j.")
      .def_property_readonly(
          "readout_metric",
          [](const Geometry& self) -> py::object {
            if (!self.has_readout) return py::none();
            return metric_of(&Geometry::readout)(self);
          },
          "(K, S, m, m) the same of the outputs; None without a readout, of layers, and without\n"
          "tangents.")
      .def_property_readonly(
          "time",
          [](const Geometry& self) {
            py::array_t<double> time(static_cast<py::ssize_t>(self.sensitivities.steps.size()));
            for (std::size_t s = 0; s < self.sensitivities.steps.size(); ++s) {
              time.mutable_data()[s] = self.dt * static_cast<double>(self.sensitivities.steps[s]);
            }
            return time;
          },
          "(S,) seconds; of layers their numbers.")
      .def_property_readonly("eigenvalues",
                             per_point(&Geometry::metric, &PullbackMetric::eigenvalues),
                             "(K, S, m) descending.")
      .def_property_readonly("volume", per_point(&Geometry::metric, &PullbackMetric::volume),
                             "(K, S) sqrt(det G).")
      .def_property_readonly("condition", per_point(&Geometry::metric, &PullbackMetric::condition),
                             "(K, S) ratio of the largest to the smallest stretch; inf where\n"
                             "degenerate.")
      .def_property_readonly("effective_dim",
                             per_point(&Geometry::metric, &PullbackMetric::effective_dim),
                             "(K, S) (sum l)^2 / sum l^2 of the eigenvalues.")
      .def_property_readonly("stretch", per_point(&Geometry::metric, &PullbackMetric::stretch),
                             "(K, S, m) sqrt(G_ii).")
      .def_property_readonly("cosines", per_point(&Geometry::metric, &PullbackMetric::cosines),
                             "(K, S, m (m - 1) / 2) of angles between tangents 12 13 .. 23 ..")
      .def_property_readonly(
          "status",
          [](const Geometry& self) {
            const Index K = self.sensitivities.points;
            const std::size_t S = self.sensitivities.steps.size();
            std::vector<std::string> all;
            for (Index k = 0; k < K; ++k) {
              for (std::size_t s = 0; s < S; ++s) {
                const Index c = static_cast<Index>(s) * K + k;
                all.emplace_back(name_of(self.metric.status[static_cast<std::size_t>(c)]));
              }
            }
            return words(all).attr("reshape")(K, S);
          },
          "(K, S) str: 'immersed', 'degenerate', 'collapsed' (all tangents 0) or 'not_finite'.")
      .def_property_readonly(
          "states", vectors(&ge::Sensitivities::states),
          "(K, S, n); this and the next two are an Error where tangents were not kept.")
      .def_property_readonly(
          "velocities", vectors(&ge::Sensitivities::velocities),
          "(K, S, n) change of the states a second, under the input that follows.")
      .def_property_readonly(
          "tangents",
          [](const Geometry& self) {
            const Matrix& a = kept(self).tangents;
            const Index dim = self.sensitivities.dim;
            const Eigen::Map<const Matrix> joined(a.data(), a.rows() * dim, a.cols() / dim);
            return points_first(self, joined, {dim, a.rows()});
          },
          "(K, S, m, n) dx/dkappa_i.");

  m.def(
      "pullback_metric", &analyze, py::arg("network"), py::arg("manifold"),
      py::arg("steps") = py::none(), py::kw_only(), py::arg("start") = py::none(),
      py::arg("precision") = "double", py::arg("tangents") = true, py::arg("layers") = false,
      py::arg("nodes") = py::none(), py::arg("threads") = 0,
      "How a network warps a manifold of inputs: sensitivities of its states to the coordinates,\n"
      "exact for its time steps, and the metric that they pull back. steps: t of the states to\n"
      "look at, ascending, 0 .. T, by default 1 .. T; start (n,); precision 'double', or 'single'\n"
      "(float, of networks of one layer). tangents=False forgets them block by block, so that "
      "memory\n"
      "does not grow with n. layers=True, of one step of a network of layers: layer l as step l.\n"
      "nodes 'euler', 'heun' or 'rk4' steps the network's flow by that method, with inputs at its\n"
      "1, 2 or 3 nodes of each step side by side, u (K, T, nodes n_in), which may jump between\n"
      "steps.");

  register_warp(m);
}

}  // namespace nullcline::python
