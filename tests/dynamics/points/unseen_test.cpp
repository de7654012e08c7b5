// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/unseen.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "nullcline/core/random.hpp"

namespace nullcline::dynamics {
namespace {

TEST(Unseen, IsTheBiasCorrectedEstimateOfChao) {
  // K = 10, S = 5, f1 = 3, f2 = 1: 0.9 * 3 * 2 / (2 * 2) = 1.35.
  const std::vector<Index> hits = {1, 5, 2, 1, 1, 0};
  const UnseenEstimate unseen = estimate_unseen(hits);
  EXPECT_EQ(unseen.draws, 10);
  EXPECT_EQ(unseen.seen, 5);
  EXPECT_EQ(unseen.once, 3);
  EXPECT_EQ(unseen.twice, 1);
  EXPECT_NEAR(unseen.estimate, 1.35, 1e-15);
  EXPECT_NEAR(unseen.coverage, 0.7, 1e-15);
  EXPECT_LT(unseen.lower, unseen.estimate);
  EXPECT_GT(unseen.upper, unseen.estimate);
}

TEST(Unseen, IsNoneWhenAllWereMetOften) {
  const UnseenEstimate unseen = estimate_unseen(std::vector<Index>(27, 38));
  EXPECT_EQ(unseen.estimate, 0);
  EXPECT_LT(unseen.upper, 1e-6);
  EXPECT_EQ(unseen.coverage, 1);
}

TEST(Unseen, IsNotExcludedByOneThingMetOnce) {
  // The estimate is 0 for f1 = 1, but what is met once has companions that were not met. One of 27
  // met once among 256 draws, with c = 255 / 256: variance c^2 (1 - 1 / 27) / 4.
  std::vector<Index> hits(27, 10);
  hits[0] = 1;
  hits[1] = 5;
  const UnseenEstimate alone = estimate_unseen(hits);
  EXPECT_EQ(alone.draws, 256);
  EXPECT_EQ(alone.estimate, 0);
  EXPECT_NEAR(alone.upper, 1.96 * 255 / 256 * std::sqrt(26.0 / 27) / 2, 1e-4);
  // Many that were met twice say that there are few such.
  std::fill(hits.begin() + 2, hits.end(), 2);
  EXPECT_GT(estimate_unseen(hits).upper, 0);
  EXPECT_LT(estimate_unseen(hits).upper, 0.5);
}

TEST(Unseen, IsUnknownWithoutDrawsOrAfterOne) {
  EXPECT_TRUE(std::isinf(estimate_unseen({}).upper));
  EXPECT_TRUE(std::isinf(estimate_unseen(std::vector<Index>{1}).upper));
  EXPECT_GT(estimate_unseen(std::vector<Index>{1, 1, 1}).estimate, 0);
}

TEST(Unseen, IntervalCoversTheTruthOfEqualWeights) {
  // 40 things of equal weight, 80 draws: e^-2 of them, 5.4, are unseen on average, and Chao's
  // estimate is unbiased there. 95 % of 400 intervals is 380 with a standard deviation of 4.4; the
  // interval is approximate, so that a tenth may miss.
  constexpr Index things = 40, draws = 80, repeats = 400;
  RandomStream random({1, 0, Purpose::analysis_starts, 0});
  Index covered = 0;
  double sum_of_estimates = 0, sum_of_unseen = 0;
  for (Index r = 0; r < repeats; ++r) {
    std::vector<Index> hits(things, 0);
    for (Index d = 0; d < draws; ++d) ++hits[random.below(things)];
    const UnseenEstimate unseen = estimate_unseen(hits);
    const auto truth = static_cast<double>(things - unseen.seen);
    covered += unseen.lower <= truth && truth <= unseen.upper;
    sum_of_estimates += unseen.estimate;
    sum_of_unseen += truth;
  }
  EXPECT_GE(covered, 360);
  // A standard deviation of some 4 things each, over 400 repeats: 0.2 on the mean.
  EXPECT_NEAR(sum_of_estimates / repeats, sum_of_unseen / repeats, 1.0);
}

TEST(Unseen, IsALowerBoundForUnequalWeights) {
  // Weights ~ 2^-i: the rarest are hopeless, and the estimate stays below the truth on average.
  constexpr Index things = 30, draws = 200, repeats = 200;
  RandomStream random({2, 0, Purpose::analysis_starts, 0});
  double estimate = 0, truth = 0;
  for (Index r = 0; r < repeats; ++r) {
    std::vector<Index> hits(things, 0);
    for (Index d = 0; d < draws; ++d) {
      const double depth = -std::log2(random.uniform());
      ++hits[std::min<std::size_t>(static_cast<std::size_t>(depth), things - 1)];
    }
    const UnseenEstimate unseen = estimate_unseen(hits);
    estimate += unseen.estimate;
    truth += static_cast<double>(things - unseen.seen);
  }
  EXPECT_LT(estimate, truth);
  EXPECT_GT(estimate, 0);
}

TEST(Unseen, RejectsNegativeCounts) {
  EXPECT_THROW(estimate_unseen(std::vector<Index>{1, -1}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
