// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "copies.hpp"
#include "interruptible.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/dimension.hpp"
#include "nullcline/representation/dpca.hpp"
#include "nullcline/representation/dpca_selection.hpp"
#include "nullcline/representation/jpca.hpp"
#include "nullcline/representation/slow_features.hpp"

namespace nullcline::python {
namespace {

using representation::Dimension;
using representation::DimensionEstimate;
using representation::Dpca;
using representation::Jpca;
using representation::JpcaDerivative;
using representation::Labels;
using representation::Marginalization;
using representation::SlowFeatures;

Jpca jpca(const py::object& X, Index components, bool center_conditions,
          const std::string& derivative) {
  if (derivative != "midpoint" && derivative != "forward") {
    throw Error("", "derivative", "'" + derivative + "'", "'midpoint' or 'forward'");
  }
  const std::vector<Matrix> trials = read_trials(X, "X");
  const py::gil_scoped_release released;
  return representation::jpca(
      trials,
      {.components = components,
       .center_conditions = center_conditions,
       .derivative = derivative == "forward" ? JpcaDerivative::forward : JpcaDerivative::midpoint});
}

SlowFeatures slow_features(const py::object& X, Index dim, Index degree) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  const py::gil_scoped_release released;
  return representation::slow_features(trials, {.dim = dim, .degree = degree});
}

Dimension dimension(const py::object& X, const std::vector<double>& thresholds, Index surrogates,
                    double quantile, Index max_points, Index exclude, double confidence,
                    std::uint64_t seed, int threads) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  Dimension result;
  run_interruptibly([&](const std::atomic<bool>&) {
    result = representation::dimension(trials, {.thresholds = thresholds,
                                                .surrogates = surrogates,
                                                .quantile = quantile,
                                                .max_points = max_points,
                                                .exclude = exclude,
                                                .confidence = confidence,
                                                .seed = seed,
                                                .threads = Threads{threads}});
  });
  return result;
}

/// (trials, F) or (trials,) integers as (F, trials).
Labels read_labels(const py::object& object) {
  const py::array array = py::module_::import("numpy").attr("asarray")(object);
  const char kind = array.dtype().kind();
  if ((kind != 'i' && kind != 'u' && kind != 'b') || array.ndim() < 1 || array.ndim() > 2) {
    throw Error("", "labels", "dtype " + py::str(array.dtype()).cast<std::string>(),
                "integers of shape (trials,) or (trials, F)");
  }
  const auto labels =
      py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!labels) throw py::error_already_set();
  const Index variables = labels.ndim() == 1 ? 1 : labels.shape(1);
  return Eigen::Map<const Labels>(labels.data(), variables, labels.shape(0));
}

Dpca dpca(const py::object& X, const py::object& labels, Index components, double ridge,
          bool merge_time) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  const Labels levels = read_labels(labels);
  const py::gil_scoped_release released;
  return representation::dpca(trials, levels,
                              {.components = components, .ridge = ridge, .merge_time = merge_time});
}

Dpca marginalize(const py::object& X, const py::object& labels, bool merge_time) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  const Labels levels = read_labels(labels);
  const py::gil_scoped_release released;
  return representation::marginalize(trials, levels, merge_time);
}

Dpca with_components(Dpca dpca, Index components, double ridge) {
  const py::gil_scoped_release released;
  representation::fit_components(dpca, {.components = components, .ridge = ridge});
  return dpca;
}

representation::DpcaRidge dpca_ridge(const py::object& X, const py::object& labels,
                                     const std::vector<double>& ridges, Index repeats,
                                     Index components, bool merge_time, std::uint64_t seed) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  const Labels levels = read_labels(labels);
  representation::DpcaRidge result;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    result =
        representation::dpca_ridge(trials, levels,
                                   {.ridges = ridges,
                                    .repeats = repeats,
                                    .dpca = {.components = components, .merge_time = merge_time},
                                    .seed = seed,
                                    .progress = [&](double) { return !stop; }});
  });
  return result;
}

representation::SplitHalf dpca_split_half(const py::object& X, const py::object& labels,
                                          Index splits, bool merge_time, std::uint64_t seed) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  const Labels levels = read_labels(labels);
  representation::SplitHalf result;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    result = representation::dpca_split_half(
        trials, levels,
        {.splits = splits, .merge_time = merge_time, .seed = seed, .progress = [&](double) {
           return !stop;
         }});
  });
  return result;
}

