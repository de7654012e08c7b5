// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/piecewise_linear_points.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/dynamics/scyfi_cases.hpp"

namespace nullcline::dynamics {
namespace {

using Map_ = PiecewiseLinearMap;

double distance_to(const Matrix& states, const Vector& x) {
  if (states.cols() == 0) return std::numeric_limits<double>::infinity();
  return (states.colwise() - x).colwise().norm().minCoeff();
}

/// What must hold of every result.
void expect_consistent(const Map_& map, const PiecewiseLinearPoints& points) {
  const Index P = points.states.cols();
  ASSERT_EQ(static_cast<Index>(points.regions.size()), P);
  ASSERT_EQ(static_cast<Index>(points.on_border.size()), P);
  Matrix F(map.dim(), P);
  map.step(points.states, F);
  for (Index p = 0; p < P; ++p) {
    const Vector x = points.states.col(p);
    EXPECT_LE((F.col(p) - x).norm(), 1e-13 * (1 + x.norm()));
    EXPECT_EQ((F.col(p) - x).norm() == 0, points.residuals(p) == 0);
    if (!points.on_border[static_cast<std::size_t>(p)]) {
      EXPECT_EQ(map.region(x), points.regions[static_cast<std::size_t>(p)]);
    }
  }
}

/// The slow twin: a direct solve in every region, and the sign of each preactivation as it is.
Matrix by_brute_force(const Map_& map) {
  const Index n = map.dim();
  Matrix states(n, 0);
  for (std::uint32_t signs = 0; signs < (std::uint32_t{1} << map.kinks()); ++signs) {
    Region region;
    for (Index k = 0; k < map.kinks(); ++k) region.push_back(((signs >> k) & 1U) != 0);
    const AffinePiece piece = map.piece(region);
    const Vector x = (Matrix::Identity(n, n) - piece.J).fullPivLu().solve(piece.d);
    if (map.region(x) != region) continue;
    states.conservativeResize(n, states.cols() + 1);
    states.rightCols(1) = x;
  }
  return states;
}

/// x' = relu(W x + c), leaky where asked for; gains above 1 have several points.
Map_ random_network(Index n, double gain, double below, std::uint64_t seed) {
  const Matrix W = random_matrix(n, n, gain / std::sqrt(static_cast<double>(n)), seed);
  return Map_::vanilla(W, random_matrix(n, 1, 1.0, seed + 1000), below);
}

TEST(PiecewiseLinearPoints, OfScyfisNetworksAreTheirFixedPoints) {
  for (const ScyfiCase& network : scyfi_cases()) {
    const auto points = all_piecewise_linear_points(network.map());
    expect_consistent(network.map(), points);
    EXPECT_TRUE(points.complete);
    EXPECT_EQ(points.regions_visited, 4U);
    ASSERT_EQ(points.states.cols(), 1);
    EXPECT_LE((points.states.col(0) - network.point).norm(), 1e-8);  // printed to 8 digits
    const auto at = linearize(network.map(), points.states.col(0), 1);
    EXPECT_NEAR(std::abs(at.eigenvalues(0)), network.largest_modulus, 1e-5);
  }
}

TEST(PiecewiseLinearPoints, ExhaustiveSetIsThatOfDirectSolvesInAllRegions) {
  Index several = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Index n = 2 + static_cast<Index>(seed % 11);
    const Map_ map = random_network(n, 3.0, seed % 3 == 0 ? 0.2 : 0.0, seed);
    const auto points = all_piecewise_linear_points(map);
    const Matrix expected = by_brute_force(map);
    expect_consistent(map, points);
    EXPECT_TRUE(points.complete);
    EXPECT_EQ(points.regions_visited, std::uint64_t{1} << n);
    EXPECT_EQ(points.singular, 0U);
    ASSERT_EQ(points.states.cols(), expected.cols()) << "seed " << seed;
    for (const auto& x : expected.colwise()) {
      EXPECT_LE(distance_to(points.states, x), 1e-11 * (1 + x.norm()));
    }
    several += expected.cols() > 1 ? 1 : 0;
  }
  EXPECT_GT(several, 2);
}

TEST(PiecewiseLinearPoints, UpdatesAgreeWithDirectSolvesWhereKinksOutnumberStates) {
  // 3 states, 13 units: many regions share few states; more regions than one run of updates.
  const Map_ map(Matrix::Zero(3, 3), random_matrix(3, 13, 1.0, 1), random_matrix(13, 3, 1.0, 2),
                 random_matrix(13, 1, 1.0, 3), random_matrix(3, 1, 1.0, 4), 0.1);
  const auto points = all_piecewise_linear_points(map);
  const Matrix expected = by_brute_force(map);
  expect_consistent(map, points);
  ASSERT_EQ(points.states.cols(), expected.cols());
  for (const auto& x : expected.colwise()) EXPECT_LE(distance_to(points.states, x), 1e-11);
}

/// x' = W (relu(V x + c) - relu(V x + c - 1)): bounded, as each difference is in [0, 1].
Map_ clipped_network(Index n, double gain, std::uint64_t seed) {
  const double sd = gain / std::sqrt(static_cast<double>(n));
  const Matrix W = random_matrix(n, n, sd, seed), V = random_matrix(n, n, sd, seed + 50);
  const Vector c = random_matrix(n, 1, 1.0, seed + 100);
  Matrix B(n, 2 * n), C(2 * n, n);
  Vector both(2 * n);
  B << W, -W;
  C << V, V;
  both << c, c.array() - 1;
  return {Matrix::Zero(n, n), B, C, both, Vector::Zero(n)};
}

TEST(PiecewiseLinearPoints, DegreesAddUpToOneWhereAMapTakesABallIntoItself) {
  Index several = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Map_ map = clipped_network(5, 4.5, seed);
    const auto points = all_piecewise_linear_points(map);
    EXPECT_TRUE(points.complete);
    int sum = 0;
    for (const auto& at : linearize_all(map, points.states, 1)) sum += at.degree;
    EXPECT_EQ(sum, 1) << "seed " << seed;
    several += points.states.cols() > 1 ? 1 : 0;
  }
  EXPECT_GT(several, 2);
}

