// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/homology/persistent_homology.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "nullcline/representation/detail/distances.hpp"
#include "nullcline/representation/homology/detail/rips_graph.hpp"
#include "nullcline/representation/homology/landmarks.hpp"
#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using std::numbers::pi;
using testing::random_matrix;

Matrix polygon(Index n, double radius) {
  Matrix X(2, n);
  for (Index k = 0; k < n; ++k) {
    const double a = 2 * pi * static_cast<double>(k) / static_cast<double>(n);
    X.col(k) << radius * std::cos(a), radius * std::sin(a);
  }
  return X;
}

/// A grid of n x n points of the torus of two unit circles in R^4.
Matrix clifford_torus(Index n) {
  const Matrix circle = polygon(n, 1);
  Matrix X(4, n * n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) X.col(i * n + j) << circle.col(i), circle.col(j);
  }
  return X;
}

/// The corners of the cross-polytope: 2 n points +-e_i.
Matrix cross(Index n) {
  Matrix X(n, 2 * n);
  X << Matrix::Identity(n, n), -Matrix::Identity(n, n);
  return X;
}

/// Distances 1 of the incident faces of a triangulation of the projective plane by 6 points, 2 of
/// others: at scale 1 the complex is its barycentric subdivision.
Matrix projective_plane() {
  const std::vector<std::vector<int>> triangles = {{1, 2, 3}, {1, 3, 4}, {1, 4, 5}, {1, 5, 6},
                                                   {1, 2, 6}, {2, 3, 5}, {3, 4, 6}, {2, 4, 5},
                                                   {3, 5, 6}, {2, 4, 6}};
  std::vector<std::vector<int>> faces;
  for (int i = 1; i <= 6; ++i) faces.push_back({i});
  for (int j = 2; j <= 6; ++j) {
    for (int i = 1; i < j; ++i) faces.push_back({i, j});
  }
  faces.insert(faces.end(), triangles.begin(), triangles.end());
  const Index K = static_cast<Index>(faces.size());
  Matrix D = Matrix::Constant(K, K, 2);
  for (std::size_t a = 0; a < faces.size(); ++a) {
    for (std::size_t b = 0; b < faces.size(); ++b) {
      if (a != b &&
          std::includes(faces[a].begin(), faces[a].end(), faces[b].begin(), faces[b].end())) {
        D(static_cast<Index>(a), static_cast<Index>(b)) = 1;
        D(static_cast<Index>(b), static_cast<Index>(a)) = 1;
      }
    }
  }
  D.diagonal().setZero();
  return D;
}

using Betti = std::vector<Index>;

TEST(PersistentHomology, OfARegularPolygonHasTheBarOfTheClosedForm) {
  for (const Index n : {6, 9, 30}) {
    const double r = 2.5;
    const PersistentHomology result = persistent_homology(polygon(n, r));
    ASSERT_EQ(result.diagrams[1].size(), 1u);
    EXPECT_NEAR(result.diagrams[1][0].birth, 2 * r * std::sin(pi / static_cast<double>(n)), 1e-14);
    EXPECT_NEAR(result.diagrams[1][0].death, r * std::sqrt(3.0), 1e-14);
    ASSERT_EQ(static_cast<Index>(result.diagrams[0].size()), n);
    EXPECT_TRUE(std::isinf(result.diagrams[0][0].death));
    EXPECT_NEAR(result.diagrams[0][1].death, result.diagrams[1][0].birth, 1e-14);
    EXPECT_EQ(result.covering_radius, 0);
    EXPECT_TRUE(result.size.complete);
  }
}

TEST(PersistentHomology, OfACrossPolytopeIsThatOfASphere) {
  for (const Index n : {2, 3, 4}) {
    const PersistentHomology result = persistent_homology(cross(n), {.max_dimension = n - 1});
    const Diagram& top = result.diagrams.back();
    ASSERT_EQ(top.size(), 1u);
    EXPECT_NEAR(top[0].birth, std::sqrt(2.0), 1e-15);
    EXPECT_NEAR(top[0].death, 2, 1e-15);
    Betti sphere(static_cast<std::size_t>(n), 0);
    sphere.front() = sphere.back() = 1;
    EXPECT_EQ(result.betti_at(1.7), sphere);
  }
}

