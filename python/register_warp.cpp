// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "copies.hpp"
#include "nullcline/cells/readout_tangents.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/alignment.hpp"
#include "nullcline/geometry/comparison.hpp"
#include "nullcline/geometry/state_metric.hpp"
#include "warp.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

// Results: arrays that are made once.
struct Distances {
  py::array affine_invariant, spectral_ratio, ratios;
  py::object status;
};
struct OverTime {
  py::array affine_invariant, spectral_ratio;
};
struct Aligned {
  py::array cosines, norm, part;
};
struct Indices {
  py::array boundary_stretch, compression;
};
Distances metric_distances(const py::object& first, const py::object& second) {
  const Tangents a = read_tangents(first, "first"), b = read_tangents(second, "second");
  if (a.points != b.points || a.steps != b.steps || a.dim != b.dim) {
    throw Error("", "second", "tangents of other points, steps or coordinates",
                "those of the first");
  }
  const Index K = a.points, S = a.steps, m = a.dim;
  const auto found =
      ge::metric_distances(ge::pullback_metric(a.values, m), ge::pullback_metric(b.values, m));
  std::vector<std::string> status;
  for (Index k = 0; k < K; ++k) {
    for (Index s = 0; s < S; ++s) {
      status.emplace_back(name_of(found.status[static_cast<std::size_t>(s * K + k)]));
    }
  }
  return {points_first(found.affine_invariant, K, S, {}),
          points_first(found.spectral_ratio, K, S, {}), points_first(found.ratios, K, S, {m}),
          words(status).attr("reshape")(K, S)};
}

OverTime distances_over_time(const py::object& tangents, const py::object& other) {
  const Tangents a = read_tangents(tangents, "tangents");
  const auto metric = ge::pullback_metric(a.values, a.dim);
  ge::DistancesOverTime found;
  if (other.is_none()) {
    found = ge::distances_over_time(metric, a.points);
  } else {
    const Tangents b = read_tangents(other, "other");
    if (b.points != a.points) {
      throw Error("", "other", std::to_string(b.points) + " points",
                  std::to_string(a.points) + ", as of tangents");
    }
    found = ge::distances_over_time(metric, ge::pullback_metric(b.values, b.dim), a.points);
  }
  return {matrix_out(found.affine_invariant), matrix_out(found.spectral_ratio)};
}

/// Directions (p, n), the same everywhere, or (K, S, p, n).
struct Directions {
  Index count;
  Matrix values;
};
Directions read_directions(const py::object& object) {
  if (py::array::ensure(object).ndim() == 2) {
    const DoubleArray array = read_array(object, "directions", {{"p"}, {"n"}});
    return {array.shape(0), columns(array)};
  }
  const Tangents all = read_tangents(object, "directions");
  return {all.dim, all.values};
}

Aligned alignment(const py::object& tangents, const py::object& directions) {
  const Tangents a = read_tangents(tangents, "tangents");
  const Directions h = read_directions(directions);
  const auto found = ge::alignment(a.values, a.dim, h.values, h.count);
  const Index K = a.points, S = a.steps;
  return {points_first(found.cosines, K, S, {a.dim, h.count}),
          points_first(found.norm, K, S, {a.dim}), points_first(found.part, K, S, {a.dim})};
}

py::array visible_fraction(const py::object& tangents, const py::object& directions) {
  const Tangents a = read_tangents(tangents, "tangents"),
                 h = read_tangents(directions, "directions");
  const Index C = a.points * a.steps, p = h.dim, m = a.dim;
  if (h.values.cols() != C * p || h.values.rows() != a.values.rows()) {
    throw Error("", "directions", "another number of points, steps or states", "that of tangents");
  }
  Matrix seen(p, C * m);
  for (Index c = 0; c < C; ++c) {
    seen.middleCols(c * m, m) =
        h.values.middleCols(c * p, p).transpose() * a.values.middleCols(c * m, m);
  }
  const Vector found =
      ge::visible_fraction(ge::pullback_metric(a.values, m), ge::pullback_metric(seen, m),
                           cells::readout_norms(h.values, p));
  return points_first(found, a.points, a.steps, {});
}

Indices warp_indices(const py::object& tangents, const py::object& distance, Index relevant,
                     Index irrelevant, double near, double far) {
  const Tangents a = read_tangents(tangents, "tangents");
  const DoubleArray d = read_array(distance, "distance", {{"K", a.points}});
  const auto found = ge::warp_indices(ge::pullback_metric(a.values, a.dim),
                                      Eigen::Map<const Vector>(d.data(), d.size()),
                                      {relevant, irrelevant, near, far});
  return {vector_out(found.boundary_stretch), vector_out(found.compression)};
}

/// States (K, S, n) in the library's order.
Tangents read_states(const py::object& object, Index n) {
  const DoubleArray array = read_array(object, "states", {{"K"}, {"S"}, {"n", n}});
  const Index K = array.shape(0), S = array.shape(1);
  return read_tangents(array.attr("reshape")(K, S, 1, n), "states");
}

py::array readout_directions(const cells::Network& network, const py::object& states) {
  const Tangents x = read_states(states, network.state_dim());
  const Matrix found = cells::readout_directions(network, x.values);
  return points_first(found, x.points, x.steps, {network.output_dim(), found.rows()});
}

