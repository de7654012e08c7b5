// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <limits>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/connectivity/centrality.hpp"
#include "nullcline/connectivity/departure.hpp"
#include "nullcline/connectivity/eigenvalue_change.hpp"
#include "nullcline/connectivity/graph.hpp"
#include "nullcline/connectivity/weight_change.hpp"
#include "nullcline/core/attempt.hpp"

namespace nullcline::python {
namespace {

using connectivity::Centralities;
using connectivity::Departure;

/// All that is known of one of before, after, change.
struct Weights {
  connectivity::WeightSummary summary;
  connectivity::WeightSpectrum spectrum;
  Departure departure;
  Centralities centralities;
};

struct Connectivity {
  connectivity::WeightChange all;
  Weights before, after, change;
};

Weights weights(const connectivity::WeightSummary& summary,
                const connectivity::WeightSpectrum& spectrum, In<Matrix> W) {
  return {summary, spectrum, connectivity::departure_from_normality(W),
          connectivity::centralities(W)};
}

Connectivity analyze(const py::object& before, const py::object& after, Index bins,
                     double rank_fraction) {
  const Matrix first = read_matrix(before, "before", {"n"}, {"n"});
  const Matrix last = read_matrix(after, "after", {"n", first.rows()}, {"n", first.cols()});
  const py::gil_scoped_release released;
  Connectivity result;
  result.all =
      connectivity::weight_change(first, last, {.bins = bins, .rank_fraction = rank_fraction});
  result.before = weights(result.all.before, result.all.before_spectrum, first);
  result.after = weights(result.all.after, result.all.after_spectrum, last);
  result.change = weights(result.all.change, result.all.change_spectrum, last - first);
  return result;
}

/// Getters of self.part.member: a number, or a view of a vector.
template <class Result, class Part, class Member>
auto number(Part Result::*part, Member Part::*member) {
  return [=](const Result& self) { return self.*part.*member; };
}
template <class Result, class Part, class Member>
auto view(Part Result::*part, Member Part::*member) {
  return [=](const py::object& self) { return vector(self.cast<Result&>().*part.*member, self); };
}

py::dict statuses(const Centralities& all) {
  py::dict status;
  status["in_strength"] = name_of(all.in_strength.status);
  status["out_strength"] = name_of(all.out_strength.status);
  status["eigenvector"] = name_of(all.eigenvector.status);
  return status;
}

Matrix read_square(const py::object& W, const std::string& name) {
  const Matrix A = read_matrix(W, name, {"n"}, {"n"});
  if (A.rows() == A.cols()) return A;
  return read_matrix(W, name, {"n", A.rows()}, {"n", A.rows()});  // Says what is wrong.
}

void add_departure(py::module_& m) {
  py::class_<Departure>(m, "Departure",
                        "Norms of the strictly upper triangle of a Schur form; 0 if normal.")
      .def_readonly("frobenius", &Departure::frobenius, "Henrici's, of the complex form.")
      .def_readonly("operator_norm", &Departure::operator_norm, "Of the complex form.")
      .def_readonly("real_frobenius", &Departure::real_frobenius, "Of the real form.")
      .def_readonly("real_operator_norm", &Departure::real_operator_norm, "Of the real form.")
      .def_readonly("matrix_frobenius", &Departure::matrix_frobenius, "Of the matrix itself.")
      .def_readonly("known", &Departure::known,
                    "False where LAPACK gave up: what is not known is NaN.");
  m.def(
      "departure_from_normality",
      [](const py::object& A) {
        const Matrix matrix = read_square(A, "A");
        const py::gil_scoped_release released;
        return connectivity::departure_from_normality(matrix);
      },
      py::arg("A"), "Of one matrix A (n, n), by its Schur forms [Henrici 1962].");
}

void add_centralities(py::module_& m) {
  using connectivity::Centrality;
  using connectivity::KatzCentrality;
  py::class_<Centralities>(
      m, "Centralities",
      "How central each unit is by |W|: scores >= 0 with sum 1, or empty where\n"
      "`status` says 'undefined' or 'not_converged'.")
      .def_property_readonly("in_strength", view(&Centralities::in_strength, &Centrality::scores),
                             "(n,) row sums.")
      .def_property_readonly("out_strength", view(&Centralities::out_strength, &Centrality::scores),
                             "(n,) column sums.")
      .def_property_readonly("eigenvector", view(&Centralities::eigenvector, &Centrality::scores),
                             "(n,) the Perron vector.")
      .def_property_readonly("katz", view(&Centralities::katz, &KatzCentrality::scores),
                             "(n,) weighted paths of all lengths that end at a unit.")
      .def_property_readonly("katz_alpha", number(&Centralities::katz, &KatzCentrality::alpha),
                             "The weight of a step of a path.")
      .def_property_readonly("pagerank", vector_of(&Centralities::pagerank), "(n,)")
      .def_readonly("spectral_radius", &Centralities::spectral_radius, "Of |W|.")
      .def_readonly("strongly_connected", &Centralities::strongly_connected)
      .def_property_readonly("status", statuses,
                             "A dict: 'found', 'reducible', 'undefined' or 'not_converged'.");
  m.def(
      "centralities",
      [](const py::object& W, double katz_fraction, double damping) {
        const Matrix matrix = read_square(W, "W");
        const py::gil_scoped_release released;
        return connectivity::centralities(matrix, {.fraction = katz_fraction},
                                          {.damping = damping});
      },
      py::arg("W"), py::kw_only(), py::arg("katz_fraction") = 0.9, py::arg("damping") = 0.85,
      "Of one weight matrix W (n, n), W[i, j] the weight from unit j to unit i.");
}

void add_weights(py::module_& m) {
  using Summary = connectivity::WeightSummary;
  using Spectrum = connectivity::WeightSpectrum;
  py::class_<Weights>(m, "Weights", "A weight matrix W (n, n), or the change of one.")
      .def_property_readonly("mean", number(&Weights::summary, &Summary::mean))
      .def_property_readonly("standard_deviation",
                             number(&Weights::summary, &Summary::standard_deviation))
      .def_property_readonly("minimum", number(&Weights::summary, &Summary::minimum))
      .def_property_readonly("maximum", number(&Weights::summary, &Summary::maximum))
      .def_property_readonly("positive_fraction",
                             number(&Weights::summary, &Summary::positive_fraction))
      .def_property_readonly("histogram", view(&Weights::summary, &Summary::histogram),
                             "(bins,) counts between Connectivity.edges.")
      .def_property_readonly("singular_values",
                             view(&Weights::spectrum, &Spectrum::singular_values),
                             "(n,) descending.")
      .def_property_readonly("eigenvalues", view(&Weights::spectrum, &Spectrum::eigenvalues),
                             "(n,) complex, by decreasing modulus.")
      .def_property_readonly("frobenius_norm",
                             number(&Weights::spectrum, &Spectrum::frobenius_norm))
      .def_property_readonly("participation_ratio",
                             number(&Weights::spectrum, &Spectrum::participation_ratio),
                             "(sum s^2)^2 / sum s^4 over the singular values.")
      .def_property_readonly("effective_rank",
                             number(&Weights::spectrum, &Spectrum::effective_rank),
                             "Singular values above rank_fraction times the largest.")
      .def_readonly("departure", &Weights::departure, "From normality.")
      .def_property_readonly(
          "known", [](const Weights& self) { return self.spectrum.known; },
          "False where LAPACK gave up: what of the spectrum is not known is NaN.")
      .def_readonly("centralities", &Weights::centralities);
}

ComplexVector values_or_nan(In<Matrix> W) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return attempt(eigenvalues, W).value_or(ComplexVector::Constant(W.rows(), {nan, nan}));
}

void add_eigenvalue_change(py::module_& m) {
  using connectivity::EigenvalueChange;
  py::class_<EigenvalueChange>(m, "EigenvalueChange", "Eigenvalues before and after, in pairs.")
      .def_property_readonly("before", vector_of(&EigenvalueChange::before),
                             "(n,) complex, in the order of `distances`.")
      .def_property_readonly("after", vector_of(&EigenvalueChange::after), "(n,) complex.")
      .def_property_readonly("distances", vector_of(&EigenvalueChange::distances),
                             "(n,) |after - before|, descending.")
      .def_readonly("radius", &EigenvalueChange::radius, "Largest modulus before.")
      .def_readonly("moved", &EigenvalueChange::moved, "By more than moved_fraction * radius.")
      .def_readonly("outside", &EigenvalueChange::outside,
                    "Outside of the disk that held all before.")
      .def_readonly("participation", &EigenvalueChange::participation,
                    "(sum d^2)^2 / sum d^4 of the distances.")
      .def_property_readonly(
          "known", [](const EigenvalueChange& self) { return self.known; },
          "False where LAPACK gave up on eigenvalues: distances are NaN.");
  m.def(
      "eigenvalue_change",
      [](const py::object& before, const py::object& after, double moved_fraction) {
        const Matrix first = read_matrix(before, "before", {"n"}, {"n"});
        const Matrix last = read_matrix(after, "after", {"n", first.rows()}, {"n", first.cols()});
        const py::gil_scoped_release released;
        return connectivity::eigenvalue_change(values_or_nan(first), values_or_nan(last),
                                               {.moved_fraction = moved_fraction});
      },
      py::arg("before"), py::arg("after"), py::kw_only(), py::arg("moved_fraction") = 0.5,
      "How far the eigenvalues of a weight matrix (n, n) went, paired so that the sum of the\n"
      "distances is least.");
}

void add_graph(py::module_& m) {
  m.def(
      "is_strongly_connected",
      [](const py::object& W) { return connectivity::is_strongly_connected(read_square(W, "W")); },
      py::arg("W"), "Whether every unit reaches every other along weights that are not 0.");
  m.def(
      "has_cycle", [](const py::object& W) { return connectivity::has_cycle(read_square(W, "W")); },
      py::arg("W"), "Whether weights that are not 0 lead from some unit back to it.");
}

}  // namespace

