// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/piecewise_linear_cycles.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/dynamics/scyfi_cases.hpp"

namespace nullcline::dynamics {
namespace {

using Map_ = PiecewiseLinearMap;

double distance_to(const PiecewiseLinearCycle& cycle, const Vector& x) {
  return (cycle.states.colwise() - x).colwise().norm().minCoeff();
}

/// What must hold of every result.
void expect_consistent(const Map_& map, const PiecewiseLinearCycles& found, Index k) {
  for (const PiecewiseLinearCycle& cycle : found.cycles) {
    ASSERT_EQ(cycle.states.cols(), k);
    ASSERT_EQ(static_cast<Index>(cycle.regions.size()), k);
    const double size = 1 + cycle.states.cwiseAbs().maxCoeff();
    Matrix next(map.dim(), k), product = Matrix::Identity(map.dim(), map.dim());
    map.step(cycle.states, next);
    for (Index t = 0; t < k; ++t) {
      EXPECT_LE((next.col(t) - cycle.states.col((t + 1) % k)).norm(), 1e-13 * size);
      product = map.piece(cycle.regions[static_cast<std::size_t>(t)]).J * product;
      if (!cycle.on_border) {
        EXPECT_EQ(map.region(cycle.states.col(t)), cycle.regions[static_cast<std::size_t>(t)]);
      }
    }
    for (Index p = 1; p < k; ++p) {
      if (k % p == 0) {
        EXPECT_GT((cycle.states.col(p) - cycle.states.col(0)).norm(), 1e-13 * size);
      }
    }
    EXPECT_LE((cycle.multipliers - eigenvalues(product)).norm(), 1e-12 * (1 + product.norm()));
    EXPECT_EQ(cycle.stable, std::abs(cycle.multipliers(0)) < 1);
    EXPECT_EQ(cycle.states(0, 0), cycle.states.row(0).minCoeff());
    for (const PiecewiseLinearCycle& other : found.cycles) {
      if (&other != &cycle) {
        EXPECT_GT(distance_to(other, cycle.states.col(0)), 1e-13 * size);
      }
    }
  }
}

/// x' = 1 - 2 |x| = 1 + 2 x - 4 relu(x), the full tent on [-1, 1].
Map_ tent(double slope = 2) {
  const Matrix one = Matrix::Ones(1, 1);
  return {slope * one, -2 * slope * one, one, Vector::Zero(1), Vector::Ones(1)};
}

TEST(PiecewiseLinearCycles, OfScyfisNetworksAreTwoOf16AndTwoOf27) {
  const auto networks = scyfi_cases();
  const auto pair = [](double x, double y) { return Vector((Vector(2) << x, y).finished()); };
  struct Expected {
    std::size_t network;
    Index k;
    Vector stable, unstable;  // a state of each, to 8 digits
    double stable_modulus;
    double multipliers[2];  // of the unstable one
  };
  for (const auto& expected : {Expected{2,
                                        16,
                                        pair(1.72588889, -0.36524960),
                                        pair(1.50406815, -0.07615264),
                                        0.51890,
                                        {1.610218, 0.237158}},
                               Expected{3,
                                        27,
                                        pair(3.95083565, 4.16165465),
                                        pair(1.92366763, -2.73664552),
                                        0.69317,
                                        {1.131958, 0.458441}}}) {
    const Map_ map = networks[expected.network].map();
    const auto found = find_piecewise_linear_cycles(map, expected.k);
    expect_consistent(map, found, expected.k);
    EXPECT_FALSE(found.exhaustive);
    ASSERT_EQ(found.cycles.size(), 2U);
    EXPECT_TRUE(found.cycles[0].stable);
    EXPECT_LE(distance_to(found.cycles[0], expected.stable), 2e-8);
    EXPECT_NEAR(std::abs(found.cycles[0].multipliers(0)), expected.stable_modulus, 1e-5);
    EXPECT_FALSE(found.cycles[1].stable);
    EXPECT_LE(distance_to(found.cycles[1], expected.unstable), 2e-8);
    EXPECT_NEAR(found.cycles[1].multipliers(0).real(), expected.multipliers[0], 1e-6);
    EXPECT_NEAR(found.cycles[1].multipliers(1).real(), expected.multipliers[1], 1e-6);
    for (const auto& cycle : found.cycles) EXPECT_LE(cycle.residual, 1e-14);
  }
}

TEST(PiecewiseLinearCycles, OfScyfisNetworksAreNoneOfTwoToNineWithProof) {
  for (const ScyfiCase& network : scyfi_cases()) {
    const auto points = find_piecewise_linear_cycles(network.map(), 1);
    EXPECT_TRUE(points.complete);
    ASSERT_EQ(points.cycles.size(), 1U);
    EXPECT_LE((points.cycles[0].states.col(0) - network.point).norm(), 1e-8);
    for (Index k = 2; k <= 9; ++k) {
      const auto found = find_piecewise_linear_cycles(network.map(), k);
      EXPECT_TRUE(found.complete);
      EXPECT_TRUE(found.cycles.empty());
    }
  }
}

TEST(PiecewiseLinearCycles, OfScyfisNetworksNoSearchFindsAnyOfTenToFifteen) {
  for (const ScyfiCase& network : scyfi_cases()) {
    for (Index k = 10; k <= 15; ++k) {
      const auto found =
          find_piecewise_linear_cycles(network.map(), k, {.exhaustive_bits = 0, .attempts = 128});
      EXPECT_TRUE(found.cycles.empty());
      EXPECT_FALSE(found.complete);
    }
  }
}

TEST(PiecewiseLinearCycles, OfTheTentAreAsManyAsItsNecklaces) {
  // sum over d | k of mu(d) 2^(k / d) / k aperiodic words, each with one cycle; multiplier +-2^k.
  const std::vector<std::size_t> counts = {2, 1, 2, 3, 6, 9, 18, 30, 56, 99, 186, 335};
  for (Index k = 1; k <= 12; ++k) {
    const auto found = find_piecewise_linear_cycles(tent(), k);
    expect_consistent(tent(), found, k);
    EXPECT_TRUE(found.complete);
    EXPECT_EQ(found.cycles.size(), counts[static_cast<std::size_t>(k - 1)]) << "period " << k;
    for (const auto& cycle : found.cycles) {
      EXPECT_EQ(std::abs(cycle.multipliers(0)), std::pow(2, k));
      EXPECT_LE(cycle.states.cwiseAbs().maxCoeff(), 1);
    }
  }
}

TEST(PiecewiseLinearCycles, WithMultipliersBeyondOneOverEpsilonAreExactToRounding) {
  // 2^80: the composed map has no correct digit of its fixed point left. On [-1, 1] the cycle of a
  // word is x_0 = sum_t of +-2^-(t + 1) over the backward orbit, which contracts: the slow twin.
  const Index k = 80;
  const auto found = find_piecewise_linear_cycles(tent(), k, {.attempts = 64});
  expect_consistent(tent(), found, k);
  EXPECT_GE(found.cycles.size(),
            21U);  // every third attempt is a random word, and each has a cycle
  for (const auto& cycle : found.cycles) {
    EXPECT_EQ(std::abs(cycle.multipliers(0)), std::pow(2, k));
    double x = 0;  // backward around the cycle: x = +-(1 - F(x)) / 2
    for (Index t = 2 * k - 1; t >= 0; --t) {
      const bool right = cycle.regions[static_cast<std::size_t>(t % k)][0];
      x = (right ? 1 : -1) * (1 - x) / 2;
    }
    EXPECT_NEAR(cycle.states(0, 0), x, 1e-15);
  }
}

TEST(PiecewiseLinearCycles, ExhaustiveSetIsThatOfComposedMapsInAllSequences) {
  std::size_t total = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const Index n = 3, k = 4;
    // x' = W |x| + h folds space, and has many cycles.
    const Map_ map = Map_::plrnn(Vector::Zero(n), random_matrix(n, n, 1.0, seed),
                                 random_matrix(n, 1, 1.0, seed + 50), -1.0);
    const auto found = find_piecewise_linear_cycles(map, k);
    expect_consistent(map, found, k);
    EXPECT_TRUE(found.complete);
    // Every word of 4 regions by the composed map; each cycle appears once for each phase.
    std::size_t phases = 0;
    for (std::uint32_t word = 0; word < 4096; ++word) {
      Matrix J = Matrix::Identity(n, n);
      Vector d = Vector::Zero(n);
      std::vector<Region> regions;
      for (Index t = 0; t < k; ++t) {
        Region region;
        for (Index i = 0; i < n; ++i) region.push_back(((word >> (3 * t + i)) & 1U) != 0);
        const AffinePiece piece = map.piece(region);
        J = piece.J * J;
        d = piece.J * d + piece.d;
        regions.push_back(region);
      }
      Matrix X(n, k + 1);
      X.col(0) = (Matrix::Identity(n, n) - J).fullPivLu().solve(d);
      bool visits = true;
      for (Index t = 0; t < k; ++t) {
        visits = visits && map.region(X.col(t)) == regions[static_cast<std::size_t>(t)];
        map.step(X.col(t), X.col(t + 1));
      }
      if (!visits || (X.col(2) - X.col(0)).norm() < 1e-9) continue;
      ++phases;
      bool known = false;
      for (const auto& cycle : found.cycles) known |= distance_to(cycle, X.col(0)) < 1e-9;
      EXPECT_TRUE(known) << "seed " << seed << " word " << word;
    }
    EXPECT_EQ(phases, 4 * found.cycles.size()) << "seed " << seed;
    total += found.cycles.size();
  }
  EXPECT_GT(total, 3U);
}

TEST(PiecewiseLinearCycles, OfASearchAreThoseOfAllSequences) {
  const Map_ map = tent();
  const auto all = find_piecewise_linear_cycles(map, 7);
  const auto some = find_piecewise_linear_cycles(map, 7, {.exhaustive_bits = 0, .attempts = 400});
  expect_consistent(map, some, 7);
  EXPECT_FALSE(some.complete);
  EXPECT_EQ(some.cycles.size(), all.cycles.size());  // 18 of them in 400 attempts
  for (const auto& cycle : some.cycles) {
    double nearest = 1;
    for (const auto& other : all.cycles) {
      nearest = std::min(nearest, distance_to(other, cycle.states.col(0)));
    }
    EXPECT_LE(nearest, 1e-15);
  }
}

TEST(PiecewiseLinearCycles, OfTwoUncoupledNetworksAreProductsOfTheirs) {
  // Two copies of the network with the 16-cycles: at each of 16 phases one with another, 64, and
  // each with the fixed point of the other, 4.
  const Map_ one = scyfi_cases()[2].map();
  Matrix A = Matrix::Zero(4, 4), B = A;
  A.topLeftCorner(2, 2) = A.bottomRightCorner(2, 2) = one.A();
  B.topLeftCorner(2, 2) = B.bottomRightCorner(2, 2) = one.B();
  Vector e(4);
  e << one.e(), one.e();
  const Map_ map(A, B, Matrix::Identity(4, 4), Vector::Zero(4), e);
  const auto found = find_piecewise_linear_cycles(map, 16);
  expect_consistent(map, found, 16);
  EXPECT_LE(found.cycles.size(), 68U);
  EXPECT_GE(found.cycles.size(), 60U);
  const auto single = find_piecewise_linear_cycles(one, 16);
  const Vector point = scyfi_cases()[2].point;
  for (const auto& cycle : found.cycles) {
    for (const Index half : {0, 2}) {
      const Vector x = cycle.states.col(0).segment(half, 2);
      EXPECT_LE(std::min({(x - point).norm(), distance_to(single.cycles[0], x),
                          distance_to(single.cycles[1], x)}),
                1e-8);
    }
  }
}

TEST(PiecewiseLinearCycles, ThroughAKinkAreOne) {
  // x' = 1 - a |x| with the golden ratio a: 0 -> 1 -> 1 - a -> 1 - a (a - 1) = 0.
  const auto found = find_piecewise_linear_cycles(tent(std::numbers::phi), 3);
  expect_consistent(tent(std::numbers::phi), found, 3);
  ASSERT_EQ(found.cycles.size(), 1U);
  EXPECT_TRUE(found.cycles[0].on_border);
  EXPECT_LE(distance_to(found.cycles[0], Vector::Zero(1)), 1e-15);
  EXPECT_GE(found.cycles[0].hits, 2);
}

TEST(PiecewiseLinearCycles, OfAQuarterTurnAreUndecidedWhereAllPointsAreCycles) {
  const Matrix turn = (Matrix(2, 2) << 0, -1, 1, 0).finished();
  const Map_ map = Map_::vanilla(turn, Vector::Ones(2), 1.0);  // affine
  for (Index k = 2; k <= 5; ++k) {
    const auto found = find_piecewise_linear_cycles(map, k);
    EXPECT_TRUE(found.cycles.empty());
    EXPECT_EQ(found.complete, k != 4);
    EXPECT_EQ(found.undecided > 0, k == 4);
  }
}

TEST(PiecewiseLinearCycles, WithoutAKinkAreNone) {
  const Map_ map(Matrix::Constant(1, 1, -0.5), Matrix(1, 0), Matrix(0, 1), Vector(0),
                 Vector::Ones(1));
  EXPECT_EQ(find_piecewise_linear_cycles(map, 1).cycles.size(), 1U);
  const auto found = find_piecewise_linear_cycles(map, 12);
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.sequences, 1U);
  EXPECT_TRUE(found.cycles.empty());
}

