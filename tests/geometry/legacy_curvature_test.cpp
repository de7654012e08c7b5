// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/legacy_curvature.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "tests/geometry/wave.hpp"

namespace nullcline::geometry {
namespace {

TEST(LegacyCurvature, IsWrongWhereCoordinatesAreOblique) {
  // z = sin x cos y at (0.6, 0.9), where the lines meet at a cosine of -0.18.
  const MetricDerivatives d = testing::wave_metric(0.6, 0.9);
  EXPECT_NEAR(d.F / std::sqrt(d.E * d.G), -0.18, 0.005);
  EXPECT_NEAR(brioschi_curvature(d), -0.1385, 5e-5);  // independent calculations
  EXPECT_NEAR(legacy_curvature(d), -0.124, 5e-4);
}

LegacyCurvature of(const ImmersedManifold& manifold, Index N) {
  const Grid grid = make_grid(manifold.domain(), {N, N});
  const Jets jets = manifold.jets(grid.points(), 2);
  return legacy_curvature(grid, pullback_metric(jets.tangents, 2).metric,
                          curvature(jets.tangents, jets.second, 2).gaussian);
}

TEST(LegacyCurvature, OnAGridIsRightToFirstOrderWhereCoordinatesAreOrthogonal) {
  const FunctionManifold ring = ring_torus(2, 0.7);
  const double coarse = of(ring, 48).largest_difference, fine = of(ring, 96).largest_difference;
  EXPECT_NEAR(coarse / fine, 2, 0.2);
}

TEST(LegacyCurvature, OnAGridDoesNotConvergeWhereTheyAreNot) {
  const FunctionManifold graph(
      {{0.2, 1.2}, {0.4, 1.4}}, 3,
      [](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
        const double sx = std::sin(k(0)), cx = std::cos(k(0));
        const double sy = std::sin(k(1)), cy = std::cos(k(1));
        x << k(0), k(1), sx * cy;
        if (order > 0) a << 1, 0, 0, 1, cx * cy, -sx * sy;
        if (order > 1) b << 0, 0, 0, 0, 0, 0, -sx * cy, -cx * sy, -sx * cy;
      });
  const LegacyCurvature coarse = of(graph, 51), fine = of(graph, 101);
  // In the middle, where the formula itself is off by what its closed form says.
  const Grid grid = make_grid(graph.domain(), {101, 101});
  const Index at = grid.number({40, 50});  // (0.6, 0.9)
  EXPECT_NEAR(fine.values(at), -0.124, 5e-3);
  EXPECT_NEAR(fine.difference(at), 0.1385 - 0.124, 5e-3);
  EXPECT_GT(fine.largest_difference, 0.8 * coarse.largest_difference);
  EXPECT_EQ(std::abs(fine.difference(fine.where)), fine.largest_difference);
}

TEST(LegacyCurvature, RefusesOtherSizes) {
  const Grid grid = make_grid({{0, 1}, {0, 1}}, {3, 3});
  EXPECT_THROW(legacy_curvature(grid, Matrix::Ones(3, 9), Vector::Ones(9)), std::invalid_argument);
  EXPECT_THROW(legacy_curvature(grid, Matrix::Ones(4, 9), Vector::Ones(8)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