void register_connectivity(py::module_& m) {
  add_eigenvalue_change(m);
  add_graph(m);
  add_departure(m);
  add_centralities(m);
  add_weights(m);
  using connectivity::WeightChange;
  py::class_<Connectivity>(m, "Connectivity", "A weight matrix before and after, and the change.")
      .def_readonly("before", &Connectivity::before)
      .def_readonly("after", &Connectivity::after)
      .def_readonly("change", &Connectivity::change, "Of after - before.")
      .def_property_readonly("edges", view(&Connectivity::all, &WeightChange::edges),
                             "(bins + 1,) of the three histograms.")
      .def_property_readonly("probabilities",
                             view(&Connectivity::all, &WeightChange::probabilities),
                             "(101,) from 0 to 1.")
      .def_property_readonly("absolute_quantiles",
                             view(&Connectivity::all, &WeightChange::absolute_quantiles),
                             "(101,) of |change| at these probabilities.")
      .def_property_readonly("changed_fraction",
                             number(&Connectivity::all, &WeightChange::changed_fraction),
                             "The part of the weights that carries the change.")
      .def_property_readonly("relative_change",
                             number(&Connectivity::all, &WeightChange::relative_change),
                             "|after - before| / |before|, Frobenius norms.")
      .def_property_readonly("diagonal_included",
                             number(&Connectivity::all, &WeightChange::diagonal_included),
                             "False if the diagonal is zero before and after: it then counts in\n"
                             "no histogram, mean or quantile.");

  m.def("connectivity", analyze, py::arg("before"), py::arg("after"), py::kw_only(),
        py::arg("bins") = 60, py::arg("rank_fraction") = 0.1,
        "What training did to a weight matrix, before (n, n) and after (n, n), W[i, j] the weight\n"
        "from unit j to unit i: entries, spectra, departure from normality and centralities of\n"
        "both and of the change.");
}

}  // namespace nullcline::python
