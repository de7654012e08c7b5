// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <deque>

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

/// What dsa takes, of the keyword arguments that compare and compare_all share.
struct Dynamics {
  Index delays, interval, rank, starts;
  std::string group;
  bool pad;
  std::uint64_t seed;

  representation::DsaOptions options() const {
    representation::DsaOptions options;
    options.dmd.delays = delays;
    options.dmd.interval = interval;
    options.dmd.rank = rank;
    options.alignment.starts = starts;
    options.alignment.pad = pad;
    options.alignment.group = representation::alignment_group(group);
    options.alignment.seed = seed;
    return options;
  }
};

Similarity compare(const py::object& X, const py::object& Y, const std::string& metric,
                   double variance, Index dim, double bandwidth, const std::string& dissimilarity,
                   Index delays, Index interval, Index rank, Index starts, const std::string& group,
                   bool pad, std::uint64_t seed, int threads) {
  const std::vector<Matrix> first = read_trials(X, "X"), second = read_trials(Y, "Y");
  const Dynamics dynamics{delays, interval, rank, starts, group, pad, seed};
  const SimilarityOptions options{
      variance, dim, bandwidth, dissimilarity, dynamics.options(), Threads{threads}};
  const py::gil_scoped_release released;
  return representation::compare(first, second, metric, options);
}

/// The networks of compare_all. A (T, n) array of float64 in C order is looked at where it is.
class Networks {
 public:
  explicit Networks(const py::sequence& networks) {
    for (const py::handle network : networks) {
      const std::string name = fmt::format("networks[{}]", samples_.size());
      add(network, name);
      if (lengths_.back() != lengths_.front()) {
        throw Error("", name, lengths_text(lengths_.back()),
                    lengths_text(lengths_.front()) + " as in networks[0]");
      }
    }
  }

  representation::Population population() const {
    representation::Population population;
    for (const Columns& samples : samples_) population.units.push_back(samples.rows());
    if (samples_.empty()) return population;
    population.samples = samples_.front().cols();
    population.trials = lengths_.front();
    population.data = [this](Index i) -> Matrix { return samples_[static_cast<std::size_t>(i)]; };
    return population;
  }

 private:
  void add(const py::handle& network, const std::string& name) {
    if (py::isinstance<py::array>(network) && py::cast<py::array>(network).ndim() == 2) {
      arrays_.push_back(read_array(network, name, {{"T"}, {"n"}}));
      samples_.push_back(columns(arrays_.back()));
      lengths_.push_back({samples_.back().cols()});
      return;
    }
    const std::vector<Matrix> trials = read_trials(network, name);
    if (trials.empty()) throw Error("", name, "no trial", "one or more");
    std::vector<Index> lengths;
    Index all = 0;
    for (const Matrix& trial : trials) {
      if (trial.rows() != trials.front().rows()) {
        throw Error("", name, fmt::format("{} units in a trial", trial.rows()),
                    fmt::format("{} as in the first", trials.front().rows()));
      }
      lengths.push_back(trial.cols());
      all += trial.cols();
    }
    Matrix& joined = copies_.emplace_back(trials.front().rows(), all);
    Index at = 0;
    for (const Matrix& trial : trials) {
      joined.middleCols(at, trial.cols()) = trial;
      at += trial.cols();
    }
    samples_.emplace_back(joined.data(), joined.rows(), joined.cols());
    lengths_.push_back(std::move(lengths));
  }

  static std::string lengths_text(const std::vector<Index>& lengths) {
    const auto [least, most] = std::minmax_element(lengths.begin(), lengths.end());
    if (lengths.size() == 1) return fmt::format("{} samples", lengths.front());
    return *least == *most
               ? fmt::format("{} trials of {} steps", lengths.size(), *least)
               : fmt::format("{} trials of {} to {} steps", lengths.size(), *least, *most);
  }

  std::vector<DoubleArray> arrays_;
  std::deque<Matrix> copies_;
  std::vector<Columns> samples_;
  std::vector<std::vector<Index>> lengths_;
};

