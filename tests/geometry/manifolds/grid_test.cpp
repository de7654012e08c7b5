// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;

TEST(Domain, KnowsCirclesAndIntervals) {
  const Domain domain{{0, 2 * pi, true}, {-1, 1}};
  EXPECT_TRUE(contains(domain, Vector{{40, 1}}));
  EXPECT_FALSE(contains(domain, Vector{{0, 1.1}}));
  EXPECT_FALSE(contains(domain, Vector{{std::nan(""), 0}}));
  EXPECT_NEAR(wrapped(domain, Vector{{-0.5, 0.3}})(0), 2 * pi - 0.5, 1e-15);
  EXPECT_EQ(wrapped(domain, Vector{{-1e-20, 0.3}})(0), 0);
  EXPECT_NEAR(shorter_way(domain, Vector{{6, -1}}, Vector{{0.1, 1}})(0), 2 * pi - 5.9, 1e-15);
  EXPECT_EQ(shorter_way(domain, Vector{{6, -1}}, Vector{{0.1, 1}})(1), 2);
  EXPECT_THROW(check_domain("test", {}), std::invalid_argument);
  EXPECT_THROW(check_domain("test", {{1, 1}}), std::invalid_argument);
}

TEST(Grid, NumbersItsPointsWithTheLastCoordinateFastest) {
  const Grid grid = make_grid({{0, 2 * pi, true}, {-1, 1}}, {4, 3});
  EXPECT_EQ(grid.size(), 12);
  EXPECT_EQ(grid.points().col(5), (Vector{{pi / 2, 1}}));
  EXPECT_EQ(grid.position(5), (std::vector<Index>{1, 2}));
  EXPECT_EQ(grid.number({1, 2}), 5);
  EXPECT_THROW(make_grid({{0, 1}}, {1}), std::invalid_argument);
  EXPECT_THROW(make_grid({{0, 1}}, {3, 3}), std::invalid_argument);
}

TEST(Grid, OfChebyshevNodesIntegratesPolynomialsExactly) {
  const Grid grid = make_grid({{-1, 2}}, {6}, Spacing::chebyshev);
  const Vector x = grid.points().transpose(), one = Vector::Ones(6);
  for (int degree = 0; degree <= 5; ++degree) {
    const double exact = (std::pow(2, degree + 1) - std::pow(-1, degree + 1)) / (degree + 1);
    EXPECT_NEAR(integrate(grid, x.array().pow(degree), one), exact, 1e-12) << degree;
  }
  EXPECT_NEAR(integrate(make_grid({{0, 1}}, {5}), Vector::Ones(5), Vector::Ones(5)), 1, 1e-15);
}

double total_curvature(const ImmersedManifold& manifold, const std::vector<Index>& counts) {
  const Grid grid = make_grid(manifold.domain(), counts, Spacing::chebyshev);
  const Jets jets = manifold.jets(grid.points(), 2);
  return integrate(grid, curvature(jets.tangents, jets.second, 2).gaussian,
                   pullback_metric(jets.tangents, 2).volume);
}

TEST(Integrate, OfTheCurvatureIsThatOfGaussAndBonnet) {
  EXPECT_NEAR(total_curvature(ring_torus(2, 0.8), {8, 64}), 0, 1e-12);
  // Without the caps of 0.02 rad around the poles: 4 pi cos 0.02, whatever the radius.
  EXPECT_NEAR(total_curvature(sphere(3), {24, 8}), 4 * pi * std::cos(0.02), 1e-11);
  EXPECT_THROW(integrate(make_grid({{0, 1}}, {5}), Vector::Ones(4), Vector::Ones(5)),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