TEST(PiecewiseLinearPoints, FromFarStartsOfABoundedMapAreFoundByAll) {
  // The path that comes from infinity as x = -mu G(start) goes to infinity as mu -> -infinity.
  for (const Index n : {10, 40}) {
    const Map_ map = clipped_network(n, 4, 7);
    const auto points = find_piecewise_linear_points(map, random_matrix(n, 10, 1e3, 8),
                                                     {.max_crossings = 20000, .restarts = 0});
    expect_consistent(map, points);
    for (const SearchStatus status : points.status) EXPECT_EQ(status, SearchStatus::fixed_point);
    EXPECT_GT(points.states.cols(), 0);
  }
}

TEST(PiecewiseLinearPoints, OfDecoupledLeakyBitsAreAllThreeToTheN) {
  // Each unit is x' = 2 (relu(x + 1/2) - relu(x - 1/2)) - 1: -1, 0 and 1, the slope at 0 being 2.
  const Index n = 5;
  const Matrix I = Matrix::Identity(n, n);
  Matrix B(n, 2 * n), C(2 * n, n);
  Vector c(2 * n);
  B << 2 * I, -2 * I;
  C << I, I;
  c << Vector::Constant(n, 0.5), Vector::Constant(n, -0.5);
  const Map_ map(Matrix::Zero(n, n), B, C, c, Vector::Constant(n, -1));
  const auto points = all_piecewise_linear_points(map);
  ASSERT_EQ(points.states.cols(), 243);
  for (const double x : points.states.reshaped()) {
    EXPECT_EQ(std::abs(x) == 0 || std::abs(x) == 1, true) << x;
  }
}