TEST(PiecewiseLinearCycles, SurviveMapsThatOverflow) {
  const Map_ map = Map_::vanilla(Matrix::Constant(4, 4, 1e200), Vector::Ones(4));
  EXPECT_TRUE(find_piecewise_linear_cycles(map, 8, {.attempts = 20}).cycles.empty());
  EXPECT_TRUE(find_piecewise_linear_cycles(map, 3).cycles.empty());
}

TEST(PiecewiseLinearCycles, AreTheSameOnTwoThreads) {
  const Map_ map = scyfi_cases()[2].map();
  for (const Index k : {Index{8}, Index{16}}) {
    const auto one = find_piecewise_linear_cycles(map, k, {.attempts = 100});
    const auto two = find_piecewise_linear_cycles(map, k, {.attempts = 100, .threads = {2}});
    EXPECT_EQ(one.sequences, two.sequences);
    ASSERT_EQ(one.cycles.size(), two.cycles.size());
    for (std::size_t c = 0; c < one.cycles.size(); ++c) {
      EXPECT_EQ(one.cycles[c].states, two.cycles[c].states);
      EXPECT_EQ(one.cycles[c].hits, two.cycles[c].hits);
    }
  }
}

TEST(PiecewiseLinearCycles, StopWhenAskedTo) {
  const Map_ map = scyfi_cases()[2].map();
  double last = 0;
  const auto found = find_piecewise_linear_cycles(map, 16, {.progress = [&](double done) {
                                                    EXPECT_GE(done, last);
                                                    last = done;
                                                    return done < 0.2;
                                                  }});
  EXPECT_TRUE(found.cancelled);
  EXPECT_FALSE(found.complete);
  EXPECT_LE(last, 0.25);
  const auto all =
      find_piecewise_linear_cycles(map, 9, {.progress = [](double done) { return done < 0.5; }});
  EXPECT_TRUE(all.cancelled);
  EXPECT_FALSE(all.complete);
  EXPECT_LT(all.sequences, 29144U);  // necklaces of 9 beads in 4 colors
}

TEST(PiecewiseLinearCycles, RefuseWhatCannotBe) {
  const Map_ map = scyfi_cases()[0].map();
  EXPECT_THROW(find_piecewise_linear_cycles(map, 0), std::invalid_argument);
  EXPECT_THROW(find_piecewise_linear_cycles(map, 2, {.exhaustive_bits = 25}),
               std::invalid_argument);
  EXPECT_THROW(find_piecewise_linear_cycles(map, 2, {.max_moves = 0}), std::invalid_argument);
  EXPECT_THROW(find_piecewise_linear_cycles(map, 2, {.starts = Matrix::Zero(3, 1)}),
               std::invalid_argument);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(find_piecewise_linear_cycles(map, 2, {.starts = Matrix::Constant(2, 1, nan)}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
