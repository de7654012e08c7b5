// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/homology/persistent_homology.hpp"

#include <fmt/core.h>
#include <gudhi/Flag_complex_edge_collapser.h>
#include <gudhi/Persistent_cohomology.h>
#include <gudhi/Simplex_tree.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nullcline/representation/detail/distances.hpp"
#include "nullcline/representation/homology/detail/rips_graph.hpp"
#include "nullcline/representation/homology/landmarks.hpp"

namespace nullcline::representation {
namespace {

constexpr double bytes_of_simplex = 64, bytes_of_pair = 24;
constexpr Index largest_dimension = 5;
constexpr int largest_prime = 46337;

bool is_prime(int p) {
  if (p < 2) return false;
  for (int q = 2; q * q <= p; ++q) {
    if (p % q == 0) return false;
  }
  return true;
}

void check(const HomologyOptions& options) {
  if (options.max_dimension < 0 || options.max_dimension > largest_dimension) {
    throw std::invalid_argument(
        fmt::format("persistent_homology: max_dimension is {}, must be 0 .. {}",
                    options.max_dimension, largest_dimension));
  }
  if (!is_prime(options.prime) || options.prime > largest_prime) {
    throw std::invalid_argument(
        fmt::format("persistent_homology: prime is {}, must be a prime up to {}", options.prime,
                    largest_prime));
  }
  if (!(options.max_edge > 0) || options.max_simplices < 1) {
    throw std::invalid_argument(
        fmt::format("persistent_homology: max_edge ({}) and max_simplices ({}) must be positive",
                    options.max_edge, options.max_simplices));
  }
}

/// Before there are distances of all pairs.
void check_pairs(std::size_t points, const HomologyOptions& options) {
  const Index K = static_cast<Index>(points), pairs = K * (K - 1) / 2;
  if (pairs <= options.max_simplices) return;
  throw std::invalid_argument(
      fmt::format("persistent_homology: {} points are {} pairs, and max_simplices is {}; take "
                  "fewer landmarks, or raise it at {} bytes each",
                  K, pairs, options.max_simplices, bytes_of_simplex));
}

/// Whether to go on after a stage that ends at this part of the whole (ours, roughly by cost).
enum class Stage { landmarks = 5, distances = 10, collapse = 30, count = 35, expansion = 50 };
bool goes_on(const HomologyOptions& options, Stage stage) {
  return !options.progress || options.progress(static_cast<int>(stage) / 100.0);
}

/// Landmarks, and the distances among them; no distances if canceled.
struct Chosen {
  Landmarks landmarks;
  Matrix D;
};

Chosen chosen_points(In<Matrix> X, const HomologyOptions& options) {
  check(options);
  Chosen result{farthest_points(X, options.landmarks, options.first), {}};
  check_pairs(result.landmarks.points.size(), options);
  if (!goes_on(options, Stage::landmarks)) return result;
  result.D = detail::euclidean_distances(X(Eigen::all, result.landmarks.points));
  return result;
}

/// What is built, once it is known how large it is.
struct Filtration {
  std::vector<detail::Edge> edges;
  HomologySize size;
  bool canceled = false;
};

/// D: distances of the landmarks.
Filtration filtration_of(const Matrix& D, const HomologyOptions& options) {
  Filtration result;
  HomologySize& size = result.size;
  size.points = D.rows();
  const double pairs = static_cast<double>(size.points) * static_cast<double>(size.points);
  const double enclosing = detail::enclosing_radius(D);
  size.complete = enclosing <= options.max_edge;
  size.max_edge = std::min(enclosing, options.max_edge);
  result.edges = detail::edges_within(D, size.max_edge);
  size.edges = static_cast<Index>(result.edges.size());
  result.canceled = !goes_on(options, Stage::distances);
  if (result.canceled) return result;
  if (options.max_dimension > 0) {
    result.edges = Gudhi::collapse::flag_complex_collapse_edges(result.edges);
  }
  size.kept_edges = static_cast<Index>(result.edges.size());
  result.canceled = !goes_on(options, Stage::collapse);
  if (result.canceled) return result;
  size.simplices = detail::count_cliques(size.points, result.edges, options.max_dimension + 2,
                                         options.max_simplices);
  result.canceled = !goes_on(options, Stage::count);
  size.bytes = bytes_of_pair * pairs + bytes_of_simplex * static_cast<double>(size.simplices);
  return result;
}

void check_size(const HomologySize& size, const HomologyOptions& options) {
  if (size.simplices <= options.max_simplices) return;
  throw std::invalid_argument(fmt::format(
      "persistent_homology: {} points with {} edges up to {} ({} after collapse) make more than "
      "{} simplices up to dimension {}; take fewer landmarks, a lower max_edge or max_dimension, "
      "or raise max_simplices at {} bytes each",
      size.points, size.edges, size.max_edge, size.kept_edges, options.max_simplices,
      options.max_dimension + 1, bytes_of_simplex));
}

bool stands_before(const Bar& one, const Bar& other) {
  if (one.persistence() != other.persistence()) return one.persistence() > other.persistence();
  return one.birth < other.birth;
}

/// Empty if canceled.
std::vector<Diagram> diagrams_of(const Filtration& filtration, const HomologyOptions& options) {
  using Tree = Gudhi::Simplex_tree<Gudhi::Simplex_tree_options_full_featured>;
  using Field = Gudhi::persistent_cohomology::Field_Zp;
  Tree tree;
  for (int i = 0; i < static_cast<int>(filtration.size.points); ++i) {
    tree.insert_simplex({i}, 0.0);
  }
  for (const auto& [i, j, length] : filtration.edges) tree.insert_simplex({i, j}, length);
  tree.expansion(static_cast<int>(options.max_dimension) + 1);
  if (!goes_on(options, Stage::expansion)) return {};

  // Classes of the highest dimension of the tree are left out, unless they are asked for.
  const bool to_the_top = tree.dimension() <= options.max_dimension;
  Gudhi::persistent_cohomology::Persistent_cohomology<Tree, Field> cohomology(tree, to_the_top);
  cohomology.init_coefficients(options.prime);
  cohomology.compute_persistent_cohomology(0.0);
  std::vector<Diagram> diagrams;
  for (Index dimension = 0; dimension <= options.max_dimension; ++dimension) {
    Diagram diagram;
    for (const auto& [birth, death] :
         cohomology.intervals_in_dimension(static_cast<int>(dimension))) {
      diagram.push_back({birth, death});
    }
    std::sort(diagram.begin(), diagram.end(), stands_before);
    diagrams.push_back(std::move(diagram));
  }
  return diagrams;
}

PersistentHomology homology_of(Chosen chosen, const HomologyOptions& options) {
  PersistentHomology result;
  result.landmarks = std::move(chosen.landmarks.points);
  result.covering_radius = chosen.landmarks.covering_radius;
  result.canceled = chosen.D.size() == 0;
  if (result.canceled) return result;
  const Filtration filtration = filtration_of(chosen.D, options);
  result.size = filtration.size;
  result.canceled = filtration.canceled;
  if (result.canceled) return result;
  check_size(filtration.size, options);
  result.diagrams = diagrams_of(filtration, options);
  result.canceled = result.diagrams.empty();
  if (!result.canceled && options.progress) options.progress(1);
  return result;
}

}  // namespace

std::vector<Index> PersistentHomology::betti_at(double scale) const {
  std::vector<Index> numbers;
  for (const Diagram& diagram : diagrams) {
    numbers.push_back(std::count_if(diagram.begin(), diagram.end(), [=](const Bar& bar) {
      return bar.birth <= scale && scale < bar.death;
    }));
  }
  return numbers;
}

PersistentHomology persistent_homology(In<Matrix> X, const HomologyOptions& options) {
  return homology_of(chosen_points(X, options), options);
}

PersistentHomology persistent_homology_of_distances(In<Matrix> distances,
                                                    const HomologyOptions& options) {
  check(options);
  const Matrix D =
      detail::checked_pairs(distances, 1, "persistent_homology_of_distances: distances");
  Chosen chosen{farthest_points_by_distance(D, options.landmarks, options.first), {}};
  check_pairs(chosen.landmarks.points.size(), options);
  if (goes_on(options, Stage::landmarks))
    chosen.D = D(chosen.landmarks.points, chosen.landmarks.points);
  return homology_of(std::move(chosen), options);
}

HomologySize homology_size(In<Matrix> X, const HomologyOptions& options) {
  HomologyOptions whole = options;
  whole.progress = {};
  return filtration_of(chosen_points(X, whole).D, whole).size;
}

BettiNumbers betti_numbers(const PersistentHomology& homology, double sampling_radius) {
  if (!(sampling_radius >= 0)) {
    throw std::invalid_argument(
        fmt::format("betti_numbers: sampling_radius is {}, must not be negative", sampling_radius));
  }
  BettiNumbers result;
  result.threshold = 4 * (homology.covering_radius + sampling_radius);
  for (std::size_t k = 0; k < homology.diagrams.size(); ++k) {
    const Diagram& diagram = homology.diagrams[k];
    Index count = std::count_if(diagram.begin(), diagram.end(), [&](const Bar& bar) {
      return std::min(bar.death, homology.size.max_edge) - bar.birth > result.threshold;
    });
    // A set of points has at least one component, however little of its bar is seen.
    if (k == 0) count = std::max<Index>(count, 1);
    result.numbers.push_back(count);
  }
  return result;
}

}  // namespace nullcline::representation
