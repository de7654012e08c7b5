// SPDX-License-Identifier: Apache-2.0
// DSA as a metric of compare and compare_all.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/representation/similarity/compare_all.hpp"
#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

/// Trials of x' = A x, A a rotation by `angle` times `radius` in a plane, seen by n units.
std::vector<Matrix> spirals(double angle, double radius, Index units, std::uint64_t seed,
                            Index steps = 60, Index count = 3) {
  const Matrix seen = random_matrix(units, 2, seed);
  std::vector<Matrix> trials;
  for (Index b = 0; b < count; ++b) {
    Matrix states(2, steps);
    states.col(0) = random_matrix(2, 1, 100 * seed + static_cast<std::uint64_t>(b));
    for (Index t = 1; t < steps; ++t) {
      const double x = states(0, t - 1), y = states(1, t - 1);
      states.col(t) << radius * (std::cos(angle) * x - std::sin(angle) * y),
          radius * (std::sin(angle) * x + std::cos(angle) * y);
    }
    trials.emplace_back(seen * states);
  }
  return trials;
}

const SimilarityOptions planar = {.dsa = {.dmd = {.delays = 3, .rank = 2}}};

TEST(DsaMetric, OfTwoSpiralsIsTheAngleOfTheirMatrices) {
  // Normal A: r (cos a, -sin a; sin a, cos a); cosine of the angle between two of them is
  // cos(a - b), and over all C cos(|a| - |b|). Whitened coordinates keep a normal matrix normal up
  // to the ellipse of the data, so the trials are long and of radius 1.
  const auto X = spirals(0.3, 1, 5, 1, 420), Y = spirals(0.5, 1, 7, 2, 420);
  const Similarity found = compare(X, Y, "dsa", planar);
  EXPECT_NEAR(found.distance, 0.2, 2e-3);
  EXPECT_NEAR(found.score, std::cos(found.distance), 1e-15);
  EXPECT_LT(found.gap, 1e-3);
  EXPECT_GE(found.gap, 0);
  EXPECT_EQ(found.dim_x, 2);
  ASSERT_TRUE(found.alignment.has_value());
  EXPECT_EQ(found.alignment->angle, found.distance);
}

TEST(DsaMetric, IsDsaOfCenteredTrials) {
  const auto X = spirals(0.3, 0.97, 4, 3), Y = spirals(0.7, 0.99, 6, 4);
  DsaOptions options{.dmd = {.delays = 4, .rank = 3, .ridge = 1e-6, .center = true},
                     .alignment = {}};
  const double expected = dsa(X, Y, options).alignment.angle;
  options.dmd.center = false;
  const Similarity there = compare(X, Y, "dsa", {.dsa = options});
  const Similarity back = compare(Y, X, "dsa", {.dsa = options});
  EXPECT_NEAR(there.distance, expected, 1e-9);
  // One search, whichever comes first.
  EXPECT_EQ(there.distance, back.distance);
  EXPECT_EQ(there.alignment->C, Matrix(back.alignment->C.transpose()));
  EXPECT_EQ(there.alignment->bounds.departure_A, back.alignment->bounds.departure_B);
}

TEST(DsaMetric, SeesTrialsAndTheirOrderInTime) {
  const auto X = spirals(0.3, 0.98, 4, 5), Y = spirals(0.3, 0.98, 6, 6);
  EXPECT_LT(compare(X, Y, "dsa", planar).distance, 0.1);
  // Joined without telling where trials end, steps lead from one to the next.
  Matrix joined(4, 180);
  joined << X[0], X[1], X[2];
  const auto one_side = [&](std::span<const Matrix> trials) {
    return compare(trials, Y, "dsa", planar).distance;
  };
  EXPECT_GT(std::abs(one_side(X) - one_side(std::vector<Matrix>{joined})), 1e-4);
  // Any numbers and lengths of trials: dynamics are no samples.
  const auto more = spirals(0.3, 0.98, 6, 6, 80, 5);
  EXPECT_LT(compare(X, more, "dsa", planar).distance, 0.1);
  EXPECT_THROW((void)compare(X, more, "cca"), std::invalid_argument);
}