TEST(PiecewiseLinearPoints, OfOneBitLieAllOnThePathFromOneStart) {
  // G = F - x from x = 5 down: 1 - x, then x for |x| < 1/2, then -1 - x: zero at 1, 0 and -1.
  const Matrix B = (Matrix(1, 2) << 2, -2).finished(), C = Matrix::Ones(2, 1);
  const Map_ map(Matrix::Zero(1, 1), B, C, (Vector(2) << 0.5, -0.5).finished(),
                 Vector::Constant(1, -1));
  const Matrix start = Matrix::Constant(1, 1, 5);
  const auto points = find_piecewise_linear_points(map, start);
  ASSERT_EQ(points.states.cols(), 3);
  EXPECT_EQ(points.point_of_start, std::vector<Index>{0});
  EXPECT_EQ(points.states, (Matrix(1, 3) << 1, 0, -1).finished());
  EXPECT_EQ(find_piecewise_linear_points(map, start, {.max_crossings = 0}).states.cols(), 1);
}

TEST(PiecewiseLinearPoints, OfANetworkWithoutBiasAreOneOnAllBorders) {
  // x' = relu(W x): 0 lies in the closure of all 2^10 regions, and is one point.
  const Matrix W = random_matrix(10, 10, 0.2, 5);
  const auto points = all_piecewise_linear_points(Map_::vanilla(W, Vector::Zero(10)));
  ASSERT_EQ(points.states.cols(), 1);
  EXPECT_TRUE(points.states.isZero(0));
  EXPECT_TRUE(points.on_border[0]);
}

TEST(PiecewiseLinearPoints, OnABorderAwayFromZeroIsOne) {
  // z' = z / 2 + W relu(z) + h with h such that (0, 1/3, 2) is fixed: unit 1 is at its kink.
  const Vector x = (Vector(3) << 0, 1.0 / 3, 2).finished();
  const Matrix W = random_matrix(3, 3, 0.3, 6);
  const Vector h = 0.5 * x - W * x;
  const auto points = all_piecewise_linear_points(Map_::plrnn(Vector::Constant(3, 0.5), W, h));
  ASSERT_EQ(points.states.cols(), 1);
  EXPECT_LE((points.states.col(0) - x).norm(), 1e-14);
  EXPECT_TRUE(points.on_border[0]);
}

TEST(PiecewiseLinearPoints, SingularRegionWithALineOfPointsIsReported) {
  // z' = (z_0, z_1 / 2) + ... with W z_0 = 0 above the kink and -1/2 below it, by leaky relu:
  // z_0' = 1/2 z_0 + 1/2 phi(z_0), phi = relu: every z_0 > 0 is fixed, and below only 0.
  const Matrix W = (Matrix(2, 2) << 0.5, 0, 0, 0).finished();
  const auto points = all_piecewise_linear_points(
      Map_::plrnn(Vector::Constant(2, 0.5), W, (Vector(2) << 0, 1).finished()));
  EXPECT_TRUE(points.complete);
  EXPECT_EQ(points.singular, 2U);           // unit 1 above and below its kink;
  EXPECT_EQ(points.singular_continua, 1U);  // z_1 = 2 is above.
  ASSERT_EQ(points.continua.size(), 1U);
  const FixedContinuum& line = points.continua[0];
  EXPECT_EQ(line.region, (Region{true, true}));
  EXPECT_GT(line.point(0), 0);
  EXPECT_NEAR(line.point(1), 2, 1e-14);
  EXPECT_FALSE(line.on_border);
  ASSERT_EQ(line.directions.cols(), 1);
  EXPECT_NEAR(std::abs(line.directions(0, 0)), 1, 1e-14);
  ASSERT_EQ(points.states.cols(), 1);  // the end of the line
  EXPECT_LE((points.states.col(0) - Vector::Unit(2, 1) * 2).norm(), 1e-14);
  EXPECT_TRUE(points.on_border[0]);
}

TEST(PiecewiseLinearPoints, SingularRegionWithoutSolutionHasNoPoint) {
  // x' = relu(x + 1): I - J = 0 above the kink and x = x + 1 has no solution; below, x = 0 is not
  // below.
  const auto points =
      all_piecewise_linear_points(Map_::vanilla(Matrix::Identity(1, 1), Vector::Ones(1)));
  EXPECT_TRUE(points.complete);
  EXPECT_EQ(points.singular, 1U);
  EXPECT_TRUE(points.continua.empty());
  EXPECT_EQ(points.states.cols(), 0);
}

