// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <limits>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "copies.hpp"
#include "covariances.hpp"
#include "interruptible.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/dca.hpp"
#include "nullcline/representation/dca_selection.hpp"
#include "nullcline/representation/pca.hpp"
#include "nullcline/representation/predictive_information.hpp"
#include "nullcline/representation/surrogates.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using representation::Dca;
using representation::DcaAttempt;
using representation::DcaCrossValidation;
using representation::DcaMaximum;
using representation::DcaNull;
using representation::DcaOptions;
using representation::Pca;
using representation::PcaMethod;
using representation::Surrogate;

PcaMethod method_of(const std::string& word) {
  for (const auto each : {PcaMethod::automatic, PcaMethod::exact, PcaMethod::randomized}) {
    if (word == name_of(each)) return each;
  }
  throw Error("", "method", "'" + word + "'", "'automatic', 'exact' or 'randomized'");
}

Pca pca(const py::object& X, Index dim, const std::string& method, Index oversampling,
        Index power_iterations, std::uint64_t seed) {
  const representation::PcaOptions options{.dim = dim,
                                           .method = method_of(method),
                                           .oversampling = oversampling,
                                           .power_iterations = power_iterations,
                                           .seed = seed};
  const std::vector<Matrix> trials = read_trials(X, "X");
  const py::gil_scoped_release released;
  return representation::pca(trials, options);
}

Dca dca(const py::object& X, Index dim, Index window, Index starts, double ridge,
        std::uint64_t seed, Index max_iterations, double gradient_tolerance, Index exchanges,
        const std::string& divisor, const std::string& repair, int threads) {
  if (divisor != "samples" && divisor != "products") {
    throw Error("", "divisor", "'" + divisor + "'", "'samples' or 'products'");
  }
  const auto repaired = representation::covariance_repair_named(repair);
  const std::vector<Matrix> trials = read_trials(X, "X");
  Dca result;
  run_interruptibly([&](const std::atomic<bool>&) {
    result = representation::dca(
        trials, {.dim = dim,
                 .window = window,
                 .starts = starts,
                 .exchanges = exchanges,
                 .seed = seed,
                 .ridge = ridge,
                 .divisor = divisor == "samples" ? representation::LagDivisor::samples
                                                 : representation::LagDivisor::products,
                 .repair = {.kind = repaired},
                 .max_iterations = max_iterations,
                 .gradient_tolerance = gradient_tolerance,
                 .threads = Threads{threads}});
  });
  return result;
}

std::vector<Dca> dca_curve(const py::object& X, Index dims, Index window, Index starts,
                           double ridge, std::uint64_t seed, int threads) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  std::vector<Dca> result;
  run_interruptibly([&](const std::atomic<bool>&) {
    result = representation::dca_curve(trials, {.dim = dims,
                                                .window = window,
                                                .starts = starts,
                                                .seed = seed,
                                                .ridge = ridge,
                                                .threads = Threads{threads}});
  });
  return result;
}

DcaOptions dca_options(Index starts, double ridge, std::uint64_t seed) {
  DcaOptions options;
  options.starts = starts;
  options.ridge = ridge;
  options.seed = seed;
  return options;
}

DcaCrossValidation dca_cross_validation(const py::object& X, Index max_dim,
                                        const std::vector<Index>& windows, Index folds,
                                        Index starts, double ridge, std::uint64_t seed,
                                        int threads) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  representation::DcaCrossValidationOptions options;
  options.max_dim = max_dim;
  options.windows = windows;
  options.folds = folds;
  options.dca = dca_options(starts, ridge, seed);
  DcaCrossValidation result;
  run_work(false, threads, [&](Threads on, const Progress& progress) {
    options.dca.threads = on;
    options.progress = progress;
    result = representation::dca_cross_validation(trials, options);
  });
  return result;
}

Surrogate surrogate_named(const std::string& name) {
  for (const auto kind :
       {Surrogate::independent_phases, Surrogate::common_phases, Surrogate::shuffled_time}) {
    if (name == name_of(kind)) return kind;
  }
  throw py::value_error("surrogate is '" + name +
                        "', must be 'independent_phases', 'common_phases' or 'shuffled_time'");
}

