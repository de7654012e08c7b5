// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/pca.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

void expect_orthonormal(const Matrix& V) {
  EXPECT_LT((V.transpose() * V - Matrix::Identity(V.cols(), V.cols())).norm(), 1e-13);
}

TEST(Pca, FindsTheAxesOfFourPointsOnACross) {
  Matrix X(2, 4);
  X << 3, -3, 0, 0, 0, 0, 1, -1;
  X.row(0).array() += 5;
  const Pca result = pca(std::vector<Matrix>{X});
  EXPECT_NEAR(result.mean(0), 5, 1e-15);
  EXPECT_NEAR(result.variances(0), 18.0 / 3, 1e-14);
  EXPECT_NEAR(result.variances(1), 2.0 / 3, 1e-14);
  EXPECT_NEAR(result.explained(0), 0.9, 1e-15);
  EXPECT_NEAR(result.total_variance, 20.0 / 3, 1e-14);
  EXPECT_LT((result.basis - Matrix::Identity(2, 2)).norm(), 1e-15);
}

TEST(Pca, BasisDiagonalizesTheCovarianceAndExplainsAllOfIt) {
  const Matrix X = random_matrix(6, 6, 1) * random_matrix(6, 200, 2);
  const Pca result = pca(std::vector<Matrix>{X});
  const Matrix Y = project(X, result.mean, result.basis);
  const Matrix C = Y * Y.transpose() / 199;
  expect_orthonormal(result.basis);
  EXPECT_LT((C - Matrix(result.variances.asDiagonal())).norm(), 1e-13 * C.norm());
  EXPECT_NEAR(result.explained.sum(), 1, 1e-14);
}

TEST(Pca, WithMoreUnitsThanSamplesAgreesWithPaddingByCopies) {
  // Copies of the data leave directions alone and scale variances by (2 m - 2) / (2 m - 1), ...
  const Matrix X = random_matrix(9, 5, 3);
  const Pca few = pca(std::vector<Matrix>{X}, {.dim = 4});
  const Pca many = pca(std::vector<Matrix>{X, X, X}, {.dim = 4});
  EXPECT_LT((few.basis - many.basis).norm(), 1e-12);
  EXPECT_LT((few.variances * 4 / 5 - many.variances * 14 / 15).norm(), 1e-13);
  EXPECT_EQ(pca(std::vector<Matrix>{X}).basis.cols(), 5);
  expect_orthonormal(pca(std::vector<Matrix>{X}).basis);
  EXPECT_NEAR(pca(std::vector<Matrix>{X}).variances(4), 0, 1e-14);
}

TEST(Pca, DoesNotDependOnHowSamplesAreCutIntoTrials) {
  const Matrix X = random_matrix(4, 30, 4);
  const Pca whole = pca(std::vector<Matrix>{X});
  const Pca cut = pca(std::vector<Matrix>{X.leftCols(7), X.rightCols(23)});
  EXPECT_LT((whole.basis - cut.basis).norm(), 1e-12);
}

TEST(Pca, RotatesWithTheData) {
  const Matrix X = random_matrix(5, 5, 5) * random_matrix(5, 100, 6), Q = random_rotation(5, 7);
  const Pca before = pca(std::vector<Matrix>{X}), after = pca(std::vector<Matrix>{Q * X});
  EXPECT_LT((before.variances - after.variances).norm(), 1e-12 * before.total_variance);
  for (Index j = 0; j < 5; ++j) {
    EXPECT_NEAR(std::abs(after.basis.col(j).dot(Q * before.basis.col(j))), 1, 1e-10);
  }
}

TEST(Pca, SignsDoNotDependOnTheSignOfTheData) {
  const Matrix X = random_matrix(4, 50, 8);
  const Pca plus = pca(std::vector<Matrix>{X}), minus = pca(std::vector<Matrix>{-X});
  EXPECT_LT((plus.basis - minus.basis).norm(), 1e-12);
  for (Index j = 0; j < 4; ++j) {
    Index largest;
    plus.basis.col(j).cwiseAbs().maxCoeff(&largest);
    EXPECT_GT(plus.basis(largest, j), 0);
  }
}

TEST(Pca, OfRankTwoDataHasTwoVariancesAndAFullOrthonormalBasis) {
  const Matrix X = random_matrix(5, 2, 9) * random_matrix(2, 60, 10);
  const Pca result = pca(std::vector<Matrix>{X});
  EXPECT_LT(result.variances.tail(3).maxCoeff(), 1e-14 * result.variances(0));
  EXPECT_GE(result.variances.minCoeff(), 0);
  expect_orthonormal(result.basis);
}