py::array feature_tangents(const cells::Network& network, const py::object& states,
                           const py::object& tangents) {
  const Tangents x = read_states(states, network.state_dim()),
                 a = read_tangents(tangents, "tangents");
  if (a.points != x.points || a.steps != x.steps || a.values.rows() != x.values.rows()) {
    throw Error("", "tangents", "another number of points, steps or states", "that of states");
  }
  const Matrix found = cells::feature_tangents(network, x.values, a.values);
  return points_first(found, a.points, a.steps, {a.dim, found.rows()});
}

py::array in_state_metric(const py::object& tangents, const py::object& metric) {
  const Tangents a = read_tangents(tangents, "tangents");
  const Index n = a.values.rows();
  Matrix found;
  if (py::array::ensure(metric).ndim() == 1) {
    found = ge::in_weighted_states(a.values, read_vector_or_zeros(metric, "metric", n));
  } else {
    found = ge::in_state_metric(a.values, read_matrix(metric, "metric", {"n", n}, {"n", n}));
  }
  return points_first(found, a.points, a.steps, {a.dim, n});
}

void register_results(py::module_& m) {
  py::class_<Distances>(m, "MetricDistances",
                        "How far two metrics are apart, at K points and S steps; nan where one of\n"
                        "them is not immersed.")
      .def_readonly("affine_invariant", &Distances::affine_invariant,
                    "(K, S) |log mu|, mu the eigenvalues of G_1^-1 G_2.")
      .def_readonly("spectral_ratio", &Distances::spectral_ratio,
                    "(K, S) 1 - sqrt(mu_min / mu_max), blind to scale.")
      .def_readonly("ratios", &Distances::ratios, "(K, S, m) mu, descending.")
      .def_readonly("status", &Distances::status, "(K, S) str, that of the worse of the two.");
  py::class_<OverTime>(m, "DistancesOverTime",
                       "Medians over points of the distances between steps.")
      .def_readonly("affine_invariant", &OverTime::affine_invariant, "(S, S)")
      .def_readonly("spectral_ratio", &OverTime::spectral_ratio, "(S, S)");
  py::class_<Aligned>(m, "TangentAlignment", "How tangents lie to p directions; nan of what is 0.")
      .def_readonly("cosines", &Aligned::cosines, "(K, S, m, p)")
      .def_readonly("norm", &Aligned::norm, "(K, S, m) 2-norm of the cosines.")
      .def_readonly("part", &Aligned::part,
                    "(K, S, m) |P a| / |a|, P the projector on their span.");
  py::class_<Indices>(m, "WarpIndices", "Time courses of a warp.")
      .def_readonly("boundary_stretch", &Indices::boundary_stretch,
                    "(S,) stretch of the relevant coordinate near the boundary over that far away.")
      .def_readonly("compression", &Indices::compression,
                    "(S,) mean of G_ii / G_rr, i irrelevant and r relevant.");
}

}  // namespace

void register_warp(py::module_& m) {
  register_results(m);
  register_population(m);
  m.def("metric_distances", &metric_distances, py::arg("first"), py::arg("second"),
        "Distances of two metrics at the same points and steps, from tangents (K, S, m, n), such\n"
        "as PullbackMetric.tangents of two networks, or of one before and after training; n may\n"
        "differ.");
  m.def(
      "distances_over_time", &distances_over_time, py::arg("tangents"),
      py::arg("other") = py::none(),
      "Of tangents (K, S, m, n): how far the metric of each step is from that of each other; or,\n"
      "(S, S'), from that of each step of another network with tangents (K, S', m, n').");
  m.def("tangent_alignment", &alignment, py::arg("tangents"), py::arg("directions"),
        "Of tangents (K, S, m, n) with directions (p, n), such as the right singular vectors of a\n"
        "change of weights, or (K, S, p, n), such as readout_directions.");
  m.def("readout_directions", &readout_directions, py::arg("network"), py::arg("states"),
        "(K, S, n_out, n) the rows of the readout's Jacobian D R'(x) at states (K, S, n).");
  m.def("feature_tangents", &feature_tangents, py::arg("network"), py::arg("states"),
        py::arg("tangents"),
        "(K, S, m, F) R'(x) a: tangents as the readout's features have them, rates for instance.");
  m.def("in_state_metric", &in_state_metric, py::arg("tangents"), py::arg("metric"),
        "(K, S, m, n) tangents whose dot products are a_i' S a_j, for S (n, n) or diagonal (n,).");
  m.def("visible_fraction", &visible_fraction, py::arg("tangents"), py::arg("directions"),
        "(K, S) tr G^y / (|H|^2 tr G): how much of the warp a readout with Jacobian H sees, the\n"
        "rows of H being directions (K, S, n_out, n).");
  m.def("warp_indices", &warp_indices, py::arg("tangents"), py::arg("distance"), py::kw_only(),
        py::arg("relevant") = 0, py::arg("irrelevant") = 1, py::arg("near") = 0.04,
        py::arg("far") = 0.16,
        "Stretch at the decision boundary and compression of the irrelevant coordinate over time;\n"
        "distance (K,) of each point from the boundary.");
  register_learning(m);
  register_ellipse(m);
}

}  // namespace nullcline::python