py::array_t<double> surrogate(const py::object& X, const std::string& kind, std::uint64_t seed,
                              std::uint64_t number) {
  const Surrogate named = surrogate_named(kind);
  Matrix trial = read_matrix(X, "X", {"T"}, {"n"}).transpose();
  {
    const py::gil_scoped_release released;
    trial = representation::surrogate(trial, named, seed, number);
  }
  return trial_out(trial);
}

DcaNull dca_null(const py::object& X, const std::string& surrogate, Index count, Index dim,
                 Index window, Index starts, double ridge, std::uint64_t seed, int threads) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  representation::DcaNullOptions options;
  options.surrogate = surrogate_named(surrogate);
  options.count = count;
  options.dca = dca_options(starts, ridge, seed);
  options.dca.dim = dim;
  options.dca.window = window;
  DcaNull result;
  run_work(false, threads, [&](Threads on, const Progress& progress) {
    options.dca.threads = on;
    options.progress = progress;
    result = representation::dca_null(trials, options);
  });
  return result;
}

/// PI of the columns of V for windows 1 .. window; NaN where it is not defined.
py::array_t<double> predictive_information(const py::object& X, const py::object& V, Index window,
                                           double ridge) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  const DoubleArray array = read_array(V, "V", {{"n", trials[0].rows()}, {"d"}});
  const Matrix basis = columns(array).transpose();
  auto covariances = representation::cross_covariances(trials, {.count = 2 * window});
  covariances.lags[0].diagonal().array() +=
      ridge * covariances.lags[0].trace() / static_cast<double>(covariances.dim());
  const auto curve = representation::predictive_information_curve(covariances, basis, window);
  py::array_t<double> values(window);
  Eigen::Map<Vector>(values.mutable_data(), window) =
      curve ? *curve : Vector::Constant(window, std::numeric_limits<double>::quiet_NaN());
  return values;
}

/// basis' (x - mean) of each row x of a (..., n) array.
py::array project(const py::object& X, In<Vector> mean, In<Matrix> basis) {
  const DoubleArray data = read_array(X, "X", {{"T"}, {"n", mean.size()}});
  py::array_t<double> projected({data.shape(0), static_cast<py::ssize_t>(basis.cols())});
  Eigen::Map<Matrix>(projected.mutable_data(), basis.cols(), data.shape(0)) =
      representation::project(columns(data), mean, basis);
  return projected;
}

}  // namespace