TEST(PiecewiseLinearPoints, PlaneOfPointsIsFoundInsideItsRegion) {
  // (x, y, z)' = (x, y, z / 2) where x + y > 1 and x - y > 1, from z' = z / 2 and
  // x' = x - relu(1 - x - y), y' = y - relu(1 - x + y).
  const Matrix A = (Vector(3) << 1, 1, 0.5).finished().asDiagonal();
  const Matrix B = (Matrix(3, 2) << -1, 0, 0, -1, 0, 0).finished();
  const Matrix C = (Matrix(2, 3) << -1, -1, 0, -1, 1, 0).finished();
  const auto points = all_piecewise_linear_points(Map_(A, B, C, Vector::Ones(2), Vector::Zero(3)));
  // Beyond an edge of the plane the only fixed points are those of the edge itself.
  ASSERT_EQ(points.continua.size(), 3U);
  Vector x = Vector::Zero(3);
  for (const FixedContinuum& continuum : points.continua) {
    const bool plane = continuum.region == Region{false, false};
    EXPECT_EQ(continuum.directions.cols(), plane ? 2 : 1);
    EXPECT_EQ(continuum.on_border, !plane);
    if (plane) x = continuum.point;
  }
  EXPECT_GT(x(0) + x(1), 1);
  EXPECT_GT(x(0) - x(1), 1);
  EXPECT_NEAR(x(2), 0, 1e-14);
}

TEST(PiecewiseLinearPoints, OfAnAffineMapIsTheSolutionOfOneSystem) {
  const Matrix W = random_matrix(9, 9, 0.5, 7);
  const Vector c = random_matrix(9, 1, 1.0, 8);
  const auto points = all_piecewise_linear_points(Map_::vanilla(W, c, 1.0));
  ASSERT_EQ(points.states.cols(), 1);
  const Matrix x = *solve(Matrix::Identity(9, 9) - W, c);
  EXPECT_LE((points.states - x).norm(), 1e-12);
  // Without a kink there is one region.
  const Map_ plain(W, Matrix(9, 0), Matrix(0, 9), Vector(0), c);
  EXPECT_EQ(all_piecewise_linear_points(plain).regions_visited, 1U);
  EXPECT_LE((all_piecewise_linear_points(plain).states - x).norm(), 1e-12);
}

TEST(PiecewiseLinearPoints, FromStartsAreASubsetOfAll) {
  Index found = 0, there = 0;
  for (std::uint64_t seed = 20; seed < 30; ++seed) {
    const Map_ map = random_network(10, 3.0, 0.0, seed);
    const auto all = all_piecewise_linear_points(map);
    const auto some = find_piecewise_linear_points(map, random_matrix(10, 100, 2.0, seed + 1));
    expect_consistent(map, some);
    EXPECT_FALSE(some.complete);
    for (Index p = 0; p < some.states.cols(); ++p) {
      EXPECT_LE(distance_to(all.states, some.states.col(p)),
                1e-13 * (1 + some.states.col(p).norm()));
    }
    for (std::size_t s = 0; s < some.status.size(); ++s) {
      EXPECT_EQ(some.point_of_start[s] >= 0, some.status[s] == SearchStatus::fixed_point);
    }
    found += some.states.cols();
    there += all.states.cols();
  }
  EXPECT_GE(found, (3 * there) / 4);
}

TEST(PiecewiseLinearPoints, IncludeThoseThatDampedNewtonFinds) {
  Index found = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Map_ map = clipped_network(6, 4.5, seed);  // 12 kinked units
    const auto all = all_piecewise_linear_points(map);
    const auto newton = find_fixed_points(map, random_matrix(6, 60, 3.0, seed + 9));
    for (Index p = 0; p < newton.states.cols(); ++p) {
      EXPECT_LE(distance_to(all.states, newton.states.col(p)), 1e-10);
    }
    EXPECT_LE(newton.states.cols(), all.states.cols());
    found += newton.states.cols();
  }
  EXPECT_GT(found, 5);
}

