// SPDX-License-Identifier: Apache-2.0
#include "covariances.hpp"

#include <pybind11/stl.h>

#include <limits>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "copies.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/covariance_repair.hpp"
#include "nullcline/representation/log_determinant.hpp"
#include "nullcline/representation/predictive_information.hpp"
#include "nullcline/representation/random_angles.hpp"

namespace nullcline::python {
namespace {

using representation::CrossCovariances;
using representation::LagDivisor;
using representation::RandomAngles;
using representation::RepairedCovariances;

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// C(0), C(1), ... as (lags, n, n).
py::array_t<double> lags_out(const std::vector<Matrix>& lags) {
  const Index count = static_cast<Index>(lags.size()), n = lags.empty() ? 0 : lags[0].rows();
  py::array_t<double> array({count, n, n});
  for (Index k = 0; k < count; ++k) {
    Eigen::Map<RowMajor>(array.mutable_data() + k * n * n, n, n) =
        lags[static_cast<std::size_t>(k)];
  }
  return array;
}

CrossCovariances read_lags(const py::object& object, const std::string& name) {
  const DoubleArray array = read_array(object, name, {{"lags"}, {"n"}, {"n"}});
  const Index n = array.shape(1);
  if (array.shape(2) != n) {
    throw Error("", name, "matrices of different sides", "shape (lags, n, n)");
  }
  CrossCovariances result{Vector::Zero(n), {}};
  for (Index k = 0; k < array.shape(0); ++k) {
    result.lags.emplace_back(Eigen::Map<const RowMajor>(array.data() + k * n * n, n, n));
  }
  return result;
}

py::array_t<double> cross_covariances(const py::object& X, Index count,
                                      const std::string& divisor) {
  if (divisor != "samples" && divisor != "products") {
    throw Error("", "divisor", "'" + divisor + "'", "'samples' or 'products'");
  }
  return lags_out(representation::cross_covariances(
                      read_trials(X, "X"), {.count = count,
                                            .divisor = divisor == "samples" ? LagDivisor::samples
                                                                            : LagDivisor::products})
                      .lags);
}

RepairedCovariances repair(const py::object& lags, const std::string& kind, double smallest) {
  const CrossCovariances read = read_lags(lags, "lags");
  const auto wanted = representation::covariance_repair_named(kind);
  const py::gil_scoped_release released;
  return representation::repair_covariances(read, static_cast<Index>(read.lags.size()),
                                            {.kind = wanted, .smallest = smallest});
}

double held_out_information(const py::object& model, const py::object& data, const py::object& V,
                            Index window) {
  const CrossCovariances fit = read_lags(model, "model"), seen = read_lags(data, "data");
  const auto found = representation::held_out_information(
      fit, seen, read_matrix(V, "V", {"n", fit.dim()}, {"d"}), window);
  return found.value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

void register_covariances(py::module_& m) {
  m.def("cross_covariances", cross_covariances, py::arg("X"), py::arg("count") = 10, py::kw_only(),
        py::arg("divisor") = "samples",
        "C(0) ... C(count - 1), (count, n, n), C(k) = E[(x[t + k] - mean) (x[t] - mean)'], of X:\n"
        "(T, n), (T, B, n) or a list of (T_i, n).\n\n"
        "divisor: 'samples' for every lag, then no block-Toeplitz covariance is indefinite, or\n"
        "'products', how many there are of a lag.");
  m.def(
      "block_toeplitz",
      [](const py::object& lags, Index window) {
        return matrix_out(representation::block_toeplitz(read_lags(lags, "lags").lags, window));
      },
      py::arg("lags"), py::arg("window"),
      "The covariance of `window` successive steps, block (i, j) C(i - j), from lags (lags, n, "
      "n).");
  m.def(
      "toeplitz_log_determinants",
      [](const py::object& lags) -> py::object {
        const auto found = representation::toeplitz_log_determinants(read_lags(lags, "lags").lags);
        if (!found) return py::none();
        return vector_out(*found);
      },
      py::arg("lags"),
      "log det of block_toeplitz(lags, 1), ... of all, from lags (lags, n, n); None if the last "
      "is\n"
      "not positive definite.");

  py::class_<RepairedCovariances>(m, "RepairedCovariances",
                                  "Covariances of a process, and what was done to make them so.")
      .def_property_readonly(
          "lags", [](const RepairedCovariances& self) { return lags_out(self.covariances.lags); },
          "(lags, n, n), a copy.")
      .def_property_readonly(
          "smallest_eigenvalue",
          [](const RepairedCovariances& self) { return self.report.smallest_eigenvalue; },
          "Of the block-Toeplitz covariance as it was given.")
      .def_property_readonly(
          "added_variance",
          [](const RepairedCovariances& self) { return self.report.added_variance; },
          "On every unit.")
      .def_property_readonly(
          "taper", [](const RepairedCovariances& self) { return self.report.taper; },
          "r: lags are r^k C(k).")
      .def_property_readonly("changed",
                             [](const RepairedCovariances& self) { return self.report.changed; });
  m.def("repair_covariances", repair, py::arg("lags"), py::arg("kind") = "floor", py::kw_only(),
        py::arg("smallest") = 1e-6,
        "Lags (lags, n, n) whose block-Toeplitz covariance has no eigenvalue below smallest times\n"
        "the mean variance of a unit: 'floor' adds white noise to all units, as little as is\n"
        "enough; 'taper' makes lags smaller, r^k C(k), with the largest r that is enough.");
  m.def("held_out_information", held_out_information, py::arg("model"), py::arg("data"),
        py::arg("V"), py::arg("window") = 5,
        "How much better, nats, a Gaussian with the lags `model` (lags, n, n) foretells the next\n"
        "`window` steps of V'x from the last, where x has the lags `data`, than without them; NaN\n"
        "where the model's covariance is not positive definite.");

  py::class_<RandomAngles>(m, "RandomAngles", "Principal angles of random subspaces, ascending.")
      .def_property_readonly("mean", vector_of(&RandomAngles::mean), "(min(p, q),) radians.")
      .def_property_readonly("quantiles", matrix_of(&RandomAngles::quantiles),
                             "(min(p, q), probabilities)");
  m.def(
      "random_principal_angles",
      [](Index n, Index p, Index q, Index draws, const std::vector<double>& probabilities,
         std::uint64_t seed) {
        const py::gil_scoped_release released;
        return representation::random_principal_angles(
            n, p, q,
            {.draws = draws,
             .probabilities = Eigen::Map<const Vector>(probabilities.data(),
                                                       static_cast<Index>(probabilities.size())),
             .seed = seed});
      },
      py::arg("n"), py::arg("p"), py::arg("q"), py::kw_only(), py::arg("draws") = 1000,
      py::arg("probabilities") = std::vector<double>{0.05, 0.5, 0.95}, py::arg("seed") = 0,
      "The principal angles of independent uniform subspaces of R^n of dimensions p and q: their\n"
      "means and quantiles, by sampling.");
}

}  // namespace nullcline::python
