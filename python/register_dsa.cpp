// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/dsa/dsa.hpp"

namespace nullcline::python {
namespace {

using representation::Alignment;
using representation::AlignmentAttempt;
using representation::AlignmentBounds;
using representation::AlignmentOptions;
using representation::DmdCoordinates;
using representation::Dsa;
using representation::HankelDmd;
using representation::HankelDmdOptions;

DmdCoordinates coordinates_named(const std::string& name) {
  if (name == "whitened") return DmdCoordinates::whitened;
  if (name == "principal") return DmdCoordinates::principal;
  throw Error("", "coordinates", "'" + name + "'", "'whitened' or 'principal'");
}

HankelDmdOptions dmd_options(Index delays, Index interval, Index rank, double ridge, bool center,
                             const std::string& coordinates) {
  return {.delays = delays,
          .interval = interval,
          .rank = rank,
          .ridge = ridge,
          .center = center,
          .coordinates = coordinates_named(coordinates)};
}

HankelDmd hankel_dmd(const py::object& X, Index delays, Index interval, Index rank, double ridge,
                     bool center, const std::string& coordinates) {
  const std::vector<Matrix> trials = read_trials(X, "X");
  const auto options = dmd_options(delays, interval, rank, ridge, center, coordinates);
  const py::gil_scoped_release released;
  return representation::hankel_dmd(trials, options);
}

Alignment align_dynamics(const py::object& A, const py::object& B, Index starts,
                         Index max_iterations, double tolerance, bool pad, const std::string& group,
                         std::uint64_t seed, int threads) {
  const Matrix one = read_matrix(A, "A", {"n"}, {"n"}), other = read_matrix(B, "B", {"n"}, {"n"});
  Alignment result;
  run_interruptibly([&](const std::atomic<bool>&) {
    result = representation::align(one, other,
                                   {.starts = starts,
                                    .max_iterations = max_iterations,
                                    .tolerance = tolerance,
                                    .pad = pad,
                                    .group = representation::alignment_group(group),
                                    .seed = seed,
                                    .threads = Threads{threads}});
  });
  return result;
}

Dsa dsa(const py::object& X, const py::object& Y, Index delays, Index rank, Index starts,
        Index interval, double ridge, bool center, const std::string& coordinates, bool pad,
        const std::string& group, std::uint64_t seed, int threads) {
  const std::vector<Matrix> one = read_trials(X, "X"), other = read_trials(Y, "Y");
  const auto dmd = dmd_options(delays, interval, rank, ridge, center, coordinates);
  Dsa result;
  run_interruptibly([&](const std::atomic<bool>&) {
    const AlignmentOptions alignment = {.starts = starts,
                                        .pad = pad,
                                        .group = representation::alignment_group(group),
                                        .seed = seed,
                                        .threads = Threads{threads}};
    result = representation::dsa(one, other, {.dmd = dmd, .alignment = alignment});
  });
  return result;
}

void register_alignment(py::module_& m) {
  py::class_<AlignmentBounds>(m, "DsaBounds", "What |A - C B C'| cannot fall below.")
      .def_readonly("symmetric_skew", &AlignmentBounds::symmetric_skew)
      .def_readonly("hoffman_wielandt", &AlignmentBounds::hoffman_wielandt)
      .def_readonly("eigenvalues", &AlignmentBounds::eigenvalues,
                    "The optimal matching of eigenvalues; a bound of normal matrices only.")
      .def_readonly("departure_A", &AlignmentBounds::departure_A, "From normality.")
      .def_readonly("departure_B", &AlignmentBounds::departure_B);

  py::class_<AlignmentAttempt>(m, "DsaAttempt", "What came of one start of an alignment.")
      .def_property_readonly(
          "kind", [](const AlignmentAttempt& self) { return name_of(self.kind); },
          "'schur', 'symmetric', 'skew', 'identity' or 'random'.")
      .def_readonly("determinant", &AlignmentAttempt::determinant, "+1 or -1.")
      .def_readonly("distance", &AlignmentAttempt::distance)
      .def_readonly("gradient_norm", &AlignmentAttempt::gradient_norm)
      .def_readonly("iterations", &AlignmentAttempt::iterations)
      .def_property_readonly("status", name_in(&AlignmentAttempt::status),
                             "'converged' or 'not_converged'.");

  py::class_<Alignment>(m, "DsaAlignment",
                        "The best orthogonal change of coordinates that was met.")
      .def_readonly("distance", &Alignment::distance, "|A - C B C'|_F")
      .def_readonly("distance_bound", &Alignment::distance_bound, "No C falls below it.")
      .def_property_readonly("distance_gap", &Alignment::distance_gap)
      .def_readonly("angle", &Alignment::angle,
                    "arccos(tr(A' C B C') / (|A| |B|)), in [0, pi]: the score of DSA's authors.")
      .def_readonly("angle_bound", &Alignment::angle_bound, "No C falls below it.")
      .def_property_readonly("angle_gap", &Alignment::angle_gap)
      .def_readonly("bounds", &Alignment::bounds)
      .def_property_readonly("C", matrix_of(&Alignment::C), "(n, n) orthogonal.")
      .def_readonly("attempts", &Alignment::attempts, "A list, one a start.")
      .def_readonly("best", &Alignment::best)
      .def_property_readonly("status", name_in(&Alignment::status), "Of the best.");

  m.def("align_dynamics", align_dynamics, py::arg("A"), py::arg("B"), py::arg("starts") = 10,
        py::kw_only(), py::arg("max_iterations") = 500, py::arg("tolerance") = 1e-10,
        py::arg("pad") = false, py::arg("group") = "orthogonal", py::arg("seed") = 0,
        py::arg("threads") = 0,
        "The least |A - C B C'|_F over orthogonal C from many starts, with lower bounds of it.\n"
        "A, B: (n, n); pad=True fills the smaller with zeros; group 'orthogonal' or 'rotations'.");
}

}  // namespace

void register_dsa(py::module_& m) {
  py::class_<HankelDmd>(m, "HankelDmd", "Linear dynamics of delayed states.")
      .def_property_readonly("A", matrix_of(&HankelDmd::A), "(r, r), one step.")
      .def_property_readonly("eigenvalues", vector_of(&HankelDmd::eigenvalues), "(r,) a step.")
      .def_property_readonly("basis", matrix_of(&HankelDmd::basis),
                             "(n delays, r); rows by delay, the latest first.")
      .def_property_readonly("singular_values", vector_of(&HankelDmd::singular_values))
      .def_readonly("rank", &HankelDmd::rank)
      .def_readonly("explained", &HankelDmd::explained, "Of the squares of the delayed states.")
      .def_readonly("relative_error", &HankelDmd::relative_error, "Of one step.");
  register_alignment(m);
  py::class_<Dsa>(m, "Dsa", "How alike the dynamics of two recordings are.")
      .def_readonly("X", &Dsa::X)
      .def_readonly("Y", &Dsa::Y)
      .def_readonly("alignment", &Dsa::alignment, "Of X.A and Y.A.");

  m.def("hankel_dmd", hankel_dmd, py::arg("X"), py::arg("delays") = 10, py::kw_only(),
        py::arg("interval") = 1, py::arg("rank") = 10, py::arg("ridge") = 0.0,
        py::arg("center") = false, py::arg("coordinates") = "whitened",
        "Dynamic mode decomposition of delayed states of X: (T, n), (T, B, n) or a list of\n"
        "(T_i, n). rank=0 keeps all that is above rounding.");
  m.def("dsa", dsa, py::arg("X"), py::arg("Y"), py::arg("delays") = 10, py::arg("rank") = 10,
        py::arg("starts") = 10, py::kw_only(), py::arg("interval") = 1, py::arg("ridge") = 0.0,
        py::arg("center") = false, py::arg("coordinates") = "whitened", py::arg("pad") = false,
        py::arg("group") = "orthogonal", py::arg("seed") = 0, py::arg("threads") = 0,
        "Dynamical similarity analysis [Ostrow et al. 2023] of X and Y: hankel_dmd of each, then\n"
        "align_dynamics; the score is alignment.angle, known to be within alignment.angle_gap of\n"
        "the global minimum.");
}

}  // namespace nullcline::python