void register_jpca(py::module_& m) {
  py::class_<Jpca>(m, "Jpca", "Rotations in trajectories.")
      .def_property_readonly("mean", vector_of(&Jpca::mean), "(n,)")
      .def_property_readonly("condition_mean", rows_of(&Jpca::condition_mean),
                             "(T, n) taken off each trial; (0, 0) if none was.")
      .def_property_readonly("basis", matrix_of(&Jpca::basis), "(n, k) of PCA.")
      .def_property_readonly("skew", matrix_of(&Jpca::skew), "M (k, k), M' = -M, per step.")
      .def_property_readonly("full", matrix_of(&Jpca::full), "The fit without that constraint.")
      .def_readonly("skew_r2", &Jpca::skew_r2)
      .def_readonly("full_r2", &Jpca::full_r2)
      .def_property_readonly("planes", matrix_of(&Jpca::planes),
                             "(n, 2 P) orthonormal pairs, by decreasing frequency.")
      .def_property_readonly("frequencies", vector_of(&Jpca::frequencies), "(P,) radians per step.")
      .def_property_readonly("explained", vector_of(&Jpca::explained),
                             "(P,) parts of the variance of the data, as taken.")
      .def(
          "project",
          [](const Jpca& self, const py::object& X) {
            return trials_out(representation::project(read_trials(X, "X"), self));
          },
          py::arg("X"), "Trials (T, n) to a list of (T, 2 P).");
  m.def("jpca", jpca, py::arg("X"), py::arg("components") = 6, py::kw_only(),
        py::arg("center_conditions") = true, py::arg("derivative") = "midpoint",
        "jPCA [Churchland et al. 2012] of X: (T, n), (T, B, n) or a list of (T_i, n).\n\n"
        "The skew-symmetric M that best predicts the derivative of the leading principal\n"
        "components, and its planes. 'midpoint' is exact for rotations; 'forward' is the paper's.");
}

void register_slow_features(py::module_& m) {
  py::class_<SlowFeatures>(m, "SlowFeatures", "What changes least from step to step.")
      .def_property_readonly("deltas", vector_of(&SlowFeatures::deltas),
                             "(d,) mean squared change per step, ascending; 2 is white noise.")
      .def_property_readonly("weights", matrix_of(&SlowFeatures::weights),
                             "(m, d) of the centered or expanded data.")
      .def_readonly("rank", &SlowFeatures::rank)
      .def(
          "project",
          [](const SlowFeatures& self, const py::object& X) {
            const DoubleArray data = read_array(X, "X", {{"T"}, {"n", self.center.size()}});
            return trial_out(representation::project(columns(data), self));
          },
          py::arg("X"), "X (T, n) to the features (T, d), of mean 0 and variance 1.");
  m.def("slow_features", slow_features, py::arg("X"), py::arg("dim") = 0, py::arg("degree") = 1,
        "Slow feature analysis [Wiskott & Sejnowski 2002] of X: (T, n), (T, B, n) or a list of\n"
        "(T_i, n). dim=0 keeps all; degree=2 adds all products of two units.");
}

void register_dimension(py::module_& m) {
  py::class_<DimensionEstimate>(m, "DimensionEstimate", "A dimension and its interval.")
      .def_readonly("value", &DimensionEstimate::value)
      .def_readonly("low", &DimensionEstimate::low)
      .def_readonly("high", &DimensionEstimate::high)
      .def_readonly("points", &DimensionEstimate::points, "0: there was no estimate.");
  py::class_<Dimension>(m, "Dimension", "How many dimensions data have, by several measures.")
      .def_property_readonly("variances", vector_of(&Dimension::variances), "(min(n, samples),)")
      .def_readonly("participation_ratio", &Dimension::participation_ratio)
      .def_readonly("at_threshold", &Dimension::at_threshold,
                    "Components that together reach each threshold.")
      .def_readonly("parallel", &Dimension::parallel, "By parallel analysis; -1: not asked for.")
      .def_property_readonly("null_variances", vector_of(&Dimension::null_variances),
                             "What chance reaches, of each component.")
      .def_readonly("two_nn", &Dimension::two_nn, "Facco et al. 2017.")
      .def_readonly("mle", &Dimension::mle, "Levina & Bickel 2004.");
  m.def("dimension", dimension, py::arg("X"), py::kw_only(),
        py::arg("thresholds") = std::vector<double>{0.8, 0.9, 0.95, 0.99},
        py::arg("surrogates") = 20, py::arg("quantile") = 0.95, py::arg("max_points") = 3000,
        py::arg("exclude") = 0, py::arg("confidence") = 0.95, py::arg("seed") = 0,
        py::arg("threads") = 0,
        "Dimensions of X: (T, n), (T, B, n) or a list of (T_i, n): participation ratio, parts of\n"
        "the variance, parallel analysis, and two estimates from nearest neighbors.\n\n"
        "exclude: steps of a trial that near in time are no neighbors.");
}

