// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/clustering.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "nullcline/representation/detail/distances.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using detail::euclidean_distances;
using testing::random_matrix;
using Labels = std::vector<Index>;

Matrix on_a_line(std::initializer_list<double> places) {
  Matrix X(1, static_cast<Index>(places.size()));
  std::copy(places.begin(), places.end(), X.data());
  return euclidean_distances(X);
}

TEST(Silhouette, OfFourPointsOnALineIsThatByHand) {
  // a = 1, b = (10 + 12) / 2 for the outer ones, (9 + 11) / 2 or so for the inner ones.
  const Silhouette result = silhouette(on_a_line({0, 1, 10, 12}), Labels{7, 7, -2, -2});
  const Vector known{{(11 - 1.0) / 11, (10 - 1.0) / 10, (9.5 - 2) / 9.5, (11.5 - 2) / 11.5}};
  EXPECT_LT((result.values - known).cwiseAbs().maxCoeff(), 1e-15);
  EXPECT_NEAR(result.mean, known.mean(), 1e-15);
  EXPECT_EQ(result.classes, (Labels{-2, 7}));
  EXPECT_NEAR(result.class_means(0), known.tail(2).mean(), 1e-15);
}

TEST(Silhouette, OfAnObjectAloneInItsClassOrOfCopiesIsZero) {
  const Silhouette result = silhouette(on_a_line({0, 1, 5, 5}), Labels{1, 1, 2, 3});
  EXPECT_EQ(result.values(2), 0);
  EXPECT_EQ(silhouette(Matrix::Zero(4, 4), Labels{0, 0, 1, 1}).mean, 0);
}

TEST(Permanova, OfEuclideanDistancesInOneDimensionIsTheFOfAnova) {
  // Groups (1, 2, 3), (2, 3, 4), (6, 7, 8): SS_within = 6, SS_between = 42, F = 21.
  const Permanova result =
      permanova(on_a_line({1, 2, 3, 2, 3, 4, 6, 7, 8}), Labels{0, 0, 0, 1, 1, 1, 2, 2, 2});
  EXPECT_NEAR(result.pseudo_f, 21, 1e-12);
  EXPECT_NEAR(result.within, 6, 1e-13);
  EXPECT_NEAR(result.total, 48, 1e-13);
  EXPECT_NEAR(result.r_squared, 42.0 / 48, 1e-14);
  EXPECT_EQ(result.degrees_between, 2);
  EXPECT_EQ(result.degrees_within, 6);
}

TEST(Permanova, PValueTendsToThePartOfAllPermutations) {
  // Of the 20 ways to choose three of six, two (0 1 2 against the rest, and the reverse) are as
  // good: p = 0.1.
  const Matrix D = on_a_line({0, 1, 2, 10, 11, 12});
  const Labels labels = {0, 0, 0, 1, 1, 1};
  const Index m = 9999;
  const Permanova result = permanova(D, labels, {.permutations = m});
  EXPECT_NEAR(result.p_value, 0.1, 4 * std::sqrt(0.1 * 0.9 / static_cast<double>(m)));
  EXPECT_EQ(permanova(D, labels, {.permutations = 0}).p_value, 1);
  EXPECT_EQ(permanova(D, labels, {.seed = 3}).p_value, permanova(D, labels, {.seed = 3}).p_value);
}

TEST(Permanova, PermutesWithinStrataAlone) {
  // Two objects a stratum, one of each class: 2^3 permutations, two of which are as good.
  const Matrix D = on_a_line({0, 1, 2, 10, 11, 12});
  const Labels labels = {0, 0, 0, 1, 1, 1}, strata = {0, 1, 2, 0, 1, 2};
  const Permanova result = permanova(D, labels, {.permutations = 9999, .strata = strata});
  EXPECT_NEAR(result.p_value, 0.25, 4 * std::sqrt(0.25 * 0.75 / 9999));
  const Permanova none = permanova(D, labels, {.permutations = 99, .strata = labels});
  EXPECT_EQ(none.p_value, 1);
}

TEST(Permanova, OfClassesWithoutSpreadIsInfinite) {
  const Permanova result = permanova(on_a_line({0, 0, 3, 3}), Labels{0, 0, 1, 1});
  EXPECT_TRUE(std::isinf(result.pseudo_f));
  EXPECT_EQ(result.r_squared, 1);
  EXPECT_EQ(permanova(Matrix::Zero(4, 4), Labels{0, 0, 1, 1}).pseudo_f, 0);
}

