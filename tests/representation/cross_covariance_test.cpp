// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/cross_covariance.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;

/// The definition, one product at a time.
Matrix by_loops(const std::vector<Matrix>& trials, const Vector& mean, Index lag, double divisor) {
  Matrix C = Matrix::Zero(mean.size(), mean.size());
  for (const Matrix& X : trials) {
    for (Index t = 0; t + lag < X.cols(); ++t) {
      C += (X.col(t + lag) - mean) * (X.col(t) - mean).transpose();
    }
  }
  return C / divisor;
}

const std::vector<Matrix> trials = {random_matrix(3, 12, 1), random_matrix(3, 2, 2),
                                    random_matrix(3, 7, 3)};

TEST(CrossCovariances, AreTheMeanLagProductsWithinTrials) {
  const Vector mean =
      (trials[0].rowwise().sum() + trials[1].rowwise().sum() + trials[2].rowwise().sum()) / 21;
  const CrossCovariances biased = cross_covariances(trials, {.count = 5});
  const CrossCovariances unbiased =
      cross_covariances(trials, {.count = 5, .divisor = LagDivisor::products});
  EXPECT_LT((biased.mean - mean).norm(), 1e-15);
  const std::vector<double> products = {21, 18, 15, 13, 11};
  for (Index k = 0; k < 5; ++k) {
    const auto lag = static_cast<std::size_t>(k);
    EXPECT_LT((biased.lags[lag] - by_loops(trials, mean, k, 21)).norm(), 1e-14);
    EXPECT_LT((unbiased.lags[lag] - by_loops(trials, mean, k, products[lag])).norm(), 1e-14);
  }
}

TEST(CrossCovariances, DividedBySamplesGiveAPositiveSemidefiniteToeplitzMatrix) {
  // 21 samples, a matrix of 15 rows: as unfavorable as it gets.
  const CrossCovariances biased = cross_covariances(trials, {.count = 5});
  const Matrix C = block_toeplitz(biased.lags, 5);
  EXPECT_LT((C - C.transpose()).norm(), 1e-15);
  EXPECT_GT(symmetric_eigen(C).values(0), -1e-15 * C.norm());
}

TEST(CrossCovariances, AreTheSameBitsForAnyNumberOfThreads) {
  const CrossCovariances one = cross_covariances(trials, {.count = 6});
  const CrossCovariances eight = cross_covariances(trials, {.count = 6, .threads = {8}});
  EXPECT_EQ(one.lags, eight.lags);
}

TEST(BlockToeplitz, IsTheCovarianceOfStackedWindows) {
  // x' = A x + e: the covariance of (x_0, x_1, x_2) by propagation, x_{t+1} = A x_t + e_t.
  const Matrix A = testing::stable_matrix(2, 0.8, 4), Q = testing::positive_matrix(2, 5);
  const CrossCovariances exact = testing::var1(A, Q, 3);
  Matrix G = Matrix::Zero(6, 6);  // Of (x_0, e_0, e_1).
  G.block(0, 0, 2, 2).setIdentity();
  G.block(2, 0, 2, 2) = A;
  G.block(4, 0, 2, 2) = A * A;
  G.block(2, 2, 2, 2).setIdentity();
  G.block(4, 2, 2, 2) = A;
  G.block(4, 4, 2, 2).setIdentity();
  Matrix sources = Matrix::Zero(6, 6);
  sources.block(0, 0, 2, 2) = exact.lags[0];
  sources.block(2, 2, 2, 2) = Q;
  sources.block(4, 4, 2, 2) = Q;
  const Matrix expected = G * sources * G.transpose();
  EXPECT_LT((block_toeplitz(exact.lags, 3) - expected).norm(), 1e-13 * expected.norm());
}

TEST(CrossCovariances, RejectLagsBeyondTheLongestTrial) {
  EXPECT_NO_THROW(cross_covariances(trials, {.count = 12}));
  EXPECT_THROW(cross_covariances(trials, {.count = 13}), std::invalid_argument);
  EXPECT_THROW(cross_covariances(trials, {.count = 0}), std::invalid_argument);
  EXPECT_THROW(block_toeplitz(cross_covariances(trials, {.count = 2}).lags, 3),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
