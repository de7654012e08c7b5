// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/cycles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "nullcline/dynamics/cycles/cycle_starts.hpp"
#include "nullcline/dynamics/cycles/iterated_map.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

AnalyticMap logistic_map(double r) {
  return scalar_map([=](double x) { return r * x * (1 - x); },
                    [=](double x) { return r * (1 - 2 * x); }, [=](double) { return -2 * r; });
}

Matrix line(Index count) { return Vector::LinSpaced(count, 0.01, 0.99).transpose(); }

/// What must hold of every result.
void expect_consistent(const Map& map, const Cycles& found, std::size_t starts) {
  ASSERT_EQ(found.status.size(), starts);
  ASSERT_EQ(found.cycle_of_start.size(), starts);
  for (std::size_t c = 0; c < found.cycles.size(); ++c) {
    const Cycle& cycle = found.cycles[c];
    ASSERT_EQ(cycle.states.cols(), cycle.period);
    Matrix F(map.dim(), cycle.period);
    map.step(cycle.states, F);
    for (Index i = 0; i < cycle.period; ++i) {
      EXPECT_LE((F.col(i) - cycle.states.col((i + 1) % cycle.period)).norm(), 1e-12);
      for (Index j = 0; j < i; ++j)
        EXPECT_GT((cycle.states.col(i) - cycle.states.col(j)).norm(), 0);
    }
    EXPECT_EQ(cycle.multiplicity, static_cast<Index>(cycle.starts.size()));
    for (const Index k : cycle.starts) {
      EXPECT_EQ(found.cycle_of_start[static_cast<std::size_t>(k)], static_cast<Index>(c));
    }
  }
  for (std::size_t k = 0; k < starts; ++k) {
    EXPECT_EQ(found.cycle_of_start[k] >= 0, is_cycle(found.status[k]));
  }
}

TEST(Cycles, OfPeriodTwoOfTheLogisticMapHaveTheClosedForm) {
  const double r = 3.3;
  const AnalyticMap map = logistic_map(r);
  const Cycles found = find_cycles(map, 2, line(20));
  expect_consistent(map, found, 20);
  ASSERT_EQ(found.cycles.size(), 1u);
  const double root = std::sqrt((r - 3) * (r + 1));
  EXPECT_NEAR(found.cycles[0].states(0, 0), (r + 1 - root) / (2 * r), 1e-14);
  EXPECT_NEAR(found.cycles[0].states(0, 1), (r + 1 + root) / (2 * r), 1e-14);
  EXPECT_NEAR(found.cycles[0].multipliers(0).real(), 4 + 2 * r - r * r, 1e-13);
  EXPECT_EQ(found.cycles[0].stability, Stability::stable);
}

TEST(Cycles, OfPeriodThreeOfTheLogisticMapAtItsTangentBifurcation) {
  // ground_truth: {.1599288, .5143553, .9563178} is the cycle, 0 and .7387961 are fixed points.
  // The two cycles of period 3 coincide, so that the multiplier is 1 and states are known to
  // about sqrt(eps) only.
  const AnalyticMap map = logistic_map(1 + std::sqrt(8.0));
  const Cycles found = find_cycles(map, 3, line(40), {.tolerance = 1e-14});
  ASSERT_GE(found.cycles.size(), 1u);
  const Cycle& cycle = found.cycles[0];
  EXPECT_NEAR(cycle.states(0, 0), 0.1599288, 1e-6);
  EXPECT_NEAR(cycle.states(0, 1), 0.5143553, 1e-6);
  EXPECT_NEAR(cycle.states(0, 2), 0.9563178, 1e-6);
  EXPECT_NEAR(cycle.multipliers(0).real(), 1, 1e-5);
  for (const Cycle& other : found.cycles) {
    EXPECT_LE((other.states - cycle.states).norm(), 1e-5);  // none other, at the most a twin
  }
}

TEST(Cycles, OfTheLogisticMapAtFourAreAsManyAsTheNecklaceFormulaSays) {
  // x = sin^2(pi t / 2) conjugates it to the tent map, 2^n fixed points of F^n; all multipliers are
  // 2^n in modulus.
  const AnalyticMap map = logistic_map(4);
  const std::vector<std::size_t> orbits = {2, 1, 2, 3, 6, 9};
  for (Index n = 1; n <= 6; ++n) {
    const Cycles found = find_cycles(map, n, line(400));
    expect_consistent(map, found, 400);
    EXPECT_EQ(found.cycles.size(), orbits[static_cast<std::size_t>(n - 1)]) << "period " << n;
    for (const Cycle& cycle : found.cycles) {
      const bool at_the_end = n == 1 && std::abs(cycle.states(0, 0)) < 1e-9;  // x = 0 has 4
      EXPECT_NEAR(std::abs(cycle.multipliers(0)), at_the_end ? 4 : std::pow(2, n), 1e-9);
      EXPECT_EQ(cycle.stability, Stability::repelling);
    }
  }
}

