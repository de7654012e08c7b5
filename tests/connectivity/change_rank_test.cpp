// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/change_rank.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

/// sum_i strengths(i) u_i v_i' with orthonormal u_i, v_i.
Matrix low_rank(Index n, const Vector& strengths, std::uint64_t seed) {
  const Matrix U = orthonormal_basis(random_weights(n, seed).leftCols(strengths.size()));
  const Matrix V = orthonormal_basis(random_weights(n, seed + 1).leftCols(strengths.size()));
  return U * strengths.asDiagonal() * V.transpose();
}

TEST(ChangeRank, OfNoiseIsZeroButForTheLevelOfTheTest) {
  int above = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    if (change_rank(random_weights(20, 100 + seed), {.seed = seed}).rank > 0) ++above;
  }
  EXPECT_LE(above, 8);  // of a binomial of 40 at 0.05: 7e-4 for more
}

TEST(ChangeRank, CountsWhatStandsOutOfNoise) {
  // The largest singular value of N(0, 1) entries is about 2 sqrt(n) = 15.5.
  const Index n = 60;
  const Matrix D = random_weights(n, 1) + low_rank(n, Vector{{60, 45, 30}}, 2);
  const ChangeRank found = change_rank(D);
  EXPECT_EQ(found.rank, 3);
  ASSERT_EQ(found.tests.size(), 4U);
  EXPECT_DOUBLE_EQ(found.tests[0].p_value, 0.05);
  EXPECT_GT(found.tests[3].p_value, 0.05);
  // The square of the largest singular value of n x n standard normals has mean (2 sqrt(n - 1/2))^2
  // - 1.2065 times the scale of Tracy & Widom, 9.84 for n = 60 [Johnstone 2001]; 57 of 60
  // dimensions on each side are left of the noise. The mean of 19 has a standard error of 0.1.
  EXPECT_NEAR(found.tests[3].null_mean, 57.0 / 60 * std::sqrt(4 * 59.5 - 1.2065 * 9.84), 0.4);
  EXPECT_NEAR(found.tests[0].singular_value, singular_values(D)(0), 1e-12 * D.norm());
}

TEST(ChangeRank, OfAnExactlyLowRankChangeIsItsRank) {
  EXPECT_EQ(change_rank(low_rank(30, Vector{{5, 4}}, 3)).rank, 2);
  EXPECT_EQ(change_rank(Matrix::Zero(5, 5)).rank, 0);
}

TEST(ChangeRank, IgnoresTheScaleAndCanLeaveTheDiagonalOut) {
  Matrix D = random_weights(40, 4) + low_rank(40, Vector{{40}}, 5);
  D.diagonal().setZero();
  EXPECT_EQ(change_rank(D, {.with_diagonal = false}).rank, 1);
  EXPECT_EQ(change_rank(1e-9 * D, {.with_diagonal = false}).rank, 1);
  EXPECT_EQ(change_rank(D, {.max_rank = 0}).rank, 0);
}

TEST(ChangeRank, RejectsMisuse) {
  EXPECT_THROW(change_rank(Matrix::Zero(2, 3)), std::invalid_argument);
  EXPECT_THROW(change_rank(Matrix::Identity(3, 3), {.surrogates = 10}), std::invalid_argument);
  EXPECT_THROW(change_rank(Matrix::Identity(3, 3), {.with_diagonal = false}),
               std::invalid_argument);
}

TEST(FunctionalRank, IsWhereTheLossOfTheTruncatedChangeSettles) {
  // loss = |W - target|^2 leaves the squares of the parts that are missing: 145, 45, 9, 0 of them.
  const Matrix before = random_weights(12, 6);
  const Matrix change = low_rank(12, Vector{{10, 6, 3}}, 7);
  const Matrix target = before + change;
  const auto loss = [&](In<Matrix> W) { return (W - target).squaredNorm(); };
  const FunctionalRank found = functional_rank(before, change, loss, {.max_rank = 4});
  EXPECT_LT((found.losses - Vector{{145, 45, 9, 0, 0}}).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_EQ(found.rank, 3);  // 9 of 145 are more than 5 %
  EXPECT_EQ(functional_rank(before, change, loss, {.max_rank = 4, .fraction = 0.07}).rank, 2);
  EXPECT_EQ(functional_rank(before, change, loss, {.max_rank = 2}).rank, -1);
}

TEST(FunctionalRank, IsNoneWhereTheChangeDoesNotHelp) {
  const Matrix W = random_weights(5, 8);
  const auto worse = [](In<Matrix> X) { return X.squaredNorm(); };
  EXPECT_EQ(functional_rank(Matrix::Zero(5, 5), W, worse).rank, -1);
  const auto broken = [&](In<Matrix> X) {
    return X == W ? 1.0 : std::numeric_limits<double>::quiet_NaN();
  };
  const FunctionalRank found = functional_rank(Matrix::Zero(5, 5), W, broken, {.max_rank = 1});
  EXPECT_TRUE(std::isinf(found.losses(0)));
  EXPECT_THROW(functional_rank(Matrix::Zero(4, 4), W, worse), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