TEST(PiecewiseLinearPoints, FromAStartInTheRegionOfAPointNeedOneSystem) {
  const ScyfiCase network = scyfi_cases()[1];
  const auto points =
      find_piecewise_linear_points(network.map(), network.point, {.max_crossings = 0});
  EXPECT_EQ(points.regions_visited, 1U);
  EXPECT_EQ(points.point_of_start, std::vector<Index>{0});
}

TEST(PiecewiseLinearPoints, OfNetworksWithoutAnyEndInAStatus) {
  const Map_ map = Map_::vanilla(Matrix::Identity(1, 1), Vector::Ones(1));
  Matrix starts = Matrix::Zero(1, 3);
  starts(0, 1) = std::numeric_limits<double>::quiet_NaN();
  const auto points = find_piecewise_linear_points(map, starts);
  EXPECT_EQ(points.states.cols(), 0);
  EXPECT_EQ(points.status[0], SearchStatus::max_iterations);
  EXPECT_EQ(points.status[1], SearchStatus::not_finite);
  EXPECT_EQ(points.point_of_start[2], -1);
  EXPECT_EQ(find_piecewise_linear_points(map, Matrix(1, 0)).states.cols(), 0);
}

TEST(PiecewiseLinearPoints, SurviveWeightsThatOverflow) {
  const Matrix W = Matrix::Constant(3, 3, 1e200);
  const auto points = all_piecewise_linear_points(Map_::vanilla(W, Vector::Ones(3)));
  EXPECT_TRUE(points.complete);
  const Matrix huge = Matrix::Constant(3, 3, 1e308);
  EXPECT_TRUE(all_piecewise_linear_points(Map_::vanilla(huge, Vector::Ones(3))).complete);
  const auto some =
      find_piecewise_linear_points(Map_::vanilla(huge, Vector::Ones(3)), Matrix::Ones(3, 2));
  EXPECT_EQ(some.status.size(), 2U);
}

TEST(PiecewiseLinearPoints, AreTheSameOnTwoThreads) {
  const Map_ map = random_network(12, 3.0, 0.0, 40);
  const auto one = all_piecewise_linear_points(map);
  const auto two = all_piecewise_linear_points(map, {.threads = {2}});
  EXPECT_EQ(one.states, two.states);
  EXPECT_EQ(one.regions, two.regions);
  const Matrix starts = random_matrix(12, 50, 1.0, 41);
  const auto first = find_piecewise_linear_points(map, starts);
  const auto second = find_piecewise_linear_points(map, starts, {.threads = {2}});
  EXPECT_EQ(first.states, second.states);
  EXPECT_EQ(first.point_of_start, second.point_of_start);
}

TEST(PiecewiseLinearPoints, StopWhenAskedTo) {
  const Map_ map = random_network(12, 3.0, 0.0, 40);
  const auto points =
      all_piecewise_linear_points(map, {.progress = [](double done) { return done < 0.5; }});
  EXPECT_TRUE(points.cancelled);
  EXPECT_FALSE(points.complete);
  EXPECT_EQ(points.regions_visited, 2048U);
  const auto some = find_piecewise_linear_points(map, random_matrix(12, 4, 1.0, 41),
                                                 {.progress = [](double) { return false; }});
  EXPECT_TRUE(some.cancelled);
  EXPECT_NE(some.status[0], SearchStatus::cancelled);
  EXPECT_EQ(some.status[3], SearchStatus::cancelled);
}

TEST(PiecewiseLinearPoints, RefuseWhatCannotBe) {
  const Map_ map = random_network(4, 1.0, 0.0, 1);
  EXPECT_THROW(all_piecewise_linear_points(map, {.max_kinks = 3}), std::invalid_argument);
  EXPECT_THROW(all_piecewise_linear_points(map, {.max_kinks = 31}), std::invalid_argument);
  EXPECT_THROW(find_piecewise_linear_points(map, Matrix::Zero(3, 1)), std::invalid_argument);
  EXPECT_THROW(find_piecewise_linear_points(map, Matrix::Zero(4, 1), {.max_moves = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