TEST(Cycles, OfTheHenonMapAreAsManyAsBihamAndWenzelCount) {
  // Biham & Wenzel 1989, "Characterization of unstable periodic orbits in chaotic attractors and
  // repellers": a = 1.4, b = .3, periods 1 .. 8.
  const AnalyticMap map = henon_map();
  const Vector start = orbit_of(map, Vector::Zero(2), 100).col(99);
  const Matrix orbit = orbit_of(map, start, 4000);
  const auto guesses = draw_cycle_starts(
      orbit, {.min_period = 1, .max_period = 8, .recurrences = 100, .shuffled = 100, .seed = 1});
  const Cycles found = find_cycles(map, guesses);
  expect_consistent(map, found, guesses.size());
  std::vector<Index> count(9, 0);
  for (const Cycle& cycle : found.cycles) {
    ++count[static_cast<std::size_t>(cycle.period)];
    // The product of the multipliers is det DF^k = (-b)^k.
    EXPECT_NEAR(std::abs(cycle.multipliers.prod() / std::pow(-0.3, cycle.period)), 1, 1e-9);
    EXPECT_EQ(cycle.stability, Stability::saddle);
  }
  EXPECT_EQ(count, (std::vector<Index>{0, 2, 1, 0, 1, 0, 2, 4, 7}));
}

TEST(Cycles, ThatAreLongAndUnstableConverge) {
  // A pseudo-orbit of 100 steps of the logistic map at r = 4 whose multiplier is 2^100: F^100 has
  // no digit left. Starts are exact to 1e-3, from the conjugacy with the tent map at t = 2 m /
  // (2^n+1).
  const AnalyticMap map = logistic_map(4);
  const Index k = 100;
  Matrix guess(1, k);
  double t = 0.37;
  for (Index i = 0; i < k; ++i) {
    const double s = std::sin(std::numbers::pi * t / 2);
    guess(0, i) = s * s + 1e-3 * std::cos(static_cast<double>(i));
    t = t < 0.5 ? 2 * t : 2 - 2 * t;
    if (t == 0 || t == 1) t = 0.37;  // the tent map runs out of bits
  }
  const std::vector<Matrix> guesses = {guess};
  const Cycles found = find_cycles(map, guesses);
  ASSERT_EQ(found.status[0], CycleStatus::cycle);
  const Cycle& cycle = found.cycles[0];
  EXPECT_LE(cycle.residual, 1e-13);
  EXPECT_NEAR(std::log2(std::abs(cycle.multipliers(0))), 100, 1e-8);
}

TEST(Cycles, OfTanhTurnedByARightAngleHaveTheClosedForm) {
  // (x, y) -> (-tanh g y, tanh g x): a = tanh g a; (a, a) is a stable 4-cycle with multipliers s^4,
  // s = g (1 - a^2), (a, 0) a saddle one with s^2 g^2.
  const double g = 1.5, a = 0.858559636640, s = 0.394313025499;  // ground_truth 5.1, w = 1.5
  Matrix turn(2, 2);
  turn << 0, -1, 1, 0;
  const AnalyticMap map = tanh_map(Matrix::Identity(2, 2), (g * turn).transpose(), Vector::Zero(2));
  const Cycles found = find_cycles(map, 4, random_matrix(2, 60, 0.7, 3));
  expect_consistent(map, found, 60);
  Index stable = 0, saddles = 0;
  for (const Cycle& cycle : found.cycles) {
    if (cycle.stability == Stability::stable) {
      ++stable;
      EXPECT_LE((cycle.states.cwiseAbs().array() - a).abs().maxCoeff(), 1e-11);
      for (const auto& mu : cycle.multipliers) EXPECT_NEAR(mu.real(), std::pow(s, 4), 1e-11);
    } else {
      ++saddles;
      EXPECT_EQ(cycle.stability, Stability::saddle);
      EXPECT_NEAR(cycle.multipliers(0).real(), std::pow(g, 4), 1e-9);
    }
  }
  EXPECT_EQ(stable, 1);
  EXPECT_GE(saddles, 1);
}