TEST(Pca, OfConstantDataExplainsNothing) {
  for (const Index samples : {1, 2, 10}) {
    const Pca result = pca(std::vector<Matrix>{Matrix::Constant(3, samples, 7.0)});
    EXPECT_EQ(result.total_variance, 0);
    EXPECT_EQ(result.explained.norm(), 0);
    EXPECT_TRUE(result.basis.allFinite());
    expect_orthonormal(result.basis);
  }
}

/// 60 units whose standard deviations fall off as 1 / i, 300 samples.
Matrix decaying(std::uint64_t seed) {
  const Vector size = 1 / Vector::LinSpaced(60, 1, 60).array();
  return random_rotation(60, seed) * (size.asDiagonal() * random_matrix(60, 300, seed + 1));
}

TEST(Pca, RandomizedIsThatOfTheExactOneToItsPromise) {
  const Matrix X = decaying(12);
  const Pca exact = pca(std::vector<Matrix>{X}, {.dim = 5, .method = PcaMethod::exact});
  double before = 1;
  for (const Index power : {0, 1, 4}) {
    const Pca result = pca(std::vector<Matrix>{X},
                           {.dim = 5, .method = PcaMethod::randomized, .power_iterations = power});
    expect_orthonormal(result.basis);
    const Vector missing = (exact.variances - result.variances).cwiseQuotient(exact.variances);
    EXPECT_GT(missing.minCoeff(), -1e-12);  // Never too large [Cauchy interlacing].
    EXPECT_LT(missing.maxCoeff(), before);
    before = missing.maxCoeff() / 2;  // Each iteration helps.
    EXPECT_EQ(result.total_variance, exact.total_variance);
  }
  EXPECT_LT(before, 1e-4);
}

TEST(Pca, RandomizedBoundsTheVarianceThatItHasNotSeen) {
  for (std::uint64_t seed = 20; seed < 25; ++seed) {
    const Matrix X = decaying(seed);
    const PcaOptions options{
        .dim = 5, .method = PcaMethod::randomized, .oversampling = 0, .seed = seed};
    const Pca result = pca(std::vector<Matrix>{X}, options);
    const Matrix Z = X.colwise() - result.mean;
    const Matrix rest = Z - result.basis * (result.basis.transpose() * Z);
    const double largest = singular_values(rest)(0);
    EXPECT_GT(result.unseen_variance, largest * largest / 299);
    EXPECT_LT(result.unseen_variance, 3000 * largest * largest / 299);  // And is no mere excuse.
  }
}

TEST(Pca, RandomizedIsExactWhereTheRankIsSmallEnough) {
  const Matrix X = random_matrix(40, 3, 30) * random_matrix(3, 90, 31);
  const Pca exact = pca(std::vector<Matrix>{X}, {.dim = 3, .method = PcaMethod::exact});
  const Pca result = pca(std::vector<Matrix>{X}, {.dim = 3, .method = PcaMethod::randomized});
  EXPECT_LT((exact.variances - result.variances).norm(), 1e-12 * exact.total_variance);
  EXPECT_LT((exact.basis - result.basis).norm(), 1e-10);
  EXPECT_LT(result.unseen_variance, 1e-20 * exact.total_variance);
}

TEST(Pca, IsRandomizedByItselfForASmallPartOfMuch) {
  const Matrix X = random_matrix(1000, 4, 32) * random_matrix(4, 1001, 33);
  EXPECT_EQ(pca(std::vector<Matrix>{X}, {.dim = 4}).method, PcaMethod::randomized);
  EXPECT_EQ(pca(std::vector<Matrix>{X.topRows(200)}, {.dim = 4}).method, PcaMethod::exact);
}

TEST(Pca, RejectsWhatIsNoData) {
  const Matrix X = random_matrix(3, 4, 11);
  Matrix broken = X;
  broken(1, 1) = std::numeric_limits<double>::quiet_NaN();
  using Trials = std::vector<Matrix>;
  EXPECT_THROW((void)pca(Trials{}), std::invalid_argument);
  EXPECT_THROW((void)pca(Trials{Matrix(3, 0)}), std::invalid_argument);
  EXPECT_THROW((void)pca(Trials{X, random_matrix(2, 4, 1)}), std::invalid_argument);
  EXPECT_THROW((void)pca(Trials{broken}), std::invalid_argument);
  EXPECT_THROW((void)pca(Trials{X}, {.dim = 4}), std::invalid_argument);
  EXPECT_THROW((void)pca(Trials{X}, {.dim = -1}), std::invalid_argument);
  EXPECT_THROW((void)pca(Trials{X}, {.oversampling = -1}), std::invalid_argument);
  EXPECT_THROW((void)project(X, Vector::Zero(2), X), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
