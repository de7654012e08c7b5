// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/gridlines.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {
namespace {

Matrix metric_of(const ImmersedManifold& manifold, In<Matrix> kappa) {
  return pullback_metric(manifold.jets(kappa, 1).tangents, manifold.dim()).metric;
}

/// diag((1 + a)^2, (2 + b)^2): the plane in coordinates of which each is stretched by itself.
Matrix separable(const Grid& grid) {
  Matrix metric = Matrix::Zero(4, grid.size());
  for (Index k = 0; k < grid.size(); ++k) {
    metric(0, k) = std::pow(1 + grid.at(k)(0), 2);
    metric(3, k) = std::pow(2 + grid.at(k)(1), 2);
  }
  return metric;
}

TEST(Gridlines, OfStretchedCoordinatesAreDrawnAtTheirLengths) {
  const Grid grid = make_grid({{0, 1}, {-1, 1}}, {21, 11});
  const Gridlines found = gridlines(grid, separable(grid));
  for (Index k = 0; k < grid.size(); ++k) {
    const double a = grid.at(k)(0), b = grid.at(k)(1);
    // The trapezoid rule of linear speeds is exact.
    EXPECT_NEAR(found.positions(0, k), a + a * a / 2 - 0.625, 1e-14);
    EXPECT_NEAR(found.positions(1, k), 2 * b + b * b / 2, 1e-14);
    EXPECT_EQ(found.obliqueness(k), 0);
    EXPECT_LT(found.net_defect.col(k).cwiseAbs().maxCoeff(), 1e-14);
    const std::vector<Index> at = grid.position(k);
    const bool inner = at[0] > 0 && at[0] < 20 && at[1] > 0 && at[1] < 10;
    if (inner) {
      EXPECT_LT(found.defect(k), 1e-13);  // central differences of parabolas are exact
    }
  }
}

TEST(Gridlines, OfASphereAreNoIsometry) {
  // theta, phi: lengths along phi are sin(theta), which no drawing in the plane can have.
  const FunctionManifold ball = sphere(1);
  const Grid grid = make_grid({{0.5, 1.5}, {0, 1}}, {41, 41});
  const Gridlines found = gridlines(grid, metric_of(ball, grid.points()));
  const Index center = grid.number({20, 20}), edge = grid.number({10, 39});
  // phi = 0.5 is where positions are 0 for all theta: there the drawing is right to h^2.
  EXPECT_LT(found.defect(center), 1e-3);
  // dX2 / dtheta = cos(theta) (phi - 1/2), of G = diag(1, sin^2 theta)
  const double theta = grid.at(edge)(0), slope = std::cos(theta) * (grid.at(edge)(1) - 0.5);
  Matrix dX{{1, 0}, {slope, std::sin(theta)}}, G{{1, 0}, {0, std::pow(std::sin(theta), 2)}};
  EXPECT_NEAR(found.defect(edge), (dX.transpose() * dX - G).norm() / G.norm(), 1e-3);
  EXPECT_EQ(found.obliqueness.maxCoeff() < 1e-14, true);
  EXPECT_LT(found.net_defect.row(0).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_GT(found.net_defect.row(1).cwiseAbs().maxCoeff(), 0.2);
}

TEST(Gridlines, ReportTheAnglesThatTheyLeaveOut) {
  const Grid grid = make_grid({{0, 1}, {0, 1}}, {3, 3});
  Matrix metric(4, 9);
  metric.colwise() = Vector{{1, 0.6, 0.6, 4}};
  const Gridlines found = gridlines(grid, metric);
  EXPECT_DOUBLE_EQ(found.obliqueness(4), 0.3);
  EXPECT_NEAR(found.defect(4), std::sqrt(2 * 0.36) / metric.col(0).norm(), 1e-14);
  EXPECT_EQ(found.net_defect.norm(), 0);  // a Chebyshev net all the same
}

TEST(Gridlines, AsPublishedAreSumsWithoutTheStepAndWithoutTheRoot) {
  const Grid grid = make_grid({{-0.2, 0.2}}, {5});
  const Matrix metric{{1, 4, 9, 16, 25}};
  const Vector a =
      gridlines(grid, metric, {.method = GridlineMethod::legacy_absolute}).positions.row(0);
  EXPECT_EQ(a, (Vector{{1 - 6, 3 - 6, 0, 4, 9}}));  // sums 1 3 6 10 15 of 1 2 3 4 5
  const Vector b =
      gridlines(grid, metric, {.method = GridlineMethod::legacy_normalized}).positions.row(0);
  // sums 1 5 14 30 55, from 14: -13 -9 0 16 41, scaled to end at -0.2 and 0.2
  EXPECT_LT((b - 0.2 * Vector{{-1, -9. / 13, 0, 16. / 41, 1}}).norm(), 1e-15);
  const Vector ours = gridlines(grid, metric, {.per_half = true}).positions.row(0);
  // lengths 0.15 0.25 0.35 0.45 between: -4, -2.5, 0, 3.5, 8
  EXPECT_LT((ours - 0.2 * Vector{{-1, -2.5 / 4, 0, 3.5 / 8, 1}}).norm(), 1e-15);
  EXPECT_THROW(gridlines(grid, Matrix::Ones(1, 4)), std::invalid_argument);
  EXPECT_STREQ(name_of(GridlineMethod::legacy_absolute), "legacy_absolute");
}

}  // namespace
}  // namespace nullcline::geometry
