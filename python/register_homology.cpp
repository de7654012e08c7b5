// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <memory>

#include "abandonable.hpp"
#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/representation/homology/landmarks.hpp"
#include "nullcline/representation/homology/persistent_homology.hpp"

namespace nullcline::python {
namespace {

using representation::Bar;
using representation::BettiNumbers;
using representation::Diagram;
using representation::HomologyOptions;
using representation::HomologySize;
using representation::PersistentHomology;

Matrix read_points(const py::object& X) { return representation::all_states(read_trials(X, "X")); }

/// Bars as an (m, 2) array of births and deaths, a copy.
py::array bars(const Diagram& diagram) {
  py::array_t<double> array({static_cast<py::ssize_t>(diagram.size()), py::ssize_t{2}});
  double* entry = array.mutable_data();
  for (const Bar& bar : diagram) {
    *entry++ = bar.birth;
    *entry++ = bar.death;
  }
  return array;
}

Diagram read_bars(const py::object& object, const std::string& name) {
  const Matrix rows = read_matrix(object, name, {"m"}, {"2", 2});
  Diagram diagram;
  for (Index i = 0; i < rows.rows(); ++i) diagram.push_back({rows(i, 0), rows(i, 1)});
  return diagram;
}

HomologyOptions options_of(Index max_dimension, Index landmarks, double max_edge, int prime,
                           Index first, Index max_simplices) {
  return {.max_dimension = max_dimension,
          .landmarks = landmarks,
          .first = first,
          .max_edge = max_edge,
          .prime = prime,
          .max_simplices = max_simplices};
}

PersistentHomology persistent_homology(const py::object& X, Index max_dimension, Index landmarks,
                                       double max_edge, int prime, Index first, Index max_simplices,
                                       bool distances) {
  struct Problem {
    HomologyOptions options;
    Matrix read;
    PersistentHomology result;
  };
  const auto problem = std::make_shared<Problem>();
  problem->options = options_of(max_dimension, landmarks, max_edge, prime, first, max_simplices);
  problem->read = distances ? read_matrix(X, "X", {"K"}, {"K"}) : read_points(X);
  run_abandonably([problem, distances](const std::atomic<bool>& stop) {
    problem->options.progress = [&stop](double) { return !stop; };
    problem->result =
        distances
            ? representation::persistent_homology_of_distances(problem->read, problem->options)
            : representation::persistent_homology(problem->read, problem->options);
  });
  return std::move(problem->result);
}

HomologySize homology_size(const py::object& X, Index max_dimension, Index landmarks,
                           double max_edge, Index first, Index max_simplices) {
  const Matrix points = read_points(X);
  const py::gil_scoped_release released;
  return representation::homology_size(
      points, options_of(max_dimension, landmarks, max_edge, 2, first, max_simplices));
}

double sampling_radius(const py::object& X, double confidence, Index subsamples,
                       Index subsample_size, std::uint64_t seed, int threads) {
  const Matrix points = read_points(X);
  const py::gil_scoped_release released;
  return representation::sampling_radius(points, {.confidence = confidence,
                                                  .subsamples = subsamples,
                                                  .subsample_size = subsample_size,
                                                  .seed = seed,
                                                  .threads = Threads{threads}});
}

}  // namespace

void register_homology(py::module_& m) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  py::class_<HomologySize>(m, "HomologySize", "How large a computation is.")
      .def_readonly("points", &HomologySize::points, "Landmarks.")
      .def_readonly("max_edge", &HomologySize::max_edge, "In force.")
      .def_readonly("complete", &HomologySize::complete, "max_edge cuts nothing off.")
      .def_readonly("edges", &HomologySize::edges)
      .def_readonly("kept_edges", &HomologySize::kept_edges, "After collapse.")
      .def_readonly("simplices", &HomologySize::simplices,
                    "One more than max_simplices if there are more.")
      .def_readonly("bytes", &HomologySize::bytes, "About.");

  py::class_<BettiNumbers>(m, "BettiNumbers", "Bars longer than a threshold, by dimension.")
      .def_readonly("numbers", &BettiNumbers::numbers)
      .def_readonly("threshold", &BettiNumbers::threshold, "4 (covering_radius + sampling_radius)");

  py::class_<PersistentHomology>(m, "PersistentHomology", "Bars of Vietoris-Rips complexes.")
      .def_property_readonly(
          "diagrams",
          [](const PersistentHomology& self) {
            py::list list;
            for (const Diagram& diagram : self.diagrams) list.append(bars(diagram));
            return list;
          },
          "By dimension, (m, 2) births and deaths, the longest first; inf: still there at the end.")
      .def_property_readonly("landmarks", vector_of(&PersistentHomology::landmarks),
                             "Numbers of the points.")
      .def_readonly("covering_radius", &PersistentHomology::covering_radius,
                    "Each point is within this of a landmark.")
      .def_readonly("size", &PersistentHomology::size)
      .def("betti_at", &PersistentHomology::betti_at, py::arg("scale"),
           "Bars there at an edge length, by dimension.")
      .def("betti", &representation::betti_numbers, py::arg("sampling_radius") = 0.0,
           "Bars longer than 4 (covering_radius + sampling_radius): each is one of all points\n"
           "(0), or of the set that they were drawn from (sampling_radius(X), at its "
           "confidence).");

  m.def("persistent_homology", persistent_homology, py::arg("X"), py::arg("max_dimension") = 1,
        py::arg("landmarks") = 200, py::arg("max_edge") = infinity, py::kw_only(),
        py::arg("prime") = 2, py::arg("first") = 0, py::arg("max_simplices") = 10'000'000,
        py::arg("distances") = false,
        "Persistent homology of the states X: (T, n), (T, B, n) or a list of (T_i, n), or of\n"
        "distances (K, K), at farthest-point landmarks (0: all points). More than max_simplices\n"
        "raise an error before any is built. Ctrl-C is answered at once; a thread of its own ends "
        "the\n"
        "stage that it is in, the reduction at the longest.");
  m.def("homology_size", homology_size, py::arg("X"), py::arg("max_dimension") = 1,
        py::arg("landmarks") = 200, py::arg("max_edge") = infinity, py::kw_only(),
        py::arg("first") = 0, py::arg("max_simplices") = 10'000'000,
        "What persistent_homology would build, without building it.");
  m.def("sampling_radius", sampling_radius, py::arg("X"), py::kw_only(),
        py::arg("confidence") = 0.95, py::arg("subsamples") = 100, py::arg("subsample_size") = 0,
        py::arg("seed") = 0, py::arg("threads") = 0,
        "How far the set that X was drawn from may be from X, at that confidence [Fasy et al.\n"
        "2014].");
  m.def(
      "bottleneck_distance",
      [](const py::object& one, const py::object& other) {
        return representation::bottleneck_distance(read_bars(one, "one"),
                                                   read_bars(other, "other"));
      },
      py::arg("one"), py::arg("other"),
      "Of two diagrams (m, 2); infinite if they differ in the number of infinite bars.");
}

}  // namespace nullcline::python