TEST(Cycles, OfARotationByARationalAngleAreNotIsolated) {
  const double angle = 2 * std::numbers::pi * 2 / 5;
  Matrix R(2, 2);
  R << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  const Cycles found = find_cycles(linear_map(R, Vector::Zero(2)), 5, random_matrix(2, 3, 1, 1));
  ASSERT_EQ(found.cycles.size(), 3u);
  for (const Cycle& cycle : found.cycles) {
    EXPECT_EQ(cycle.stability, Stability::marginal);
    EXPECT_GT(cycle.radius, 1e-3);
  }
}

TEST(Cycles, OfAContractionAreNone) {
  const Matrix A = 0.5 * Matrix::Identity(3, 3);
  const Cycles found = find_cycles(linear_map(A, Vector::Ones(3)), 6, random_matrix(3, 5, 1, 1));
  EXPECT_TRUE(found.cycles.empty());
  for (const auto status : found.status) EXPECT_EQ(status, CycleStatus::smaller_period);
}

TEST(Cycles, KeepTheSmallMultiplierOfALongCycle) {
  // det DF = -1e-3, so that the multipliers of a 20-cycle have the product 1e-60 while the larger
  // is about 1e6: of the product of the Jacobians, eps times that is all noise.
  const AnalyticMap map = henon_map(1.8, 1e-3);
  const Matrix orbit = orbit_of(map, orbit_of(map, Vector::Zero(2), 100).col(99), 3000);
  const auto guesses =
      draw_cycle_starts(orbit, {.min_period = 20, .max_period = 20, .recurrences = 20});
  const Cycles found = find_cycles(map, guesses);
  ASSERT_FALSE(found.cycles.empty());
  for (const Cycle& cycle : found.cycles) {
    const double log_product =
        std::log10(std::abs(cycle.multipliers(0))) + std::log10(std::abs(cycle.multipliers(1)));
    EXPECT_NEAR(log_product, -60, 1e-9);
  }
}

TEST(Cycles, OfAMapThatGivesNanEndInAStatus) {
  const CallableMap map(2, [](In<Vector> x) -> Vector { return x * std::nan(""); });
  const Cycles found = find_cycles(map, 3, random_matrix(2, 4, 1, 1));
  EXPECT_TRUE(found.cycles.empty());
  for (const auto status : found.status) EXPECT_EQ(status, CycleStatus::not_finite);
}

TEST(Cycles, SearchCanBeCancelled) {
  const Cycles found =
      find_cycles(logistic_map(4), 3, line(10), {.progress = [](double) { return false; }});
  EXPECT_EQ(std::count(found.status.begin(), found.status.end(), CycleStatus::cancelled), 9);
}

TEST(Cycles, AreTheSameForOneAndTwoThreads) {
  const AnalyticMap map = henon_map();
  const Matrix starts = random_matrix(2, 30, 0.5, 4);
  const Cycles one = find_cycles(map, 6, starts, {.threads = {1}});
  const Cycles two = find_cycles(map, 6, starts, {.threads = {2}});
  ASSERT_EQ(one.cycles.size(), two.cycles.size());
  EXPECT_EQ(one.status, two.status);
  for (std::size_t c = 0; c < one.cycles.size(); ++c) {
    EXPECT_EQ(one.cycles[c].states, two.cycles[c].states);
    EXPECT_EQ(one.cycles[c].multipliers, two.cycles[c].multipliers);
  }
}

TEST(Cycles, RefuseMisuse) {
  const AnalyticMap map = henon_map();
  EXPECT_THROW(find_cycles(map, 0, Matrix::Zero(2, 1)), std::invalid_argument);
  EXPECT_THROW(find_cycles(map, 2, Matrix::Zero(3, 1)), std::invalid_argument);
  EXPECT_THROW(find_cycles(map, 2, Matrix::Zero(2, 1), {.tolerance = 0}), std::invalid_argument);
  EXPECT_TRUE(find_cycles(map, 2, Matrix(2, 0)).cycles.empty());
  EXPECT_THROW(draw_cycle_starts(Matrix::Zero(2, 5), {.max_period = 5}), std::invalid_argument);
}

TEST(CycleStarts, AreTheNearestReturnsOfTheOrbit) {
  const Matrix orbit = (Matrix(1, 8) << 0, 5, 0.1, 7, 3, 7.01, 1, 9).finished();
  const auto guesses =
      draw_cycle_starts(orbit, {.min_period = 2, .max_period = 2, .recurrences = 2});
  ASSERT_EQ(guesses.size(), 2u);
  EXPECT_EQ(guesses[0], (Matrix(1, 2) << 7, 3).finished());
  EXPECT_EQ(guesses[1], (Matrix(1, 2) << 0, 5).finished());
}

}  // namespace
}  // namespace nullcline::dynamics