void register_representation(py::module_& m) {
  register_covariances(m);
  py::class_<Pca>(m, "Pca", "Principal components.")
      .def_property_readonly("mean", vector_of(&Pca::mean), "(n,)")
      .def_property_readonly("basis", matrix_of(&Pca::basis),
                             "(n, d) orthonormal columns, by decreasing variance.")
      .def_property_readonly("variances", vector_of(&Pca::variances), "(d,)")
      .def_property_readonly("explained", vector_of(&Pca::explained),
                             "(d,) as parts of total_variance.")
      .def_readonly("total_variance", &Pca::total_variance)
      .def_property_readonly("method", name_in(&Pca::method), "'exact' or 'randomized'.")
      .def_readonly("unseen_variance", &Pca::unseen_variance,
                    "No direction that was not searched has more, but once in 1e10.")
      .def(
          "project",
          [](const Pca& self, const py::object& X) { return project(X, self.mean, self.basis); },
          py::arg("X"), "X (T, n) to (X - mean) @ basis, (T, d).");

  py::class_<DcaAttempt>(m, "DcaAttempt", "What came of one start of DCA.")
      .def_property_readonly(
          "kind", [](const DcaAttempt& self) { return name_of(self.kind); },
          "'variance', 'predictability', 'given', 'random' or 'exchange'.")
      .def_readonly("predictive_information", &DcaAttempt::predictive_information, "Nats.")
      .def_readonly("gradient_norm", &DcaAttempt::gradient_norm)
      .def_readonly("iterations", &DcaAttempt::iterations)
      .def_property_readonly(
          "status", [](const DcaAttempt& self) { return name_of(self.status); },
          "'converged', 'stalled', 'max_iterations' or 'undefined'.")
      .def_readonly("maximum", &DcaAttempt::maximum, "Which of `maxima` it reached, or -1.");

  py::class_<DcaMaximum>(m, "DcaMaximum", "One of the distinct maxima that starts of DCA reached.")
      .def_readonly("predictive_information", &DcaMaximum::predictive_information, "Nats.")
      .def_readonly("starts", &DcaMaximum::starts, "How many reached it.")
      .def_property_readonly("angles", vector_of(&DcaMaximum::angles),
                             "(dim,) principal angles to the best one, radians.")
      .def_property_readonly("projection", matrix_of(&DcaMaximum::projection), "(n, dim)");

  py::class_<DcaCrossValidation>(m, "DcaCrossValidation", "Which dim and window foretell new data.")
      .def_readonly("windows", &DcaCrossValidation::windows)
      .def_property_readonly("held_out", matrix_of(&DcaCrossValidation::held_out),
                             "(windows, max_dim) nats, of data that the fit has not seen; the "
                             "mean over folds.")
      .def_property_readonly("standard_error", matrix_of(&DcaCrossValidation::standard_error),
                             "(windows, max_dim) of held_out, over folds.")
      .def_property_readonly("fitted", matrix_of(&DcaCrossValidation::fitted),
                             "(windows, max_dim) PI of the fits, of their own data.")
      .def_readonly("dim", &DcaCrossValidation::dim, "Of the largest held_out; 0: none.")
      .def_readonly("window", &DcaCrossValidation::window)
      .def_readonly("by_trials", &DcaCrossValidation::by_trials,
                    "Whether folds are whole trials, or blocks of time of each.");

  py::class_<DcaNull>(m, "DcaNull", "Predictive information of data beside that of surrogates.")
      .def_readonly("predictive_information", &DcaNull::predictive_information, "Of the data.")
      .def_readonly("turned", &DcaNull::turned,
                    "Of the data cut as surrogates of phases are, which p_value compares; of "
                    "shuffled time the same as predictive_information.")
      .def_property_readonly("values", vector_of(&DcaNull::values), "Of the surrogates, ascending.")
      .def_readonly("p_value", &DcaNull::p_value, "(1 + values >= turned) / (1 + values).");

  py::class_<Dca>(m, "Dca", "Dynamical components: the best of several maxima.")
      .def_property_readonly("projection", matrix_of(&Dca::projection),
                             "V (n, dim) orthonormal columns, by decreasing variance of V'x;\n"
                             "(0, 0) if `status` says that there is none.")
      .def_property_readonly("mean", vector_of(&Dca::mean), "(n,)")
      .def_readonly("predictive_information", &Dca::predictive_information,
                    "Nats, of the next `window` steps given the last, with the ridge.")
      .def_property_readonly("variances", vector_of(&Dca::variances), "(dim,) of V'x.")
      .def_readonly("total_variance", &Dca::total_variance, "Of all units.")
      .def_readonly("added_variance", &Dca::added_variance, "By the ridge, on each unit.")
      .def_property_readonly(
          "repair_variance", [](const Dca& self) { return self.repair.added_variance; },
          "By the repair of covariances, on each unit.")
      .def_property_readonly(
          "repair_taper", [](const Dca& self) { return self.repair.taper; },
          "r: the repair made lags r^k C(k); 1 if it did not.")
      .def_readonly("rank", &Dca::rank, "Directions that carry variance.")
      .def_readonly("attempts", &Dca::attempts, "A list, one a start.")
      .def_readonly("maxima", &Dca::maxima, "The distinct maxima of these, the best first.")
      .def_readonly("best", &Dca::best, "The number of the best attempt, or -1.")
      .def_property_readonly(
          "status", [](const Dca& self) { return name_of(self.status); },
          "'converged', 'not_converged', 'undefined' or 'rank_deficient'.")
      .def(
          "project",
          [](const Dca& self, const py::object& X) {
            return project(X, self.mean, self.projection);
          },
          py::arg("X"), "X (T, n) to (X - mean) @ projection, (T, dim).");

  m.def("pca", pca, py::arg("X"), py::arg("dim") = 0, py::kw_only(),
        py::arg("method") = "automatic", py::arg("oversampling") = 10,
        py::arg("power_iterations") = 2, py::arg("seed") = 0,
        "Principal components of X: (T, n), (T, B, n) or a list of (T_i, n). dim=0 keeps all.\n\n"
        "method: 'exact', 'randomized' [Halko, Martinsson & Tropp 2011], or 'automatic', the\n"
        "second for a small part of 1000 dimensions or more.");
  m.def(
      "dca", dca, py::arg("X"), py::arg("dim") = 2, py::arg("window") = 5, py::arg("starts") = 10,
      py::kw_only(), py::arg("ridge") = 1e-8, py::arg("seed") = 0, py::arg("max_iterations") = 1000,
      py::arg("gradient_tolerance") = 1e-6, py::arg("exchanges") = 4,
      py::arg("divisor") = "samples", py::arg("repair") = "none", py::arg("threads") = 0,
      "Dynamical components analysis [Clark, Livezey & Bouchard 2019] of X: (T, n), (T, B, n) or\n"
      "a list of (T_i, n): the dim directions whose past `window` steps tell most about the next\n"
      "`window`, by ascent from two deterministic and `starts` random starts, and then `exchanges` "
      "times\n"
      "from the best with one direction exchanged for a random one.\n\n"
      "repair: of covariances that are not positive definite, as repair_covariances has it: "
      "'none',\n"
      "'floor' or 'taper'; divisor as in cross_covariances.\n"
      "ridge adds white noise of that part of the mean variance of a unit; with 0, the predictive\n"
      "information of deterministic data is infinite. threads=0 uses all cores. Ctrl-C is "
      "answered\n"
      "when the call ends.");
  m.def("dca_curve", dca_curve, py::arg("X"), py::arg("dims"), py::arg("window") = 5,
        py::arg("starts") = 10, py::kw_only(), py::arg("ridge") = 1e-8, py::arg("seed") = 0,
        py::arg("threads") = 0,
        "DCA in 1 .. dims dimensions, each a maximization of its own (the subspaces need not lie\n"
        "in one another): a list of Dca, shorter where the data have fewer directions.");
  m.def("predictive_information", predictive_information, py::arg("X"), py::arg("V"),
        py::arg("window") = 5, py::kw_only(), py::arg("ridge") = 0.0,
        "Predictive information, nats, of the columns of V (n, d) in X for windows 1 .. window:\n"
        "(window,); NaN where the covariance is not positive definite.");
  m.def("dca_cross_validation", dca_cross_validation, py::arg("X"), py::arg("max_dim") = 5,
        py::arg("windows") = std::vector<Index>{1, 2, 5}, py::arg("folds") = 5,
        py::arg("starts") = 10, py::kw_only(), py::arg("ridge") = 1e-8, py::arg("seed") = 0,
        py::arg("threads") = 0,
        "How well DCA of 1 .. max_dim dimensions and each window foretells data that it has not\n"
        "seen: whole trials, or blocks of time where there are fewer trials than folds.");
  m.def(
      "surrogate", surrogate, py::arg("X"), py::arg("kind") = "independent_phases",
      py::arg("seed") = 0, py::arg("number") = 0,
      "A trial X (T, n) with some of its statistics and no other: 'independent_phases' keeps\n"
      "each unit's power spectrum, 'common_phases' the whole cross-spectrum, 'shuffled_time' the\n"
      "covariance. `number` counts draws.");
  m.def("dca_null", dca_null, py::arg("X"), py::arg("surrogate") = "independent_phases",
        py::arg("count") = 99, py::arg("dim") = 2, py::arg("window") = 5, py::arg("starts") = 10,
        py::kw_only(), py::arg("ridge") = 1e-8, py::arg("seed") = 0, py::arg("threads") = 0,
        "The predictive information of DCA beside that of surrogates: 'independent_phases' (each\n"
        "unit keeps its spectrum), 'common_phases' (the cross-spectrum is kept, and so is PI but\n"
        "for what is not stationary) or 'shuffled_time' (nothing over time is kept).");
}

}  // namespace nullcline::python
