// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/blocks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

TEST(BlockStatistics, OfASmallNetworkCanBeCountedByHand) {
  // Units 0, 1 are group 0, unit 2 is group 1; the loop of unit 2 does not count.
  const Matrix W{{0, 2, -3}, {0, 0, 1}, {4, 0, 7}};
  const Blocks found = block_statistics(W, {0, 0, 1});
  EXPECT_EQ(found.sizes, (std::vector<Index>{2, 1}));
  EXPECT_EQ(found.density(0, 0), 0.5);
  EXPECT_EQ(found.density(0, 1), 1);
  EXPECT_EQ(found.density(1, 0), 0.5);
  EXPECT_EQ(found.mean(0, 0), 1);
  EXPECT_EQ(found.mean(0, 1), -1);
  EXPECT_EQ(found.mean(1, 0), 2);
  EXPECT_EQ(found.strength(0, 1), 2);
  EXPECT_EQ(found.strength(1, 0), 4);
  EXPECT_TRUE(std::isnan(found.density(1, 1)));
  EXPECT_TRUE(std::isnan(found.strength(1, 1)));
  // m = 10, in (5, 1, 4), out (4, 2, 4); within group 0: 2. (2 - (6 * 6 + 4 * 4) / 10) / 10.
  EXPECT_NEAR(found.modularity, -0.32, 1e-15);
}

TEST(BlockStatistics, OfTwoSeparateGroupsOfOneSizeHasModularityOneHalf) {
  Matrix W = Matrix::Zero(12, 12);
  W.topLeftCorner(6, 6).setConstant(-1);
  W.bottomRightCorner(6, 6).setConstant(2);
  std::vector<Index> labels(12, 0);
  std::fill(labels.begin() + 6, labels.end(), 1);
  const Blocks found = block_statistics(W, labels);
  // Strengths are 30 and 60 of 90: 1 - (1/9 + 4/9).
  EXPECT_NEAR(found.modularity, 4.0 / 9, 1e-14);
  EXPECT_LT(found.p_value, 0.02);  // 2 of the 924 partitions are these
  EXPECT_EQ(found.density(0, 1), 0);
  const Blocks together = block_statistics(W, std::vector<Index>(12, 0));
  EXPECT_NEAR(together.modularity, 0, 1e-15);
  EXPECT_EQ(together.p_value, 1);
}

TEST(BlockStatistics, OfRandomWeightsHasNoStructure) {
  std::vector<Index> labels(40);
  for (std::size_t i = 0; i < 40; ++i) labels[i] = static_cast<Index>(i % 3);
  int small = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Blocks found = block_statistics(random_weights(40, seed), labels, {.surrogates = 99});
    small += found.p_value <= 0.05;
  }
  EXPECT_LE(small, 5);  // of a binomial of 20 at 0.05: 3e-4 for more
}

TEST(BlockStatistics, RejectsMisuse) {
  const Matrix W = random_weights(3, 1);
  EXPECT_THROW(block_statistics(W, {0, 1}), std::invalid_argument);
  EXPECT_THROW(block_statistics(W, {0, 2, 2}), std::invalid_argument);
  EXPECT_THROW(block_statistics(W, {0, -1, 0}), std::invalid_argument);
  EXPECT_THROW(block_statistics(W, {0, 1, 7}), std::invalid_argument);
  EXPECT_THROW(block_statistics(Matrix::Zero(1, 1), {0}), std::invalid_argument);
}

TEST(DaleGroups, AreTheSignsOfOutgoingWeights) {
  const Matrix W{{-5, 2, -3}, {1, 0, -1}, {4, 0, 7}};  // loops of another sign do not count
  EXPECT_EQ(dale_groups(W), (std::vector<Index>{0, 0, 1}));
  EXPECT_TRUE(dale_groups(random_weights(10, 2)).empty());
  EXPECT_TRUE(dale_groups(Matrix::Ones(3, 3)).empty());
}

}  // namespace
}  // namespace nullcline::connectivity