TEST(PersistentHomology, OfTheCliffordTorusHasTwoLoopsAndAVoid) {
  // Loops die as those of the octagon: at its chord of 3 steps.
  const PersistentHomology result =
      persistent_homology(clifford_torus(8), {.max_dimension = 2, .landmarks = 0, .max_edge = 1.5});
  EXPECT_EQ(result.betti_at(1.2), (Betti{1, 2, 1}));
  EXPECT_FALSE(result.size.complete);
  EXPECT_TRUE(std::isinf(result.diagrams[1][1].death));  // still there at max_edge
}

TEST(PersistentHomology, OfTheProjectivePlaneDependsOnTheCoefficients) {
  const Matrix D = projective_plane();
  const auto betti = [&](int prime) {
    return persistent_homology_of_distances(D, {.max_dimension = 2, .max_edge = 1, .prime = prime})
        .betti_at(1);
  };
  EXPECT_EQ(betti(2), (Betti{1, 1, 1}));
  EXPECT_EQ(betti(3), (Betti{1, 0, 0}));
  EXPECT_EQ(betti(7), (Betti{1, 0, 0}));
}

TEST(PersistentHomology, KeepsAsManyInfiniteBarsAsThereArePieces) {
  Matrix X(2, 24);
  X << polygon(12, 1), polygon(12, 1).colwise() + Vector{{10, 0}};
  const PersistentHomology cut = persistent_homology(X, {.max_edge = 3});
  EXPECT_EQ(cut.betti_at(1), (Betti{2, 2}));
  EXPECT_EQ(cut.betti_at(3), (Betti{2, 0}));
  EXPECT_TRUE(std::isinf(cut.diagrams[0][1].death));
  const PersistentHomology whole = persistent_homology(X);
  EXPECT_NEAR(whole.diagrams[0][1].death, 8, 1e-12);  // the gap of 10 - 2 radii
  EXPECT_EQ(bottleneck_distance(cut.diagrams[0], whole.diagrams[0]),
            std::numeric_limits<double>::infinity());
}

TEST(PersistentHomology, DoesNotDependOnTheOrderOfPointsNorOnCutsBeyondTheEnclosingRadius) {
  const Matrix X = random_matrix(3, 25, 5);
  const PersistentHomology one = persistent_homology(X, {.max_dimension = 2});
  const PersistentHomology other =
      persistent_homology(X, {.max_dimension = 2, .first = 13, .max_edge = 100});
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_LT(bottleneck_distance(one.diagrams[k], other.diagrams[k]), 1e-14);
  }
}

/// H_0 bars end at the edges of a minimum spanning tree (Prim).
TEST(PersistentHomology, PiecesJoinAtTheEdgesOfTheMinimumSpanningTree) {
  const Matrix X = random_matrix(4, 40, 6), D = detail::euclidean_distances(X);
  std::vector<double> lengths;
  Vector nearest = D.col(0);
  for (Index k = 1; k < 40; ++k) {
    Index next = 0;
    for (Index i = 0; i < 40; ++i) {
      if (nearest(i) > 0 && (nearest(next) <= 0 || nearest(i) < nearest(next))) next = i;
    }
    lengths.push_back(nearest(next));
    nearest(next) = 0;
    nearest = (nearest.array() > 0).select(nearest.cwiseMin(D.col(next)), 0);
  }
  std::sort(lengths.rbegin(), lengths.rend());
  const Diagram bars = persistent_homology(X, {.max_dimension = 0}).diagrams[0];
  ASSERT_EQ(bars.size(), 40u);
  for (std::size_t k = 0; k < lengths.size(); ++k) EXPECT_EQ(bars[k + 1].death, lengths[k]);
}

TEST(PersistentHomology, OfLandmarksIsWithinTwiceTheCoveringRadius) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Matrix X = polygon(60, 1) + 0.1 * random_matrix(2, 60, seed);
    const PersistentHomology all = persistent_homology(X);
    for (const Index count : {15, 30}) {
      const PersistentHomology few = persistent_homology(X, {.landmarks = count});
      EXPECT_GT(few.covering_radius, 0);
      for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_LE(bottleneck_distance(few.diagrams[k], all.diagrams[k]),
                  2 * few.covering_radius + 1e-12);
      }
    }
  }
}