void register_dpca(py::module_& m) {
  py::class_<Marginalization>(m, "Marginalization", "What depends on one set of variables.")
      .def_readonly("variables", &Marginalization::variables)
      .def_readonly("with_time", &Marginalization::with_time)
      .def_property_readonly(
          "name", [](const Marginalization& self) { return name_of(self); },
          "'time', '0', '0 x 1', '0 x time': variables by number.")
      .def_readonly("variance", &Marginalization::variance, "A part of all.")
      .def_property_readonly("encoder", matrix_of(&Marginalization::encoder), "(n, q)")
      .def_property_readonly("decoder", matrix_of(&Marginalization::decoder),
                             "(n, q): (x - mean) @ decoder are the components.")
      .def_property_readonly("explained", vector_of(&Marginalization::explained), "(q,)")
      .def_property_readonly("explained_by", matrix_of(&Marginalization::explained_by),
                             "(q, marginalizations) of each component, of the part of each.");
  py::class_<Dpca>(m, "Dpca", "Activity taken apart by time and task variables.")
      .def_property_readonly("mean", vector_of(&Dpca::mean), "(n,)")
      .def_property_readonly(
          "conditions",
          [](const Dpca& self) {
            py::array_t<std::int64_t> array({self.conditions.cols(), self.conditions.rows()});
            Eigen::Map<Labels>(array.mutable_data(), self.conditions.rows(),
                               self.conditions.cols()) = self.conditions;
            return array;
          },
          "(C, F) the levels of each condition.")
      .def_readonly("trials", &Dpca::trials, "How many there are in each condition.")
      .def_property_readonly(
          "averages",
          [](const py::object& self) {
            const Dpca& dpca = self.cast<Dpca&>();
            return sequence(dpca.averages, dpca.conditions.cols(), dpca.steps, self);
          },
          "(C, T, n) centered averages.")
      .def_property_readonly(
          "parts",
          [](const py::object& self) {
            const Dpca& dpca = self.cast<Dpca&>();
            return list_of(dpca.parts, self, [&](const Matrix& part, const py::handle& owner) {
              return sequence(part, dpca.conditions.cols(), dpca.steps, owner);
            });
          },
          "(C, T, n) each: orthogonal, they add up to `averages`.")
      .def_readonly("marginalizations", &Dpca::marginalizations, "As many as `parts`.")
      .def("with_components", with_components, py::arg("components") = 3, py::arg("ridge") = 1e-6,
           "The same with these components in place of what is there.");
  m.def("marginalize", marginalize, py::arg("X"), py::arg("labels"), py::kw_only(),
        py::arg("merge_time") = true,
        "The averages of dpca and their parts alone: marginalizations with variances and no\n"
        "components, which `with_components` adds.");
  m.def("dpca", dpca, py::arg("X"), py::arg("labels"), py::arg("components") = 3, py::kw_only(),
        py::arg("ridge") = 1e-6, py::arg("merge_time") = true,
        "Demixed PCA [Kobak et al. 2016] of trials X: (T, B, n) or a list of (T, n), of which\n"
        "labels (B, F) or (B,) give the levels of F task variables. Every combination must occur.");

  using representation::DpcaRidge;
  using representation::SplitHalf;
  py::class_<DpcaRidge>(m, "DpcaRidge", "The ridge of dPCA by cross-validation.")
      .def_readonly("best", &DpcaRidge::best, "Of the least error.")
      .def_property_readonly("ridges", vector_of(&DpcaRidge::ridges))
      .def_property_readonly("errors", vector_of(&DpcaRidge::errors),
                             "(ridges,) of what decoder and encoder make of the trials left out.")
      .def_property_readonly("standard_error", vector_of(&DpcaRidge::standard_error));
  py::class_<SplitHalf>(m, "SplitHalf", "What halves of the trials share of each marginalization.")
      .def_property_readonly("variance", vector_of(&SplitHalf::variance),
                             "(marginalizations,) parts of all, without noise.")
      .def_property_readonly("reliability", vector_of(&SplitHalf::reliability),
                             "(marginalizations,) correlation of the halves.")
      .def_readonly("splits", &SplitHalf::splits);
  m.def(
      "dpca_ridge", dpca_ridge, py::arg("X"), py::arg("labels"), py::kw_only(),
      py::arg("ridges") = std::vector<double>(), py::arg("repeats") = 10, py::arg("components") = 3,
      py::arg("merge_time") = true, py::arg("seed") = 0,
      "The ridge of dpca by cross-validation: one trial of each condition is left out, `repeats`\n"
      "times. Without ridges: 1e-4 times the powers 0 .. 25 of 1.5.");
  m.def("dpca_split_half", dpca_split_half, py::arg("X"), py::arg("labels"), py::kw_only(),
        py::arg("splits") = 20, py::arg("merge_time") = true, py::arg("seed") = 0,
        "The variance of each marginalization of dpca without the noise of trials, from what\n"
        "random halves of the trials of each condition share; the order is dpca's.");
}

}  // namespace

void register_methods(py::module_& m) {
  register_jpca(m);
  register_slow_features(m);
  register_dimension(m);
  register_dpca(m);
}

}  // namespace nullcline::python