TEST(DsaMetric, OfRotationsAloneIsNotSmaller) {
  const auto X = spirals(0.3, 0.98, 4, 7), Y = spirals(0.5, 0.9, 4, 8);
  SimilarityOptions rotations = planar;
  rotations.dsa.alignment.group = AlignmentGroup::rotations;
  const double all = compare(X, Y, "dsa", planar).distance;
  const Similarity found = compare(X, Y, "dsa", rotations);
  EXPECT_GE(found.distance, all - 1e-12);
  for (const AlignmentAttempt& attempt : found.alignment->attempts) {
    EXPECT_EQ(attempt.determinant, 1);
  }
}

TEST(DsaMetric, ObjectsToUnequalRanksUnlessPadded) {
  const auto X = spirals(0.3, 0.98, 4, 9), Y = spirals(0.5, 0.9, 4, 10);
  std::vector<Matrix> line(1, Matrix::Zero(1, 40));
  for (Index t = 0; t < 40; ++t) line[0](0, t) = t % 2 == 0 ? 1 : -1;
  SimilarityOptions options = planar;
  options.dsa.dmd.delays = 1;
  EXPECT_THROW((void)compare(X, line, "dsa", options), std::invalid_argument);
  options.dsa.alignment.pad = true;
  // A = -1, padded, beside B: cos = -u' B u, at most what the symmetric part of B allows.
  const Similarity found = compare(X, line, "dsa", options);
  EXPECT_TRUE(found.distance > 0 && found.distance <= std::numbers::pi);
  EXPECT_EQ(found.dim_y, 1);
}

/// All trials of each network, one after the other.
Population population(const std::vector<std::vector<Matrix>>& networks) {
  Population all;
  all.samples = 180;
  all.trials = {60, 60, 60};
  for (const auto& trials : networks) all.units.push_back(trials.front().rows());
  all.data = [&networks](Index i) {
    const auto& trials = networks[static_cast<std::size_t>(i)];
    Matrix joined(trials.front().rows(), 180);
    joined << trials[0], trials[1], trials[2];
    return joined;
  };
  return all;
}

TEST(DsaMetric, OfAllPairsIsThatOfEachWithItsBound) {
  std::vector<std::vector<Matrix>> networks;
  for (std::uint64_t i = 0; i < 5; ++i) {
    networks.push_back(
        spirals(0.2 + 0.1 * static_cast<double>(i), 0.98, 3 + static_cast<Index>(i), 20 + i));
  }
  const Population all = population(networks);
  PopulationOptions options{.similarity = planar, .threads = {1}};
  const PopulationDistances found = compare_all(all, "dsa", options);
  for (Index i = 0; i < 5; ++i) {
    for (Index j = 0; j < 5; ++j) {
      if (i == j) continue;
      const Similarity one = compare(networks[static_cast<std::size_t>(i)],
                                     networks[static_cast<std::size_t>(j)], "dsa", planar);
      EXPECT_EQ(found.distances(i, j), one.distance);
      EXPECT_EQ(found.bounds(i, j), one.distance - one.gap);
      EXPECT_LE(found.bounds(i, j), found.distances(i, j));
    }
  }
  options.threads = {2};
  EXPECT_EQ(compare_all(all, "dsa", options).distances, found.distances);
  EXPECT_EQ(compare_all(all, "cka").bounds.size(), 0);
}

TEST(DsaMetric, TellsWhatDoesNotFit) {
  std::vector<std::vector<Matrix>> networks = {spirals(0.2, 1, 3, 1), spirals(0.3, 1, 3, 2)};
  Population all = population(networks);
  all.trials = {60, 60};
  EXPECT_THROW((void)compare_all(all, "dsa"), std::invalid_argument);
  all.trials = {172, 8};  // shorter than ten delays
  EXPECT_THROW((void)compare_all(all, "dsa"), std::invalid_argument);
  networks[1][0].setConstant(2), networks[1][1].setConstant(2), networks[1][2].setConstant(2);
  all.trials = {60, 60, 60};
  const Matrix D = compare_all(all, "dsa", {.similarity = planar}).distances;
  EXPECT_TRUE(std::isnan(D(0, 1)));
  EXPECT_TRUE(std::isnan(D(1, 1)));
  EXPECT_EQ(D(0, 0), 0);
}

}  // namespace
}  // namespace nullcline::representation