TEST(PersistentHomology, TellsItsSizeAndRefusesMoreThanTheLimit) {
  const Matrix X = polygon(24, 1);  // of which collapse leaves nearly all edges
  const HomologySize size = homology_size(X, {.max_dimension = 2});
  EXPECT_EQ(size.points, 24);
  EXPECT_GE(size.edges, size.kept_edges);
  EXPECT_EQ(persistent_homology(X, {.max_dimension = 2}).size.simplices, size.simplices);
  const HomologyOptions tight = {.max_dimension = 2, .max_simplices = size.simplices - 1};
  EXPECT_EQ(homology_size(X, tight).simplices, size.simplices);
  try {
    (void)persistent_homology(X, tight);
    FAIL() << "built more than the limit";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("fewer landmarks"), std::string::npos);
  }
  EXPECT_NO_THROW(
      (void)persistent_homology(X, {.max_dimension = 2, .max_simplices = size.simplices}));
  // 24 points are 276 pairs.
  EXPECT_THROW((void)homology_size(X, {.max_simplices = 275}), std::invalid_argument);
}

TEST(RipsGraph, CountsTheSubsetsOfACompleteGraph) {
  const auto edges = detail::edges_within(Matrix::Ones(70, 70), 1);
  EXPECT_EQ(detail::count_cliques(70, edges, 1, 1 << 20), 70);
  EXPECT_EQ(detail::count_cliques(70, edges, 3, 1 << 20), 70 + 70 * 69 / 2 + 70 * 69 * 68 / 6);
  EXPECT_EQ(detail::count_cliques(70, edges, 3, 1000), 1001);
  EXPECT_EQ(detail::count_cliques(3, {}, 4, 10), 3);
}

TEST(PersistentHomology, TakesFewAndEqualPoints) {
  EXPECT_EQ(persistent_homology(Matrix::Zero(2, 1)).betti_at(0), (Betti{1, 0}));
  const PersistentHomology copies = persistent_homology(Matrix::Ones(3, 9));
  EXPECT_EQ(copies.landmarks.size(), 1u);
  EXPECT_EQ(copies.betti_at(1), (Betti{1, 0}));
  EXPECT_EQ(persistent_homology(polygon(2, 1)).diagrams[0].size(), 2u);
}

TEST(PersistentHomology, RefusesWhatDoesNotFit) {
  Matrix X = polygon(5, 1);
  EXPECT_THROW((void)persistent_homology(X, {.max_dimension = 6}), std::invalid_argument);
  EXPECT_THROW((void)persistent_homology(X, {.prime = 4}), std::invalid_argument);
  EXPECT_THROW((void)persistent_homology(X, {.max_edge = 0}), std::invalid_argument);
  EXPECT_THROW((void)persistent_homology(X, {.landmarks = -1}), std::invalid_argument);
  EXPECT_THROW((void)persistent_homology(X, {.first = 5}), std::invalid_argument);
  EXPECT_THROW((void)persistent_homology_of_distances(X), std::invalid_argument);
  X(0, 0) = NAN;
  EXPECT_THROW((void)persistent_homology(X), std::invalid_argument);
  EXPECT_THROW((void)persistent_homology(Matrix(2, 0)), std::invalid_argument);
}

TEST(BettiNumbers, AreThoseOfTheCircleWhereItIsCoveredWell) {
  const Matrix X = polygon(900, 1);
  const PersistentHomology result = persistent_homology(X, {.landmarks = 60});
  const BettiNumbers numbers = betti_numbers(result);
  EXPECT_NEAR(numbers.threshold, 4 * result.covering_radius, 1e-15);
  EXPECT_EQ(numbers.numbers, (Betti{1, 1}));
  EXPECT_EQ(betti_numbers(result, 0.5).numbers, (Betti{1, 0}));  // more doubt than the circle bears
  EXPECT_THROW((void)betti_numbers(result, -1), std::invalid_argument);
}

TEST(PersistentHomology, StopsAfterTheStageInWhichItIsAskedTo) {
  const Matrix X = polygon(20, 1);
  std::vector<double> whole;
  HomologyOptions options{.progress = [&](double fraction) {
    whole.push_back(fraction);
    return true;
  }};
  EXPECT_FALSE(persistent_homology(X, options).canceled);
  ASSERT_EQ(whole.size(), 6u);  // Five stages before the last one, and the end.
  EXPECT_TRUE(std::is_sorted(whole.begin(), whole.end()));
  EXPECT_EQ(whole.back(), 1);
  for (std::size_t stage = 0; stage < 5; ++stage) {
    std::size_t asked = 0;
    options.progress = [&](double) { return asked++ < stage; };
    const PersistentHomology stopped = persistent_homology(X, options);
    EXPECT_TRUE(stopped.canceled) << stage;
    EXPECT_TRUE(stopped.diagrams.empty()) << stage;
    EXPECT_EQ(asked, stage + 1);
  }
}

}  // namespace
}  // namespace nullcline::representation
