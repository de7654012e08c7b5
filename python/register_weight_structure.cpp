// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <atomic>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "nullcline/connectivity/alignment.hpp"
#include "nullcline/connectivity/blocks.hpp"
#include "nullcline/connectivity/change_rank.hpp"
#include "nullcline/connectivity/kreiss.hpp"
#include "nullcline/connectivity/motifs.hpp"
#include "nullcline/connectivity/pseudospectrum.hpp"

namespace nullcline::python {
namespace {

namespace cn = connectivity;

Matrix read_square(const py::object& W, const std::string& name) {
  const Matrix first = read_matrix(W, name, {"n"}, {"n"});
  return read_matrix(W, name, {"n", first.rows()}, {"n", first.rows()});
}

template <class Member>
auto of_tests(Member cn::RankTest::*member) {
  return [member](const cn::ChangeRank& self) {
    py::array_t<double> values(static_cast<py::ssize_t>(self.tests.size()));
    for (std::size_t k = 0; k < self.tests.size(); ++k) {
      values.mutable_at(static_cast<py::ssize_t>(k)) = self.tests[k].*member;
    }
    return values;
  };
}

void add_rank(py::module_& m) {
  py::class_<cn::ChangeRank>(m, "ChangeRank", "How much of a change of weights is not noise.")
      .def_readonly("rank", &cn::ChangeRank::rank, "Tests passed in a row.")
      .def_readonly("known", &cn::ChangeRank::known, "False where LAPACK gave up: tests end there.")
      .def_property_readonly("singular_values", of_tests(&cn::RankTest::singular_value),
                             "(tests,) that were tested; the last test is the first that failed.")
      .def_property_readonly("null_means", of_tests(&cn::RankTest::null_mean),
                             "(tests,) mean largest singular value of shuffled entries.")
      .def_property_readonly("null_maxima", of_tests(&cn::RankTest::null_maximum), "(tests,)")
      .def_property_readonly("p_values", of_tests(&cn::RankTest::p_value), "(tests,)");
  m.def(
      "change_rank",
      [](const py::object& before, const py::object& after, double level, Index surrogates,
         Index max_rank, std::uint64_t seed) {
        const Matrix first = read_square(before, "before");
        const Matrix change =
            read_matrix(after, "after", {"n", first.rows()}, {"n", first.rows()}) - first;
        const py::gil_scoped_release released;
        return cn::change_rank(change, {.level = level,
                                        .surrogates = surrogates,
                                        .max_rank = max_rank,
                                        .with_diagonal = change.diagonal().squaredNorm() != 0,
                                        .seed = seed});
      },
      py::arg("before"), py::arg("after"), py::kw_only(), py::arg("level") = 0.05,
      py::arg("surrogates") = 19, py::arg("max_rank") = 20, py::arg("seed") = 0,
      "The rank of after - before, both (n, n), against a null: singular value k + 1 counts if it\n"
      "is larger than that of what remains without the k parts before it, entries shuffled.");

  m.def(
      "functional_rank",
      [](const py::object& before, const py::object& after, const py::function& loss,
         Index max_rank, double fraction) {
        const Matrix first = read_square(before, "before");
        const Matrix last = read_matrix(after, "after", {"n", first.rows()}, {"n", first.rows()});
        const auto call = [&](In<Matrix> W) {
          using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
          py::array_t<double> array({W.rows(), W.cols()});
          Eigen::Map<RowMajor>(array.mutable_data(), W.rows(), W.cols()) = W;
          return loss(array).cast<double>();
        };
        const cn::FunctionalRank found = cn::functional_rank(
            first, last - first, call, {.max_rank = max_rank, .fraction = fraction});
        const py::object rank = found.rank < 0 ? py::object(py::none()) : py::int_(found.rank);
        return py::make_tuple(rank, py::array_t<double>(found.losses.size(), found.losses.data()),
                              found.full_loss);
      },
      py::arg("before"), py::arg("after"), py::arg("loss"), py::kw_only(), py::arg("max_rank") = 10,
      py::arg("fraction") = 0.05,
      "How many singular parts of after - before the task needs. loss(W) -> float is called with\n"
      "before + the k leading parts, k = 0 .. max_rank, and with after. Returns (rank, losses\n"
      "(max_rank + 1,), loss of all): rank is the smallest k from which on no more than "
      "`fraction`\n"
      "of the gain in loss is missing, or None.");
}

void add_alignment(py::module_& m) {
  using cn::Alignment;
  using cn::Overlap;
  py::class_<Overlap>(m, "Overlap", "What a change writes or reads against a subspace.")
      .def_readonly("dim", &Overlap::dim, "Of the subspace; 0: there is nothing to compare.")
      .def_readonly("energy", &Overlap::energy, "Part of the squared norm of the change within.")
      .def_readonly("expected", &Overlap::expected, "Of a subspace in random position, dim / n.")
      .def_property_readonly("projections", vector_of(&Overlap::projections),
                             "(k,) squared, of each leading singular vector.")
      .def_property_readonly("p_values", vector_of(&Overlap::p_values),
                             "(k,) that a random direction projects as much.");
  py::class_<Alignment>(m, "Alignment", "Where a change of weights writes to and reads from.")
      .def_readonly("known", &Alignment::known, "False where LAPACK gave up: nothing else is set.")
      .def_property_readonly("singular_values", vector_of(&Alignment::singular_values), "(k,)")
      .def_readonly("writes_to_readout", &Alignment::writes_to_readout)
      .def_readonly("writes_to_inputs", &Alignment::writes_to_inputs)
      .def_readonly("reads_from_readout", &Alignment::reads_from_readout)
      .def_readonly("reads_from_inputs", &Alignment::reads_from_inputs);
  m.def(
      "change_alignment",
      [](const py::object& change, const py::object& input, const py::object& readout,
         Index leading) {
        const Matrix D = read_square(change, "change");
        const Matrix B = read_matrix(input, "input", {"n", D.rows()}, {"n_in"});
        const Matrix R = read_matrix(readout, "readout", {"n_out"}, {"n", D.rows()});
        const py::gil_scoped_release released;
        return cn::change_alignment(D, B, R, leading);
      },
      py::arg("change"), py::arg("input"), py::arg("readout"), py::kw_only(),
      py::arg("leading") = 5,
      "Left and right singular vectors of a change (n, n) against the columns of input (n, n_in)\n"
      "and the rows of readout (n_out, n).");
}

void add_pseudospectrum(py::module_& m) {
  using cn::Pseudospectrum;
  py::class_<Pseudospectrum>(m, "Pseudospectrum", "Where eigenvalues can go.")
      .def_readonly("known", &Pseudospectrum::known, "False where LAPACK gave up: NaN there.")
      .def_property_readonly("real", vector_of(&Pseudospectrum::real), "(resolution,)")
      .def_property_readonly("imaginary", vector_of(&Pseudospectrum::imaginary), "(resolution,)")
      .def_property_readonly("distance", matrix_of(&Pseudospectrum::distance),
                             "(resolution, resolution): sigma_min(z I - A) at\n"
                             "z = real[j] + 1j imaginary[i], the norm of the smallest change of A\n"
                             "that makes z an eigenvalue.")
      .def_property_readonly("eigenvalues", vector_of(&Pseudospectrum::eigenvalues), "(n,)")
      .def_readonly("norm", &Pseudospectrum::norm, "The largest singular value.");
  m.def(
      "pseudospectrum",
      [](const py::object& A, Index resolution, double left, double right, double bottom,
         double top, int threads) {
        const Matrix matrix = read_square(A, "A");
        cn::Pseudospectrum found;
        run_interruptibly([&](const std::atomic<bool>& stop) {
          found = cn::pseudospectrum(matrix,
                                     {.resolution = resolution,
                                      .left = left,
                                      .right = right,
                                      .bottom = bottom,
                                      .top = top,
                                      .threads = {threads}},
                                     [&](double) { return !stop; });
        });
        return found;
      },
      py::arg("A"), py::kw_only(), py::arg("resolution") = 60, py::arg("left") = 0.0,
      py::arg("right") = 0.0, py::arg("bottom") = 0.0, py::arg("top") = 0.0, py::arg("threads") = 0,
      "sigma_min(z I - A) on a grid; without a rectangle, around the eigenvalues.");

  using cn::Kreiss;
  py::class_<Kreiss>(m, "Kreiss", "How much dynamics that die out may grow before.")
      .def_readonly("known", &Kreiss::known, "False where LAPACK gave up: the constant is NaN.")
      .def_readonly("constant", &Kreiss::constant,
                    "The largest value found; infinite if the dynamics grow.")
      .def_readonly("point", &Kreiss::point, "Where, complex.")
      .def_readonly("upper_bound", &Kreiss::upper_bound, "e n constant, of the transient growth.")
      .def_readonly("spectral", &Kreiss::spectral, "Spectral radius (map) or abscissa (flow).");
  m.def(
      "kreiss_constant",
      [](const py::object& A, const std::string& dynamics, int threads) {
        const Matrix matrix = read_square(A, "A");
        if (dynamics != "map" && dynamics != "flow") {
          throw py::value_error("dynamics: found '" + dynamics + "', expected 'map' or 'flow'");
        }
        const py::gil_scoped_release released;
        return cn::kreiss_constant(
            matrix, {.dynamics = dynamics == "map" ? cn::Dynamics::map : cn::Dynamics::flow,
                     .threads = {threads}});
      },
      py::arg("A"), py::kw_only(), py::arg("dynamics") = "map", py::arg("threads") = 0,
      "The Kreiss constant of x <- A x ('map') or dx/dt = A x ('flow').");
}

void add_motifs(py::module_& m) {
  m.def(
      "pair_motifs",
      [](const py::object& W) {
        const cn::PairMotifs found = cn::pair_motifs(read_square(W, "W"));
        return py::dict(py::arg("reciprocal") = found.reciprocal,
                        py::arg("convergent") = found.convergent,
                        py::arg("divergent") = found.divergent, py::arg("chain") = found.chain);
      },
      py::arg("W"),
      "Correlations of pairs of weights of W (n, n) that share units, a dict: 'reciprocal',\n"
      "'convergent', 'divergent', 'chain'.");

  using cn::TriadCensus;
  py::class_<TriadCensus>(m, "TriadCensus", "Triples of units by their connections.")
      .def_property_readonly(
          "names", [](const TriadCensus&) { return cn::triad_names; }, "The 16 kinds.")
      .def_readonly("density", &TriadCensus::density, "Edges over n (n - 1).")
      .def_property_readonly("counts", vector_of(&TriadCensus::counts), "(16,)")
      .def_property_readonly("null_mean", vector_of(&TriadCensus::null_mean), "(16,)")
      .def_property_readonly("null_sd", vector_of(&TriadCensus::null_sd), "(16,)")
      .def_property_readonly("p_values", vector_of(&TriadCensus::p_values), "(16,) two-sided.");
  m.def(
      "triad_census",
      [](const py::object& W, double threshold, Index surrogates, std::uint64_t seed) {
        const Matrix matrix = read_square(W, "W");
        const py::gil_scoped_release released;
        return cn::triad_census(matrix,
                                {.threshold = threshold, .surrogates = surrogates, .seed = seed});
      },
      py::arg("W"), py::kw_only(), py::arg("threshold") = 0.0, py::arg("surrogates") = 99,
      py::arg("seed") = 0,
      "The 16 kinds of directed triads of |W| > threshold, W (n, n), against a null that keeps "
      "how\n"
      "often pairs are connected one and both ways.");
}

void add_blocks(py::module_& m) {
  using cn::Blocks;
  py::class_<Blocks>(m, "Blocks", "Weights between groups; [to, from].")
      .def_property_readonly("sizes", vector_of(&Blocks::sizes), "(g,)")
      .def_property_readonly("density", matrix_of(&Blocks::density), "(g, g) connections a pair.")
      .def_property_readonly("mean", matrix_of(&Blocks::mean), "(g, g) weight a pair.")
      .def_property_readonly("strength", matrix_of(&Blocks::strength),
                             "(g, g) mean |weight| of the connections.")
      .def_readonly("modularity", &Blocks::modularity, "Of |W|, directed.")
      .def_readonly("p_value", &Blocks::p_value, "Against permuted labels.");
  m.def(
      "dale_groups", [](const py::object& W) { return cn::dale_groups(read_square(W, "W")); },
      py::arg("W"),
      "0 for units whose outgoing weights, columns of W (n, n), are all >= 0, 1 where all are <= "
      "0;\n"
      "an empty list if some unit has both, or all are of one kind.");
  m.def(
      "block_statistics",
      [](const py::object& W, const std::vector<Index>& labels, Index surrogates,
         std::uint64_t seed) {
        const Matrix matrix = read_square(W, "W");
        const py::gil_scoped_release released;
        return cn::block_statistics(matrix, labels, {.surrogates = surrogates, .seed = seed});
      },
      py::arg("W"), py::arg("labels"), py::kw_only(), py::arg("surrogates") = 999,
      py::arg("seed") = 0, "W (n, n) between groups of units, labels (n,) from 0.");
}

}  // namespace

void register_weight_structure(py::module_& m) {
  add_rank(m);
  add_alignment(m);
  add_pseudospectrum(m);
  add_motifs(m);
  add_blocks(m);
}

}  // namespace nullcline::python
