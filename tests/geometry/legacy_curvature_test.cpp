// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/legacy_curvature.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {
namespace {

TEST(LegacyCurvature, IsWrongWhereCoordinatesAreOblique) {
  // z = sin x cos y at (0.6, 0.9), where the lines meet at a cosine of -0.18.
  const double sx = std::sin(0.6), cx = std::cos(0.6), sy = std::sin(0.9), cy = std::cos(0.9);
  const double fx = cx * cy, fy = -sx * sy, fxx = -sx * cy, fxy = -cx * sy, fyy = -sx * cy;
  const double fxxy = sx * sy, fxyy = -cx * cy;
  const MetricDerivatives d{.E = 1 + fx * fx,
                            .F = fx * fy,
                            .G = 1 + fy * fy,
                            .E_u = 2 * fx * fxx,
                            .E_v = 2 * fx * fxy,
                            .F_u = fxx * fy + fx * fxy,
                            .F_v = fxy * fy + fx * fyy,
                            .G_u = 2 * fy * fxy,
                            .G_v = 2 * fy * fyy,
                            .E_vv = 2 * (fxy * fxy + fx * fxyy),
                            .F_uv = fxxy * fy + fxx * fyy + fxy * fxy + fx * fxyy,
                            .G_uu = 2 * (fxy * fxy + fy * fxxy)};
  EXPECT_NEAR(d.F / std::sqrt(d.E * d.G), -0.18, 0.005);
  EXPECT_NEAR(brioschi_curvature(d), -0.1385, 5e-5);  // our notes on the paper have both numbers
  EXPECT_NEAR(legacy_curvature(d), -0.124, 5e-4);
}

/// Of (u, v) -> ring(u + shear v, v), the legacy formula on an N x N grid against the right one.
LegacyCurvature of_sheared_ring(double shear, Index N) {
  const FunctionManifold ring = ring_torus(2, 0.7);
  const Grid grid = make_grid(ring.domain(), {N, N});
  Matrix kappa = grid.points();
  kappa.row(0) += shear * kappa.row(1);
  const Jets jets = ring.jets(kappa, 2);
  Matrix tangents = jets.tangents;
  for (Index k = 0; k < kappa.cols(); ++k) tangents.col(2 * k + 1) += shear * tangents.col(2 * k);
  return legacy_curvature(grid, pullback_metric(tangents, 2).metric,
                          curvature(jets.tangents, jets.second, 2).gaussian);
}

TEST(LegacyCurvature, OnAGridIsRightToFirstOrderWhereCoordinatesAreOrthogonal) {
  const double coarse = of_sheared_ring(0, 64).largest_difference;
  const double fine = of_sheared_ring(0, 128).largest_difference;
  EXPECT_NEAR(coarse / fine, 2, 0.2);
  // Sheared by a whole period it is the same torus, and the formula does not see it.
  const LegacyCurvature sheared = of_sheared_ring(1, 128);
  EXPECT_GT(sheared.largest_difference, 10 * fine);
  EXPECT_EQ(std::abs(sheared.difference(sheared.where)), sheared.largest_difference);
}

TEST(LegacyCurvature, RefusesOtherSizes) {
  const Grid grid = make_grid({{0, 1}, {0, 1}}, {3, 3});
  EXPECT_THROW(legacy_curvature(grid, Matrix::Ones(3, 9), Vector::Ones(9)), std::invalid_argument);
  EXPECT_THROW(legacy_curvature(grid, Matrix::Ones(4, 9), Vector::Ones(8)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
