// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "nullcline/cells/parameter_change.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/adjoint.hpp"
#include "nullcline/geometry/learning.hpp"
#include "nullcline/geometry/space_time.hpp"
#include "warp.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

struct Change {
  py::array metric, metric_change, state_change, tangent_change;
  const char* derivatives;
};
struct InSpaceTime {
  py::array tangents;
  py::object second;
};

ge::SensitivityOptions read_options(const cells::Network& network, const ge::ManifoldInputs& inputs,
                                    const py::object& steps, const py::object& start, int threads) {
  ge::SensitivityOptions options;
  if (!steps.is_none()) options.steps = steps.cast<std::vector<Index>>();
  options.dt = network.dt();
  options.threads = {threads};
  const Index n_in = cells::embedded_map(network)->input_dim();
  if (inputs.inputs.rows() != n_in) {
    throw Error("", "u", std::to_string(inputs.inputs.rows()) + " inputs", std::to_string(n_in));
  }
  options.start = start.is_none() ? cells::initial_state(network)
                                  : read_vector_or_zeros(start, "start", network.state_dim());
  return options;
}

/// dW: a trained network, less the first, or arrays by name.
std::map<std::string, Matrix> read_change(const cells::Network& network, const py::object& change) {
  if (py::isinstance<cells::Network>(change)) {
    return cells::parameter_difference(network, change.cast<const cells::Network&>());
  }
  std::map<std::string, Matrix> result;
  for (const auto& [name, array] : change.cast<py::dict>()) {
    const auto text = name.cast<std::string>();
    result[text] = read_parameter(array, text);
  }
  return result;
}

Change metric_change(const cells::Network& network, const py::object& change,
                     const ge::ManifoldInputs& inputs, const py::object& steps,
                     const py::object& start, int threads) {
  const auto options = read_options(network, inputs, steps, start, threads);
  const auto map = cells::embedded_map(network);
  const cells::ParameterChange P(network, read_change(network, change));
  const ge::Deformed<DrivenMap> deformed(*map, P);
  ge::MetricChange found;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    found = ge::metric_change(deformed, inputs, options, [&](double) { return !stop; });
  });
  const Index K = found.points, m = found.dim, n = found.states.rows();
  const auto S = static_cast<Index>(found.steps.size());
  return {points_first(found.metric, K, S, {m, m}), points_first(found.metric_change, K, S, {m, m}),
          points_first(found.state_change, K, S, {n}),
          points_first(found.tangent_change, K, S, {m, n}), name_of(found.derivatives)};
}

py::array adjoint_products(const cells::Network& network, const ge::ManifoldInputs& inputs,
                           const py::object& covectors, const py::object& step,
                           const py::object& start, int threads) {
  const Index n = network.state_dim(), K = inputs.points;
  const DoubleArray w = read_array(covectors, "covectors", {{"K", K}, {"q"}, {"n", n}});
  py::object steps = py::none();
  if (!step.is_none()) steps = py::make_tuple(step);
  const auto options = read_options(network, inputs, steps, start, threads);
  const auto map = cells::embedded_map(network);
  Matrix found;
  run_interruptibly([&](const std::atomic<bool>&) {
    found = ge::adjoint_products(*map, inputs, columns(w), options).products;
  });
  py::array_t<double> result(Shape{K, w.shape(1), inputs.dim});
  std::copy_n(found.data(), found.size(), result.mutable_data());
  return result;
}

InSpaceTime space_time(const cells::Network& network, const ge::ManifoldInputs& inputs,
                       const py::object& steps, const py::object& start, int threads) {
  auto options = read_options(network, inputs, steps, start, threads);
  options.second = inputs.second.size() > 0;
  const auto map = cells::embedded_map(network);
  ge::SpaceTime found;
  Index S = 0;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    const auto all = ge::sensitivities(*map, inputs, options, [&](double) { return !stop; });
    S = static_cast<Index>(all.steps.size());
    found = ge::space_time(ge::StepRate(*map, network.dt()), inputs, all);
  });
  const Index K = inputs.points, m = inputs.dim + 1, n = found.tangents.rows();
  InSpaceTime result{points_first(found.tangents, K, S, {m, n}), py::none()};
  if (options.second) result.second = points_first(found.second, K, S, {m * (m + 1) / 2, n});
  return result;
}

}  // namespace

void register_learning(py::module_& m) {
  py::class_<Change>(m, "MetricChange", "What learning does to the metric, to first order.")
      .def_readonly("metric", &Change::metric, "(K, S, m, m) before.")
      .def_readonly("metric_change", &Change::metric_change, "(K, S, m, m) dG")
      .def_readonly("state_change", &Change::state_change, "(K, S, n) dx")
      .def_readonly("tangent_change", &Change::tangent_change, "(K, S, m, n) da_i")
      .def_readonly("derivatives", &Change::derivatives,
                    "'exact', or 'finite_differences' of several layers, by the weights.");
  py::class_<InSpaceTime>(m, "SpaceTime", "States as a manifold with time as its first coordinate.")
      .def_readonly("tangents", &InSpaceTime::tangents, "(K, S, m + 1, n) x_t, a_1 .. a_m")
      .def_readonly("second", &InSpaceTime::second,
                    "(K, S, (m + 1) (m + 2) / 2, n) tt, t1 .. tm, 11 .., or None.");

  m.def("metric_change", &metric_change, py::arg("network"), py::arg("change"), py::arg("manifold"),
        py::arg("steps") = py::none(), py::kw_only(), py::arg("start") = py::none(),
        py::arg("threads") = 0,
        "The change of the metric by a change of weights to first order. change: a network, of\n"
        "which the first is the start, or {name: array}.");
  m.def("adjoint_products", &adjoint_products, py::arg("network"), py::arg("manifold"),
        py::arg("covectors"), py::arg("step") = py::none(), py::kw_only(),
        py::arg("start") = py::none(), py::arg("threads") = 0,
        "(K, q, m) <w, dx_t/dkappa_i> of covectors (K, q, n) at one step, by default T, backwards\n"
        "through time.");
  m.def("space_time", &space_time, py::arg("network"), py::arg("manifold"),
        py::arg("steps") = py::none(), py::kw_only(), py::arg("start") = py::none(),
        py::arg("threads") = 0,
        "Tangents with that in time before them, (F(x, u) - x) / dt under the input that follows,\n"
        "and second derivatives where the manifold has them.");
}

}  // namespace nullcline::python