py::array square_array(const Matrix& values) {
  py::array_t<double> result({values.rows(), values.cols()});
  Eigen::Map<Matrix>(result.mutable_data(), values.cols(), values.rows()) = values.transpose();
  return result;
}

py::object compare_all(const py::sequence& networks, const std::string& metric, double variance,
                       Index dim, double bandwidth, const std::string& dissimilarity, Index delays,
                       Index interval, Index rank, Index starts, const std::string& group, bool pad,
                       std::uint64_t seed, double memory, int threads, const py::object& known,
                       bool bounds, const py::object& progress) {
  const Networks all(networks);
  const representation::Population population = all.population();
  const Dynamics dynamics{delays, interval, rank, starts, group, pad, seed};
  PopulationOptions options{
      {variance, dim, bandwidth, dissimilarity, dynamics.options()}, memory, Threads{threads}};
  const auto count = static_cast<Index>(population.units.size());
  if (!known.is_none()) {
    options.known = read_matrix(known, "known", {"N", count}, {"N", count});
  }
  std::atomic<double> fraction = 0;
  representation::PopulationDistances found;
  const std::function<void()> tick = [&] {
    if (!progress.is_none()) progress(fraction.load());
  };
  run_interruptibly(
      [&](const std::atomic<bool>& stop) {
        options.progress = [&](double done) {
          fraction = done;
          return !stop.load();
        };
        found = representation::compare_all(population, metric, options);
      },
      tick);
  py::array distances = square_array(found.distances);
  if (!bounds) return distances;
  return py::make_tuple(distances,
                        square_array(found.bounds.size() > 0 ? found.bounds : found.distances));
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
      .def_readonly("defined", &Similarity::defined, "False where a side does not vary.")
      .def_readonly("gap", &Similarity::gap,
                    "The distance may be too large by this much: of dsa, distance - bound; else 0.")
      .def_property_readonly(
          "bound", [](const Similarity& self) { return self.distance - self.gap; },
          "What the distance is not below.")
      .def_readonly("alignment", &Similarity::alignment, "Of dsa, as of nc.dsa; else None.");

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
      py::arg("dissimilarity") = "euclidean", py::arg("delays") = 10, py::arg("interval") = 1,
      py::arg("rank") = 10, py::arg("starts") = 10, py::arg("group") = "orthogonal",
      py::arg("pad") = false, py::arg("seed") = 0, py::arg("threads") = 0,
      "How alike X and Y represent the same samples: (T, n), (T, B, n) or lists of (T_i, n), of\n"
      "any numbers of units. list_metrics() tells what each metric is and whether its distance\n"
      "satisfies the triangle inequality.\n\n"
      "variance and dim: principal components that CCA metrics keep; 0 is the metric's own (0.99\n"
      "for svcca, else all). bandwidth: of Gaussian kernels, in median distances. delays, "
      "interval,\n"
      "rank, starts, group ('orthogonal' or 'rotations'), pad, seed: of dsa, as of nc.dsa with\n"
      "center=True; there X and Y may be trials of any numbers and lengths.");
  m.def(
      "compare_all", compare_all, py::arg("networks"), py::arg("metric") = "svcca", py::kw_only(),
      py::arg("variance") = 0, py::arg("dim") = 0, py::arg("bandwidth") = 1,
      py::arg("dissimilarity") = "euclidean", py::arg("delays") = 10, py::arg("interval") = 1,
      py::arg("rank") = 10, py::arg("starts") = 10, py::arg("group") = "orthogonal",
      py::arg("pad") = false, py::arg("seed") = 0, py::arg("memory") = 4e9, py::arg("threads") = 0,
      py::arg("known") = py::none(), py::arg("bounds") = false, py::arg("progress") = py::none(),
      "The distances (N, N) of all pairs of `networks`, each as X of compare; NaN where one does\n"
      "not vary. memory: bytes to use at most beside the data; plan_comparison tells what is\n"
      "used before it starts. known: (N, N) distances of an earlier call, NaN where missing.\n"
      "bounds=True: (distances, bounds), what the distances of dsa are not below; of the other\n"
      "metrics these are equal. progress(fraction) is called ten times a second.");
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
