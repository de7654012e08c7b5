// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/dca.hpp"
#include "nullcline/representation/pca.hpp"

namespace nullcline::python {
namespace {

using representation::Dca;
using representation::DcaAttempt;
using representation::Pca;
using representation::PcaMethod;

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
        std::uint64_t seed, Index max_iterations, double gradient_tolerance, int threads) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  Dca result;
  run_interruptibly([&](const std::atomic<bool>&) {
    result = representation::dca(trials, {.dim = dim,
                                          .window = window,
                                          .starts = starts,
                                          .seed = seed,
                                          .ridge = ridge,
                                          .max_iterations = max_iterations,
                                          .gradient_tolerance = gradient_tolerance,
                                          .threads = Threads{threads}});
  });
  return result;
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
          "'variance', 'predictability' or 'random'.")
      .def_readonly("predictive_information", &DcaAttempt::predictive_information, "Nats.")
      .def_readonly("gradient_norm", &DcaAttempt::gradient_norm)
      .def_readonly("iterations", &DcaAttempt::iterations)
      .def_property_readonly(
          "status", [](const DcaAttempt& self) { return name_of(self.status); },
          "'converged', 'stalled', 'max_iterations' or 'undefined'.");

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
      .def_readonly("rank", &Dca::rank, "Directions that carry variance.")
      .def_readonly("attempts", &Dca::attempts, "A list, one a start.")
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
      py::arg("gradient_tolerance") = 1e-6, py::arg("threads") = 0,
      "Dynamical components analysis [Clark, Livezey & Bouchard 2019] of X: (T, n), (T, B, n) or\n"
      "a list of (T_i, n): the dim directions whose past `window` steps tell most about the next\n"
      "`window`, by ascent from two deterministic and `starts` random starts.\n\n"
      "ridge adds white noise of that part of the mean variance of a unit; with 0, the predictive\n"
      "information of deterministic data is infinite. threads=0 uses all cores. Ctrl-C is "
      "answered\n"
      "when the call ends.");
}

}  // namespace nullcline::python
