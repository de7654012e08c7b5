// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/grid_distances.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/geometry/manifolds/surfaces.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;

/// The largest excess of paths along edges over straight lines in a flat square grid: half way
/// between neighboring directions at an angle a, 1 / cos(a / 2).
double flat_excess(Index reach) {
  const double gap = reach == 1 ? pi / 4 : std::atan(1.0 / static_cast<double>(reach));
  return 1 / std::cos(gap / 2) - 1;
}

/// What the cubic through its ends makes of an arc of a circle of that angle, over its length.
double arc_factor(double angle) {
  const double middle = 1.5 * std::sin(angle / 2) / (angle / 2) - 0.5 * std::cos(angle / 2);
  return (2 + 4 * middle) / 6;
}

TEST(GridDistances, OnAFlatTorusAreTooLongByTheAngleBetweenEdges) {
  const FunctionManifold torus = clifford_torus(1, 1);
  const Grid grid = make_grid(torus.domain(), {12, 12});
  for (const Index reach : {1, 2, 3}) {
    const GridDistances found = grid_distances(torus, grid, {.reach = reach});
    double largest = 0;
    for (Index j = 0; j < grid.size(); ++j) {
      for (Index i = 0; i < j; ++i) {
        const double line = shorter_way(torus.domain(), grid.at(i), grid.at(j)).norm();
        const double excess = found.lengths(i, j) / line - 1;
        ASSERT_GT(excess, arc_factor(static_cast<double>(reach) * pi / 6) - 1 - 1e-12);
        largest = std::max(largest, excess);
      }
    }
    EXPECT_LE(largest, flat_excess(reach) + 1e-12);
    EXPECT_GT(largest, 0.6 * flat_excess(reach));
    EXPECT_EQ(found.lengths, Matrix(found.lengths.transpose()));
  }
}

TEST(GridDistances, OnASphereAreUpperBoundsAndTheCheckedPairsGiveTheirExcess) {
  const FunctionManifold ball = sphere(1);
  const Grid grid = make_grid({{0.6, pi - 0.6}, {0, 2 * pi, true}}, {13, 24});
  const GridDistances found = grid_distances(
      ball, grid, {.reach = 2, .checked = 12, .refined = {{0, 40}}, .seed = 3, .threads = {2}});
  ASSERT_EQ(found.pairs.size(), 13u);
  double largest = 0;
  for (Index j = 0; j < grid.size(); ++j) {
    for (Index i = 0; i < j; ++i) {
      const double excess = found.lengths(i, j) / sphere_distance(1, grid.at(i), grid.at(j)) - 1;
      EXPECT_GT(excess, -1e-5);  // Simpson's rule on edges of at most 0.6 rad
      largest = std::max(largest, excess);
    }
  }
  for (const RefinedPair& pair : found.pairs) {
    ASSERT_EQ(pair.geodesic.status, GeodesicStatus::converged);
    EXPECT_NEAR(pair.geodesic.length, sphere_distance(1, grid.at(pair.from), grid.at(pair.to)),
                1e-6);
  }
  EXPECT_EQ(found.unchecked, 0);
  EXPECT_GT(found.mean_excess, 0);
  EXPECT_LE(found.mean_excess, found.largest_excess);
  EXPECT_LE(found.largest_excess, largest + 1e-6);
}

TEST(GridDistances, AreTheSameForAnyThreadsAndRefuseMisuse) {
  const FunctionManifold ring = ring_torus(2, 0.5);
  const Grid grid = make_grid(ring.domain(), {8, 6});
  const GridDistances one = grid_distances(ring, grid, {.checked = 2, .threads = {1}});
  const GridDistances two = grid_distances(ring, grid, {.checked = 2, .threads = {2}});
  EXPECT_EQ(one.lengths, two.lengths);
  EXPECT_EQ(one.largest_excess, two.largest_excess);
  EXPECT_THROW((void)grid_distances(ring, grid, {.reach = 0}), std::invalid_argument);
  EXPECT_THROW((void)grid_distances(ring, grid, {.refined = {{0, 48}}}), std::invalid_argument);
  const GridDistances stopped = grid_distances(ring, grid, {}, [](double) { return false; });
  EXPECT_TRUE(stopped.cancelled);
}

TEST(GridGraph, HasEdgesOfTheirLengthToTheFourthPower) {
  // A circle of latitude: the straight line in kappa has length sin(theta) times the angle.
  const FunctionManifold ball = sphere(1);
  double before = 0;
  for (const Index N : {12, 24, 48}) {
    const Grid grid = make_grid({{1.0, 1.2}, {0, 2 * pi, true}}, {2, N});
    const Jets jets = ball.jets(grid.points(), 1);
    const GridGraph graph = grid_graph(grid, jets.points, jets.tangents, 1);
    const double step = 2 * pi / static_cast<double>(N);
    double error = 0;
    for (const GridGraph::Edge& edge : graph.edges[0]) {
      if (edge.to == 1) error = std::abs(edge.length / (std::sin(1.0) * step) - 1);
    }
    ASSERT_GT(error, 0);
    if (before > 0) {
      EXPECT_NEAR(before / error, 16, 1.5);
    }
    before = error;
  }
}

}  // namespace
}  // namespace nullcline::geometry