TEST(Permanova, PValuesOfNoiseAreUniform) {
  // The mean of n uniform p-values has standard deviation 1 / sqrt(12 n).
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Matrix D = euclidean_distances(random_matrix(3, 12, seed));
    sum +=
        permanova(D, Labels{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}, {.permutations = 99, .seed = seed})
            .p_value;
  }
  EXPECT_NEAR(sum / 200, 0.5, 4 / std::sqrt(12 * 200.0));
}

TEST(NeighborAccuracy, CountsTheObjectsWhoseNearestIsOfTheirClass) {
  const Matrix D = on_a_line({0, 1, 2.5, 3, 10, 10.5});
  const NeighborAccuracy result = neighbor_accuracy(D, Labels{0, 0, 0, 1, 1, 1});
  EXPECT_EQ(result.credits, (Vector{{1, 1, 0, 0, 1, 1}}));
  EXPECT_NEAR(result.accuracy, 4.0 / 6, 1e-15);
  const NeighborAccuracy three = neighbor_accuracy(D, Labels{0, 0, 0, 1, 1, 1}, {.neighbors = 3});
  EXPECT_EQ(three.credits, (Vector{{1, 1, 1, 0, 1, 1}}));
}

TEST(NeighborAccuracy, SharesTies) {
  // The middle one has two nearest, of different classes: half a vote each, and half a credit.
  const NeighborAccuracy result = neighbor_accuracy(on_a_line({-1, 0, 1}), Labels{0, 0, 1});
  EXPECT_EQ(result.credits, (Vector{{1, 0.5, 0}}));
  EXPECT_NEAR(result.balanced_accuracy, 0.375, 1e-15);
}

TEST(NeighborAccuracy, ChanceIsThatOfPermutedLabels) {
  // Given its label, the nearest other object has the same with probability (5 - 1) / (10 - 1).
  const Matrix D = euclidean_distances(random_matrix(2, 10, 5));
  const Index m = 4000;
  const NeighborAccuracy result = neighbor_accuracy(D, Labels{0, 0, 0, 0, 0, 1, 1, 1, 1, 1},
                                                    {.permutation = {.permutations = m}});
  EXPECT_NEAR(result.chance, 4.0 / 9,
              4 * result.chance_deviation / std::sqrt(static_cast<double>(m)));
  EXPECT_GT(result.chance_deviation, 0);
}

TEST(Clustering, PermutationsThatAreStoppedAreThoseMadeUntilThen) {
  const Matrix D = euclidean_distances(random_matrix(2, 10, 5));
  const Labels labels{0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  const auto stop = [](double fraction) { return fraction < 0.5; };
  const Permanova stopped = permanova(D, labels, {.permutations = 128, .progress = stop});
  EXPECT_TRUE(stopped.cancelled);
  const Permanova half = permanova(D, labels, {.permutations = 64});
  EXPECT_FALSE(half.cancelled);
  EXPECT_EQ(stopped.p_value, half.p_value);
  const auto few = neighbor_accuracy(D, labels, {.permutation = {.permutations = 64}});
  const auto cut =
      neighbor_accuracy(D, labels, {.permutation = {.permutations = 128, .progress = stop}});
  EXPECT_TRUE(cut.cancelled);
  EXPECT_EQ(cut.chance, few.chance);
}

TEST(Clustering, RefusesWhatDoesNotFit) {
  const Matrix D = on_a_line({0, 1, 2});
  EXPECT_THROW((void)silhouette(D, Labels{0, 1}), std::invalid_argument);
  EXPECT_THROW((void)silhouette(D, Labels{1, 1, 1}), std::invalid_argument);
  EXPECT_THROW((void)permanova(D, Labels{0, 1, 2}), std::invalid_argument);
  EXPECT_THROW((void)permanova(D, Labels{0, 1, 1}, {.permutations = -1}), std::invalid_argument);
  const Labels strata = {0, 1};
  EXPECT_THROW((void)permanova(D, Labels{0, 1, 1}, {.strata = strata}), std::invalid_argument);
  EXPECT_THROW((void)neighbor_accuracy(D, Labels{0, 1, 1}, {.neighbors = 3}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
