// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <memory>

#include "abandonable.hpp"
#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "nullcline/representation/clustering.hpp"
#include "nullcline/representation/homology/landmarks.hpp"
#include "nullcline/representation/linkage.hpp"
#include "nullcline/representation/lle.hpp"
#include "nullcline/representation/mds.hpp"
#include "nullcline/representation/smacof.hpp"

namespace nullcline::python {
namespace {

using representation::ClassicalMds;
using representation::Landmarks;
using representation::Linkage;
using representation::Lle;
using representation::NeighborAccuracy;
using representation::Permanova;
using representation::PermutationOptions;
using representation::Silhouette;
using representation::Smacof;
using representation::SmacofAttempt;

Matrix read_pairs(const py::object& D, const std::string& name) {
  return read_matrix(D, name, {"K"}, {"K"});
}

/// Labels of any kind that NumPy can sort, and what stands for each.
struct Labels {
  py::object classes;  // (classes) sorted
  std::vector<Index> numbers;
};

Labels read_labels(const py::object& labels) {
  const py::module_ numpy = py::module_::import("numpy");
  const py::tuple parts =
      numpy.attr("unique")(numpy.attr("ravel")(labels), py::arg("return_inverse") = true);
  return {parts[0], parts[1].cast<std::vector<Index>>()};
}

std::vector<Index> read_strata(const py::object& strata) {
  return strata.is_none() ? std::vector<Index>() : read_labels(strata).numbers;
}

ClassicalMds mds(const py::object& D, Index dim) {
  struct Problem {
    Matrix distances;
    ClassicalMds result;
  };
  const auto problem = std::make_shared<Problem>();
  problem->distances = read_pairs(D, "D");
  run_abandonably([problem, dim](const std::atomic<bool>&) {
    problem->result = representation::classical_mds(problem->distances, {.dim = dim});
  });
  return std::move(problem->result);
}

Smacof smacof(const py::object& D, Index dim, const py::object& weights, Index starts,
              bool start_at_classical, Index max_iterations, double tolerance, std::uint64_t seed,
              int threads) {
  const Matrix distances = read_pairs(D, "D");
  const Matrix w = weights.is_none() ? Matrix() : read_pairs(weights, "weights");
  Smacof result;
  run_interruptibly([&](const std::atomic<bool>& stop) {
    result = representation::smacof(distances, {.dim = dim,
                                                .weights = w,
                                                .starts = starts,
                                                .start_at_classical = start_at_classical,
                                                .max_iterations = max_iterations,
                                                .tolerance = tolerance,
                                                .seed = seed,
                                                .threads = Threads{threads},
                                                .progress = [&](double) { return !stop; }});
  });
  return result;
}

/// The merges as rows (first, second, height, size), the form of SciPy's linkage matrices.
py::array merges_of(const Linkage& linkage) {
  py::array_t<double> array({static_cast<py::ssize_t>(linkage.merges.size()), py::ssize_t{4}});
  double* entry = array.mutable_data();
  for (const auto& merge : linkage.merges) {
    *entry++ = static_cast<double>(merge.first);
    *entry++ = static_cast<double>(merge.second);
    *entry++ = merge.height;
    *entry++ = static_cast<double>(merge.size);
  }
  return array;
}

Linkage average_linkage(const py::object& D) {
  const Matrix distances = read_pairs(D, "D");
  const py::gil_scoped_release released;
  return representation::average_linkage(distances);
}

Landmarks farthest_points(const py::object& X, Index count, Index first, bool distances) {
  const Matrix read =
      distances ? read_pairs(X, "X") : representation::all_states(read_trials(X, "X"));
  const py::gil_scoped_release released;
  return distances ? representation::farthest_points_by_distance(read, count, first)
                   : representation::farthest_points(read, count, first);
}

Lle lle(const py::object& X, Index dim, Index neighbors, double regularization,
        Index max_iterations, int threads) {
  const DoubleArray points = read_array(X, "X", {{"P"}, {"n"}});
  Lle result;
  run_interruptibly([&](const std::atomic<bool>&) {
    result = representation::lle(columns(points), {.dim = dim,
                                                   .neighbors = neighbors,
                                                   .regularization = regularization,
                                                   .max_iterations = max_iterations,
                                                   .threads = Threads{threads}});
  });
  return result;
}

/// A silhouette with the labels as they were given.
struct NamedSilhouette {
  Silhouette silhouette;
  py::object classes;
};

NamedSilhouette silhouette(const py::object& D, const py::object& labels) {
  const Labels read = read_labels(labels);
  return {representation::silhouette(read_pairs(D, "D"), read.numbers), read.classes};
}

Permanova permanova(const py::object& D, const py::object& labels, Index permutations,
                    const py::object& strata, std::uint64_t seed) {
  const Matrix distances = read_pairs(D, "D");
  const std::vector<Index> numbers = read_labels(labels).numbers, groups = read_strata(strata);
  const py::gil_scoped_release released;
  return representation::permanova(distances, numbers,
                                   {.permutations = permutations, .strata = groups, .seed = seed});
}

NeighborAccuracy neighbor_accuracy(const py::object& D, const py::object& labels, Index neighbors,
                                   Index permutations, const py::object& strata,
                                   std::uint64_t seed) {
  const Matrix distances = read_pairs(D, "D");
  const std::vector<Index> numbers = read_labels(labels).numbers, groups = read_strata(strata);
  const py::gil_scoped_release released;
  return representation::neighbor_accuracy(
      distances, numbers,
      {.neighbors = neighbors,
       .permutation = {.permutations = permutations, .strata = groups, .seed = seed}});
}

void register_scaling(py::module_& m) {
  py::class_<ClassicalMds>(m, "ClassicalMds", "Coordinates from distances, by eigenvectors.")
      .def_property_readonly("points", rows_of(&ClassicalMds::points),
                             "(K, dim) centered, by decreasing variance.")
      .def_property_readonly("eigenvalues", vector_of(&ClassicalMds::eigenvalues),
                             "(K,) descending; negative ones: D is not Euclidean.")
      .def_readonly("positive", &ClassicalMds::positive, "Eigenvalues above rounding.")
      .def_readonly("explained", &ClassicalMds::explained,
                    "The first dim eigenvalues, as part of the sum of the positive ones.")
      .def_readonly("negative_part", &ClassicalMds::negative_part,
                    "Sum of |negative| / sum of |all|.");

  py::class_<SmacofAttempt>(m, "SmacofAttempt", "What came of one start of SMACOF.")
      .def_property_readonly(
          "kind", [](const SmacofAttempt& self) { return name_of(self.kind); },
          "'classical' or 'random'.")
      .def_property_readonly("stress", vector_of(&SmacofAttempt::stress),
                             "Of the start and after each iteration; never rises.")
      .def_readonly("step", &SmacofAttempt::step, "Relative length of the last.")
      .def_property_readonly("status", name_in(&SmacofAttempt::status),
                             "'converged' or 'max_iterations'.");

  py::class_<Smacof>(m, "Smacof", "Coordinates of least stress: the best of several minima.")
      .def_property_readonly("points", rows_of(&Smacof::points), "(K, dim) on principal axes.")
      .def_readonly("stress", &Smacof::stress, "sum_{i<j} w (delta - d)^2")
      .def_readonly("stress_1", &Smacof::stress_1, "Kruskal's, sqrt(stress / sum_{i<j} w d^2).")
      .def_readonly("attempts", &Smacof::attempts, "A list, one a start.")
      .def_readonly("best", &Smacof::best)
      .def_property_readonly("status", name_in(&Smacof::status), "Of the best.");

  m.def("mds", mds, py::arg("D"), py::arg("dim") = 2,
        "Classical multidimensional scaling of distances D (K, K) [Torgerson 1952].");
  m.def("smacof", smacof, py::arg("D"), py::arg("dim") = 2, py::kw_only(),
        py::arg("weights") = py::none(), py::arg("starts") = 8,
        py::arg("start_at_classical") = true, py::arg("max_iterations") = 3000,
        py::arg("tolerance") = 1e-6, py::arg("seed") = 0, py::arg("threads") = 0,
        "Metric multidimensional scaling of distances D (K, K) by majorization. A weight (K, K)\n"
        "of 0 says that a distance is not known.");
}

void register_lle(py::module_& m) {
  py::class_<Lle>(m, "Lle", "A locally linear embedding.")
      .def_property_readonly("embedding", rows_of(&Lle::embedding), "(P, dim), or (0, 0).")
      .def_property_readonly("eigenvalues", vector_of(&Lle::eigenvalues), "(dim,)")
      .def_readonly("components", &Lle::components, "Of the graph of neighbors.")
      .def_readonly("iterations", &Lle::iterations)
      .def_property_readonly("status", name_in(&Lle::status),
                             "'converged', 'not_converged' or 'disconnected'.");
  m.def("lle", lle, py::arg("X"), py::arg("dim") = 2, py::arg("neighbors") = 12, py::kw_only(),
        py::arg("regularization") = 1e-3, py::arg("max_iterations") = 300, py::arg("threads") = 0,
        "Locally linear embedding [Roweis & Saul 2000] of points X: (P, n).");
}

void register_trees(py::module_& m) {
  py::class_<Linkage>(m, "Linkage", "A tree of clusters, as average linkage makes it.")
      .def_property_readonly("merges", merges_of,
                             "(K - 1, 4) first, second, height, size: as SciPy has them.")
      .def_property_readonly("order", vector_of(&Linkage::order),
                             "(K,) the leaves, clusters side by side.");
  m.def("average_linkage", average_linkage, py::arg("D"),
        "Average linkage (UPGMA) of distances D (K, K) [Sokal & Michener 1958].");
  py::class_<Landmarks>(m, "Landmarks", "Points that are far from one another.")
      .def_property_readonly("points", vector_of(&Landmarks::points),
                             "(count,) in the order in which they were chosen.")
      .def_readonly("covering_radius", &Landmarks::covering_radius,
                    "Each point is within this of a landmark.");
  m.def("farthest_points", farthest_points, py::arg("X"), py::arg("count"), py::arg("first") = 0,
        py::kw_only(), py::arg("distances") = false,
        "Landmarks of the states X: (T, n), (T, B, n) or a list of (T_i, n), or of distances\n"
        "(K, K), each the farthest from those before it [Gonzalez 1985]; count 0 takes all that\n"
        "differ. Fewer than `count` where no point is left at a positive distance.");
}

void register_clustering(py::module_& m) {
  py::class_<NamedSilhouette>(m, "Silhouette", "How much nearer objects are to their own class.")
      .def_property_readonly("values",
                             part_of(&NamedSilhouette::silhouette, &Silhouette::values, as_vector),
                             "(K,) in [-1, 1].")
      .def_property_readonly(
          "mean", [](const NamedSilhouette& self) { return self.silhouette.mean; },
          "Over all objects.")
      .def_readonly("classes", &NamedSilhouette::classes, "The labels, sorted.")
      .def_property_readonly(
          "class_means", part_of(&NamedSilhouette::silhouette, &Silhouette::class_means, as_vector),
          "Of each class.");

  py::class_<Permanova>(m, "Permanova", "Permutational analysis of variance.")
      .def_readonly("pseudo_f", &Permanova::pseudo_f)
      .def_readonly("r_squared", &Permanova::r_squared, "Between classes, of the total.")
      .def_readonly("total", &Permanova::total, "Sum of squares.")
      .def_readonly("within", &Permanova::within, "Sum of squares within classes.")
      .def_readonly("degrees_between", &Permanova::degrees_between)
      .def_readonly("degrees_within", &Permanova::degrees_within)
      .def_readonly("p_value", &Permanova::p_value, "(b + 1) / (m + 1)");

  py::class_<NeighborAccuracy>(m, "NeighborAccuracy", "Labels told from the nearest others.")
      .def_readonly("accuracy", &NeighborAccuracy::accuracy)
      .def_property_readonly("credits", vector_of(&NeighborAccuracy::credits),
                             "(K,) 1 if told right, 1 / t in a tie of t classes.")
      .def_readonly("balanced_accuracy", &NeighborAccuracy::balanced_accuracy, "Mean over classes.")
      .def_readonly("chance", &NeighborAccuracy::chance, "Mean under permuted labels.")
      .def_readonly("chance_deviation", &NeighborAccuracy::chance_deviation)
      .def_readonly("p_value", &NeighborAccuracy::p_value, "(b + 1) / (m + 1)");

  m.def("silhouette", silhouette, py::arg("D"), py::arg("labels"),
        "Silhouettes [Rousseeuw 1987] of labels (K,), given distances D (K, K).");
  m.def("permanova", permanova, py::arg("D"), py::arg("labels"), py::kw_only(),
        py::arg("permutations") = 999, py::arg("strata") = py::none(), py::arg("seed") = 0,
        "Pseudo-F of labels (K,), given distances D (K, K) [Anderson 2001], and its p-value.\n"
        "With strata (K,), labels are permuted among objects of equal stratum alone.");
  m.def("neighbor_accuracy", neighbor_accuracy, py::arg("D"), py::arg("labels"),
        py::arg("neighbors") = 1, py::kw_only(), py::arg("permutations") = 999,
        py::arg("strata") = py::none(), py::arg("seed") = 0,
        "How often the label of an object is that of most of its nearest neighbors, against\n"
        "permuted labels.");
}

}  // namespace

void register_shape(py::module_& m) {
  register_scaling(m);
  register_lle(m);
  register_trees(m);
  register_clustering(m);
}

}  // namespace nullcline::python
