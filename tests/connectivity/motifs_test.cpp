// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/motifs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

TEST(PairMotifs, AreTheAveragesOverAllTriples) {
  const Index n = 9;
  const Matrix W = random_weights(n, 1);
  double mean = 0, variance = 0;
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) mean += i == j ? 0 : W(i, j) / 72;
  }
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) variance += i == j ? 0 : std::pow(W(i, j) - mean, 2) / 72;
  }
  PairMotifs sum;
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) {
      if (i == j) continue;
      sum.reciprocal += (W(i, j) - mean) * (W(j, i) - mean) / 72;
      for (Index k = 0; k < n; ++k) {
        if (k == i || k == j) continue;
        sum.convergent += (W(i, j) - mean) * (W(i, k) - mean) / 504;
        sum.divergent += (W(j, i) - mean) * (W(k, i) - mean) / 504;
        sum.chain += (W(i, j) - mean) * (W(j, k) - mean) / 504;
      }
    }
  }
  const PairMotifs found = pair_motifs(W);
  EXPECT_NEAR(found.reciprocal, sum.reciprocal / variance, 1e-13);
  EXPECT_NEAR(found.convergent, sum.convergent / variance, 1e-13);
  EXPECT_NEAR(found.divergent, sum.divergent / variance, 1e-13);
  EXPECT_NEAR(found.chain, sum.chain / variance, 1e-13);
}

TEST(PairMotifs, AreOneWhereTheyFixTheWeights) {
  const Matrix A = random_weights(30, 2);
  EXPECT_NEAR(pair_motifs(A + A.transpose()).reciprocal, 1, 1e-13);
  EXPECT_NEAR(pair_motifs(A - A.transpose()).reciprocal, -1, 1e-13);
  const Matrix by_row = A.col(0).replicate(1, 30);
  EXPECT_NEAR(pair_motifs(by_row).convergent, 1, 1e-12);
  EXPECT_NEAR(pair_motifs(by_row.transpose()).divergent, 1, 1e-12);
  EXPECT_EQ(pair_motifs(Matrix::Constant(5, 5, 0.5)).chain, 0);
}

TEST(PairMotifs, OfIndependentWeightsAreSmall) {
  const PairMotifs found = pair_motifs(random_weights(200, 3));
  for (const double value : {found.reciprocal, found.convergent, found.divergent, found.chain}) {
    EXPECT_LT(std::abs(value), 0.03);
  }
}

TEST(TriadCensus, TellsTheSixteenKindsApart) {
  // How many of the 64 labelled graphs of three nodes are of each kind [Davis & Leinhardt 1972].
  const std::array<std::int64_t, 16> expected{1, 6, 3, 3, 3, 6, 6, 6, 6, 2, 3, 3, 3, 6, 6, 1};
  std::array<std::int64_t, 16> found{};
  for (int code = 0; code < 64; ++code) {
    Matrix W = Matrix::Zero(3, 3);
    int bit = 0;
    for (Index i = 0; i < 3; ++i) {
      for (Index j = 0; j < 3; ++j) {
        if (i != j) W(i, j) = code >> bit++ & 1;
      }
    }
    const TriadCensus census = triad_census(W, {.surrogates = 2});
    for (std::size_t kind = 0; kind < 16; ++kind) found[kind] += census.counts[kind];
  }
  EXPECT_EQ(found, expected);
}

TEST(TriadCensus, NamesKindsAsTheirEdgesSay) {
  const auto kind_of = [](const Matrix& W) {
    const TriadCensus census = triad_census(W, {.surrogates = 2});
    for (std::size_t kind = 0; kind < 16; ++kind) {
      if (census.counts[kind] == 1) return std::string(triad_names[kind]);
    }
    return std::string();
  };
  // W(i, j): j -> i.
  EXPECT_EQ(kind_of(Matrix{{0, 1, 0}, {0, 0, 0}, {0, 1, 0}}), "021D");  // 0 <- 1 -> 2
  EXPECT_EQ(kind_of(Matrix{{0, 0, 0}, {1, 0, 1}, {0, 0, 0}}), "021U");  // 0 -> 1 <- 2
  EXPECT_EQ(kind_of(Matrix{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}), "021C");  // 0 -> 1 -> 2
  EXPECT_EQ(kind_of(Matrix{{0, 1, 0}, {1, 0, 1}, {0, 0, 0}}), "111D");  // 0 <-> 1 <- 2
  EXPECT_EQ(kind_of(Matrix{{0, 1, 0}, {1, 0, 0}, {0, 1, 0}}), "111U");  // 0 <-> 1 -> 2
  EXPECT_EQ(kind_of(Matrix{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}}), "030T");
  EXPECT_EQ(kind_of(Matrix{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}), "030C");
  EXPECT_EQ(kind_of(Matrix{{0, 1, 1}, {0, 0, 1}, {0, 1, 0}}), "120U");  // 1 <-> 2, both -> 0
  EXPECT_EQ(kind_of(Matrix{{0, 0, 0}, {1, 0, 1}, {1, 1, 0}}), "120D");  // 0 -> both
}

TEST(TriadCensus, CountsAllTriplesAndFindsPlantedLoops) {
  // Feed-forward loops 0 -> 1 -> 2, 0 -> 2 among many units that have nothing else.
  const Index n = 60;
  Matrix W = Matrix::Zero(n, n);
  for (Index i = 0; i + 2 < n; i += 3) W(i + 1, i) = W(i + 2, i) = W(i + 2, i + 1) = -0.7;
  const TriadCensus found = triad_census(W, {.threshold = 0.1});
  EXPECT_EQ(std::accumulate(found.counts.begin(), found.counts.end(), std::int64_t{0}),
            60 * 59 * 58 / 6);
  EXPECT_EQ(found.counts[8], 20);
  // Expected: all triples, three one-way pairs of the 60 among 1770, 6 of 8 orientations.
  const double expected = 34220 * (60.0 / 1770) * (59.0 / 1769) * (58.0 / 1768) * 0.75;
  EXPECT_NEAR(found.null_mean[8], expected, 5 * std::sqrt(expected / 99));  // nearly Poisson
  EXPECT_DOUBLE_EQ(found.p_values[8], 0.01);
  EXPECT_DOUBLE_EQ(found.density, 60.0 / (60 * 59));
  EXPECT_EQ(triad_census(W, {.threshold = 0.8}).counts[0], 60 * 59 * 58 / 6);
}

TEST(TriadCensus, OfRandomGraphsIsLikeItsNull) {
  const TriadCensus found = triad_census(random_weights(40, 4), {.threshold = 1, .seed = 5});
  int small = 0;
  for (const double p : found.p_values) small += p <= 0.02;
  EXPECT_LE(small, 3);  // of 16 at 0.02
}

TEST(Motifs, RejectWhatIsTooSmall) {
  EXPECT_THROW(pair_motifs(Matrix::Zero(2, 2)), std::invalid_argument);
  EXPECT_THROW(triad_census(Matrix::Zero(3, 4)), std::invalid_argument);
  EXPECT_THROW(triad_census(Matrix::Zero(3, 3), {.threshold = -1}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
