// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/similarity/compare_all.hpp"
#include "nullcline/representation/similarity/subspace_angles.hpp"

namespace nullcline::python {
namespace {

using representation::PopulationOptions;
using representation::PopulationPlan;
using representation::Similarity;
using representation::SimilarityOptions;
using representation::SubspaceAngles;

/// (n, m): all time steps of all trials.
Matrix read_samples(const py::handle& object, const std::string& name) {
  const std::vector<Matrix> trials = read_trials(object, name);
  Index samples = 0;
  for (const Matrix& trial : trials) samples += trial.cols();
  Matrix all(trials.empty() ? 0 : trials.front().rows(), samples);
  Index at = 0;
  for (const Matrix& trial : trials) {
    if (trial.rows() != all.rows()) {
      throw Error("", name, std::to_string(trial.rows()) + " units in a trial",
                  std::to_string(all.rows()) + " as in the first");
    }
    all.middleCols(at, trial.cols()) = trial;
    at += trial.cols();
  }
  return all;
}

Similarity compare(const py::object& X, const py::object& Y, const std::string& metric,
                   double variance, Index dim, double bandwidth, const std::string& dissimilarity,
                   int threads) {
  const Matrix first = read_samples(X, "X"), second = read_samples(Y, "Y");
  const py::gil_scoped_release released;
  return representation::compare(first, second, metric,
                                 {variance, dim, bandwidth, dissimilarity, Threads{threads}});
}

py::array compare_all(const py::sequence& networks, const std::string& metric, double variance,
                      Index dim, double bandwidth, const std::string& dissimilarity, double memory,
                      int threads, const py::object& known, const py::object& progress) {
  std::vector<Matrix> all;
  for (const py::handle network : networks) {
    all.push_back(read_samples(network, "networks[" + std::to_string(all.size()) + "]"));
  }
  PopulationOptions options{{variance, dim, bandwidth, dissimilarity}, memory, Threads{threads}};
  const auto count = static_cast<Index>(all.size());
  if (!known.is_none()) {
    options.known = read_matrix(known, "known", {"N", count}, {"N", count});
  }
  std::atomic<double> fraction = 0;
  Matrix distances;
  const std::function<void()> tick = [&] {
    if (!progress.is_none()) progress(fraction.load());
  };
  run_interruptibly(
      [&](const std::atomic<bool>& stop) {
        options.progress = [&](double done) {
          fraction = done;
          return !stop.load();
        };
        distances = representation::compare_all(representation::population_of(all), metric, options)
                        .distances;
      },
      tick);
  py::array_t<double> result({count, count});
  Eigen::Map<Matrix>(result.mutable_data(), count, count) = distances.transpose();
  return result;
}

PopulationPlan plan(std::vector<Index> units, Index samples, const std::string& metric, Index dim,
                    double memory, int threads) {
  return representation::plan_comparison({std::move(units), samples, {}}, metric,
                                         {{0, dim}, memory, Threads{threads}});
}

SubspaceAngles subspace_angles(const py::object& A, const py::object& B, Index samples,
                               std::uint64_t seed) {
  const Matrix first = read_parameter(A, "A"), second = read_parameter(B, "B");
  const py::gil_scoped_release released;
  return representation::subspace_angles(first, second, {samples, seed});
}

py::list metrics() {
  py::list list;
  for (const auto& metric : representation::similarity_metrics()) {
    py::dict entry;
    entry["name"] = metric.name;
    entry["meaning"] = metric.meaning;
    entry["distance"] = metric.distance;
    entry["score"] = metric.score;
    entry["invariance"] = metric.invariance;
    entry["largest"] = metric.largest;
    entry["triangle_inequality"] = metric.triangle;
    entry["condition"] = metric.condition;
    entry["symmetric"] = metric.symmetric;
    list.append(entry);
  }
  return list;
}

}  // namespace

void register_similarity(py::module_& m) {
  py::class_<Similarity>(m, "Similarity", "How alike two representations are.")
      .def_readonly("distance", &Similarity::distance, "0 for equal; NaN if not `defined`.")
      .def_readonly("score", &Similarity::score, "1 for equal.")
      .def_property_readonly("correlations", vector_of(&Similarity::correlations),
                             "What the metric sums up, descending: canonical correlations,\n"
                             "cosines, correlations of matched units; empty for CKA and RSA.")
      .def_property_readonly("matches", vector_of(&Similarity::matches),
                             "Of matching: the unit of Y of each unit of X, -1 if none.")
      .def_property_readonly(
          "dims", [](const Similarity& self) { return py::make_tuple(self.dim_x, self.dim_y); },
          "Dimensions compared.")
      .def_readonly("defined", &Similarity::defined, "False where a side does not vary.");

  py::class_<PopulationPlan>(m, "ComparisonPlan", "What comparing all pairs will take.")
      .def_readonly("pairs", &PopulationPlan::pairs)
      .def_readonly("block", &PopulationPlan::block, "Networks in memory at a time, in two blocks.")
      .def_readonly("blocks", &PopulationPlan::blocks)
      .def_readonly("bytes", &PopulationPlan::bytes, "At most, beside the data.");

  py::class_<SubspaceAngles>(m, "SubspaceAngles", "Principal angles, and those of chance.")
      .def_property_readonly("angles", vector_of(&SubspaceAngles::angles), "(k,) radians.")
      .def_property_readonly("null_mean", vector_of(&SubspaceAngles::null_mean), "(k,)")
      .def_property_readonly("null_low", vector_of(&SubspaceAngles::null_low), "(k,) 5 %.")
      .def_property_readonly("null_high", vector_of(&SubspaceAngles::null_high), "(k,) 95 %.")
      .def_property_readonly("p_closer", vector_of(&SubspaceAngles::p_closer),
                             "(k,) of an angle as small by chance.")
      .def_readonly("overlap", &SubspaceAngles::overlap, "Mean squared cosine.")
      .def_readonly("p_overlap", &SubspaceAngles::p_overlap, "Of as much by chance.")
      .def_readonly("exact", &SubspaceAngles::exact, "Closed form, not sampled.");

  m.def(
      "compare", compare, py::arg("X"), py::arg("Y"), py::arg("metric") = "svcca", py::kw_only(),
      py::arg("variance") = 0, py::arg("dim") = 0, py::arg("bandwidth") = 1,
      py::arg("dissimilarity") = "euclidean", py::arg("threads") = 0,
      "How alike X and Y represent the same samples: (T, n), (T, B, n) or lists of (T_i, n), of\n"
      "any numbers of units. list_metrics() tells what each metric is and whether its distance\n"
      "satisfies the triangle inequality.\n\n"
      "variance and dim: principal components that CCA metrics keep; 0 is the metric's own (0.99\n"
      "for svcca, else all). bandwidth: of Gaussian kernels, in median distances.");
  m.def(
      "compare_all", compare_all, py::arg("networks"), py::arg("metric") = "svcca", py::kw_only(),
      py::arg("variance") = 0, py::arg("dim") = 0, py::arg("bandwidth") = 1,
      py::arg("dissimilarity") = "euclidean", py::arg("memory") = 4e9, py::arg("threads") = 0,
      py::arg("known") = py::none(), py::arg("progress") = py::none(),
      "The distances (N, N) of all pairs of `networks`, each as X of compare; NaN where one does\n"
      "not vary. memory: bytes to use at most beside the data; plan_comparison tells what is\n"
      "used before it starts. known: (N, N) distances of an earlier call, NaN where missing.\n"
      "progress(fraction) is called ten times a second.");
  m.def("plan_comparison", plan, py::arg("units"), py::arg("samples"), py::arg("metric") = "svcca",
        py::kw_only(), py::arg("dim") = 0, py::arg("memory") = 4e9, py::arg("threads") = 0,
        "What compare_all of networks of `units` units and `samples` samples will take.");
  m.def("subspace_angles", subspace_angles, py::arg("A"), py::arg("B"), py::kw_only(),
        py::arg("samples") = 1000, py::arg("seed") = 0,
        "Principal angles between the column spaces of A (n, p) and B (n, q), and how small they\n"
        "would be for random subspaces of the same dimensions.");
  m.def("list_metrics", metrics, "A list of dicts: name, distance, score, triangle_inequality ...");
}

}  // namespace nullcline::python
