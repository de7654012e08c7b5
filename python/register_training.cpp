// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl/filesystem.h>

#include <string>
#include <utility>
#include <vector>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/input_manifold.hpp"
#include "nullcline/training/metric_loss.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::python {
namespace {

cells::Network load(const std::filesystem::path& path, const std::string& prefix) {
  const py::gil_scoped_release released;
  return training::load_network(path, prefix);
}

void save(const std::filesystem::path& path, const cells::Network& network) {
  const py::gil_scoped_release released;
  training::save_network(path, network);
}

/// A loss on the metric with its gradients by the parameters.
struct MetricGradient {
  double loss = 0;
  std::vector<std::pair<std::string, Matrix>> gradients;
  Matrix metrics;  // (m m, T K)
  Index points = 0, dim = 0;
};

/// A step's inputs, then their tangents.
Matrix augmented(const geometry::ManifoldInputs& inputs) {
  const Index K = inputs.points, m = inputs.dim, W = K * (1 + m);
  Matrix all(inputs.inputs.rows(), inputs.steps() * W);
  for (Index t = 0; t < inputs.steps(); ++t) {
    all.middleCols(t * W, K) = inputs.inputs.middleCols(t * K, K);
    all.middleCols(t * W + K, K * m) = inputs.tangents.middleCols(t * K * m, K * m);
  }
  return all;
}

training::MetricGoal goal_from(const std::string& name) {
  using training::MetricGoal;
  if (name == "mean_ratio") return MetricGoal::mean_ratio;
  if (name == "log_ratio") return MetricGoal::log_ratio;
  if (name == "log_trace") return MetricGoal::log_trace;
  if (name == "metric") return MetricGoal::metric;
  throw Error("", "goal", "'" + name + "'", "mean_ratio, log_ratio, log_trace or metric");
}

MetricGradient metric_loss(const cells::Network& network, const geometry::ManifoldInputs& manifold,
                           const std::string& goal, const py::object& target, Index above,
                           Index below, const py::object& weights, bool of_features) {
  const Index K = manifold.points, m = manifold.dim, T = manifold.steps();
  training::MetricTarget wanted{.points = K,
                                .dim = m,
                                .inputs = augmented(manifold),
                                .weights = Vector::Ones(T),
                                .values = Vector::Ones(T),
                                .above = above,
                                .below = below};
  if (!weights.is_none()) wanted.weights = read_vector_or_zeros(weights, "weights", T);
  const auto kind = goal_from(goal);
  if (kind == training::MetricGoal::metric) {
    const DoubleArray given =
        read_array(target, "target", {{"K", K}, {"T", T}, {"m", m}, {"m", m}});
    const Eigen::Map<const Matrix> G(given.data(), m * m, K * T);
    wanted.metrics.resize(m * m, T * K);
    for (Index c = 0; c < T * K; ++c) wanted.metrics.col(c) = G.col(c % K * T + c / K);
  } else if (py::isinstance<py::float_>(target) || py::isinstance<py::int_>(target)) {
    wanted.values.setConstant(target.cast<double>());
  } else {
    wanted.values = read_vector_or_zeros(target, "target", T);
  }
  MetricGradient result;
  result.points = K;
  result.dim = m;
  const py::gil_scoped_release released;
  using training::MetricLoss;
  MetricLoss loss(network, kind, {std::move(wanted)},
                  of_features ? MetricLoss::Space::features : MetricLoss::Space::states);
  std::vector<Matrix> gradients;
  for (const auto& p : loss.parameters()) {
    gradients.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
  }
  result.loss = loss.loss(&gradients);
  for (std::size_t p = 0; p < gradients.size(); ++p) {
    result.gradients.emplace_back(loss.parameters()[p].name, std::move(gradients[p]));
  }
  result.metrics = loss.metrics().front();
  return result;
}

py::dict gradients_of(const py::object& self) {
  py::dict all;
  for (const auto& [name, gradient] : self.cast<const MetricGradient&>().gradients) {
    const bool column = gradient.cols() == 1;
    all[py::str(name)] =
        column ? py::array(rows(gradient, self)[py::int_(0)]) : matrix(gradient, self);
  }
  return all;
}

/// Columns t K + k as (K, T, m, m), a copy.
py::array metric_of(const MetricGradient& self) {
  const Index K = self.points, m = self.dim, T = self.metrics.cols() / K;
  py::array_t<double> result({K, T, m, m});
  Eigen::Map<Matrix> out(result.mutable_data(), m * m, K * T);
  for (Index c = 0; c < T * K; ++c) out.col(c % K * T + c / K) = self.metrics.col(c);
  return result;
}

}  // namespace

void register_training(py::module_& m) {
  m.def("load", load, py::arg("path"), py::arg("prefix") = "parameters",
        "The network in a .h5 or .npz file. In a file that a study wrote, prefix='parameters' is\n"
        "the network after training and prefix='initial' the same before.");
  m.def("save", save, py::arg("path"), py::arg("network"),
        "Writes a network as .h5 or .npz, as a whole or not at all.");

  py::class_<MetricGradient>(m, "MetricLoss", "A loss on a metric, and its gradient.")
      .def_readonly("loss", &MetricGradient::loss)
      .def_property_readonly("gradients", gradients_of,
                             "By the parameters but the readout: {name: array of its shape}.")
      .def_property_readonly("metric", metric_of, "(K, T, m, m) G of steps 1 .. T.");
  m.def(
      "metric_loss", metric_loss, py::arg("network"), py::arg("manifold"), py::arg("goal"),
      py::arg("target") = 1.0, py::kw_only(), py::arg("above") = 0, py::arg("below") = 1,
      py::arg("weights") = py::none(), py::arg("features") = false,
      "A function of the pullback metric G of the states over the manifold's K points and\n"
      "T steps, with its exact gradient by the network's parameters. Goals: 'mean_ratio',\n"
      "(mean G_aa / G_bb - c)^2; 'log_ratio', mean of (log G_aa / G_bb - log c)^2;\n"
      "'log_trace', mean of (log tr G - log c)^2; a = above, b = below, c = target, one number or\n"
      "(T,); 'metric', mean of |G - G*|^2 / |G*|^2 with G* = target (K, T, m, m). Means are\n"
      "weighted over steps by weights (T,). features=True: of what the readout sees.");
}

}  // namespace nullcline::python
