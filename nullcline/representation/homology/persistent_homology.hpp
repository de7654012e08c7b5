// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// A homology class of the growing complex: there from edge length `birth` on, gone at `death`.
struct Bar {
  double birth = 0;
  double death = std::numeric_limits<double>::infinity();  ///< Infinite: still there at the end.
  double persistence() const { return death - birth; }
};
using Diagram = std::vector<Bar>;  ///< By decreasing persistence, then by birth.

struct HomologyOptions {
  Index max_dimension = 1;  ///< Up to H_d, 0 <= d <= 5.
  Index landmarks = 200;    ///< At most as many points, by farthest_points; 0: all.
  Index first = 0;          ///< The point that landmarks begin with.
  double max_edge = std::numeric_limits<double>::infinity();  ///< Longest edge, > 0; see below.
  int prime = 2;                     ///< Coefficients are Z / prime, a prime below 46338.
  Index max_simplices = 10'000'000;  ///< More are refused before they are built; > 0.
  /// Asked between the stages: landmarks, distances, edge collapse, count, expansion, reduction. A
  /// stage itself cannot be stopped; the last two cost what `HomologySize` told.
  Progress progress = {};
};

/// How large the computation is; known before it begins.
struct HomologySize {
  Index points = 0;       ///< Landmarks.
  double max_edge = 0;    ///< In force: the option, or the enclosing radius if that is less.
  bool complete = false;  ///< The enclosing radius is in force: bars are those without a limit.
  Index edges = 0;        ///< Of the neighbor graph,
  Index kept_edges = 0;   ///< and after edge collapse.
  Index simplices = 0;    ///< To build; one more than max_simplices if there are more.
  double bytes = 0;       ///< About: 24 points^2 for distances and edges, 64 a simplex.
};

struct PersistentHomology {
  std::vector<Diagram> diagrams;  ///< (max_dimension + 1)
  std::vector<Index> landmarks;   ///< Columns of X.
  double covering_radius = 0;     ///< r: each point is within r of a landmark.
  HomologySize size;
  bool canceled = false;  ///< By `progress`: then there are no diagrams.

  /// Bars at edge length `scale`: birth <= scale < death, by dimension. Of scale > size.max_edge
  /// unless complete, nothing is known.
  std::vector<Index> betti_at(double scale) const;
};

/// Persistent homology of the Vietoris-Rips complexes of the columns of X: (n, K): at scale e, all
/// sets of points at mutual distances <= e. It is that of landmarks, and the diagrams of all K
/// points differ from these by at most 2 r in bottleneck distance [Chazal, de Silva & Oudot 2014]:
/// a bar longer than 4 r is one of all points too.
///
/// From the enclosing radius on, min_i max_j D_ij, the complex is a cone and nothing happens.
/// A lower max_edge costs less; bars that are there at its end are infinite, as is one of H_0.
///
/// By GUDHI: edges that make no difference are collapsed [Boissonnat & Pritam 2020; Glisse &
/// Pritam 2022], then simplices of dimension max_dimension + 1 built and their cohomology reduced
/// [de Silva, Morozov & Vejdemo-Johansson 2011]. The number of simplices is counted before any is
/// built; if there are more than max_simplices, or more pairs of points, std::invalid_argument
/// tells what to change.
///
/// Throws std::invalid_argument as well where points are not finite or an option is out of range.
[[nodiscard]] PersistentHomology persistent_homology(In<Matrix> X,
                                                     const HomologyOptions& options = {});

/// The same of any distances D: (K, K); the triangle inequality is not asked for, but covering
/// radii mean nothing without it. Throws as classical_mds too.
[[nodiscard]] PersistentHomology persistent_homology_of_distances(
    In<Matrix> D, const HomologyOptions& options = {});

/// The size alone, whether simplices are within the limit or not; pairs must be.
[[nodiscard]] HomologySize homology_size(In<Matrix> X, const HomologyOptions& options = {});

/// The bottleneck distance of two diagrams of one dimension: the least t such that bars can be
/// matched with births and deaths at most t apart, those left over no longer than 2 t. Infinite
/// bars match infinite ones: infinity if their numbers differ. Exact, by bisection over all
/// candidates with Hopcroft & Karp's matching; some thousand bars.
[[nodiscard]] double bottleneck_distance(const Diagram& one, const Diagram& other);

/// Betti numbers that hold for more than the landmarks.
struct BettiNumbers {
  std::vector<Index> numbers;  ///< Bars longer than `threshold`, by dimension.
  double threshold = 0;        ///< 4 (covering_radius + sampling_radius)
};

/// Counts bars longer than 4 (r + c), where the sampled set is within c of all points: 0 asks for
/// the points given, sampling_radius(X) for what they were drawn from, at its confidence.
///
/// What is claimed: each bar counted is one of the set's own Vietoris-Rips persistence, and all of
/// the set's bars longer than 8 (r + c) are counted. An infinite bar counts by what is seen of it,
/// up to max_edge, and that of H_0 always.
[[nodiscard]] BettiNumbers betti_numbers(const PersistentHomology& homology,
                                         double sampling_radius = 0);

}  // namespace nullcline::representation
