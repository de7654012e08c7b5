// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/covariance_repair.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "nullcline/representation/dca.hpp"
#include "nullcline/representation/predictive_information.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::positive_matrix;
using testing::random_matrix;
using testing::random_rotation;
using testing::stable_matrix;
using testing::var1;

double smallest(const CrossCovariances& covariances) {
  const auto count = static_cast<Index>(covariances.lags.size());
  return symmetric_eigen(block_toeplitz(covariances.lags, count)).values(0);
}

/// One unit of variance 1 whose lag 1 is c: the eigenvalues of C_2 are 1 - c and 1 + c.
CrossCovariances pair(double c) {
  return {Vector::Zero(1), {Matrix::Constant(1, 1, 1), Matrix::Constant(1, 1, c)}};
}

TEST(CovarianceRepair, LeavesACovarianceThatIsRightAsItIs) {
  const CrossCovariances process = var1(stable_matrix(4, 0.9, 1), positive_matrix(4, 2), 6);
  for (const auto kind : {CovarianceRepair::floor, CovarianceRepair::taper}) {
    const auto repaired = repair_covariances(process, 6, {.kind = kind});
    EXPECT_FALSE(repaired.report.changed);
    EXPECT_EQ(repaired.report.added_variance, 0);
    EXPECT_EQ(repaired.report.taper, 1);
    for (std::size_t k = 0; k < 6; ++k) EXPECT_EQ(repaired.covariances.lags[k], process.lags[k]);
    EXPECT_NEAR(repaired.report.smallest_eigenvalue, smallest(process), 1e-12);
  }
}

TEST(CovarianceRepair, OfOneUnitIsThatOfClosedForm) {
  // 1 - 1.5 + s = 0.01 and 1 - 1.5 r = 0.01.
  const auto floor =
      repair_covariances(pair(1.5), 2, {.kind = CovarianceRepair::floor, .smallest = 0.01});
  EXPECT_NEAR(floor.report.smallest_eigenvalue, -0.5, 1e-14);
  EXPECT_NEAR(floor.report.added_variance, 0.51, 1e-14);
  EXPECT_NEAR(floor.covariances.lags[0](0, 0), 1.51, 1e-14);
  EXPECT_EQ(floor.covariances.lags[1](0, 0), 1.5);
  const auto taper =
      repair_covariances(pair(1.5), 2, {.kind = CovarianceRepair::taper, .smallest = 0.01});
  EXPECT_NEAR(taper.report.taper, 0.66, 1e-6);
  EXPECT_LE(taper.report.taper, 0.66);
  EXPECT_EQ(taper.covariances.lags[0](0, 0), 1);
  EXPECT_NEAR(taper.covariances.lags[1](0, 0), 0.99, 2e-6);
}

/// Few samples of many units: with divisor `products` their covariance is indefinite.
Matrix short_record() {
  const Matrix A = stable_matrix(6, 0.95, 3);
  Matrix X = random_matrix(6, 24, 4);
  for (Index t = 1; t < X.cols(); ++t) X.col(t) += A * X.col(t - 1);
  return X;
}

TEST(CovarianceRepair, MakesDcaOfAShortRecordAProblemWithAnAnswer) {
  const std::vector<Matrix> trials = {short_record()};
  const auto estimate = cross_covariances(trials, {.count = 12, .divisor = LagDivisor::products});
  ASSERT_LT(smallest(estimate), -0.1);
  DcaOptions options{.dim = 6, .window = 6, .starts = 1, .ridge = 0};
  ASSERT_EQ(dca(estimate, options).status, DcaStatus::undefined);
  for (const auto kind : {CovarianceRepair::floor, CovarianceRepair::taper}) {
    options.repair = {.kind = kind, .smallest = 0.01};
    const Dca found = dca(estimate, options);
    EXPECT_EQ(found.status, DcaStatus::converged) << name_of(kind);
    EXPECT_TRUE(found.repair.changed);
    EXPECT_NEAR(found.repair.smallest_eigenvalue, smallest(estimate), 1e-10);
    // All units: the PI of the repaired covariance itself.
    const auto repaired = repair_covariances(estimate, 12, options.repair);
    const double wanted = 0.01 * estimate.lags[0].trace() / 6;
    EXPECT_GE(smallest(repaired.covariances), wanted * (1 - 1e-9));
    EXPECT_NEAR(
        found.predictive_information,
        predictive_information(repaired.covariances, Matrix::Identity(6, 6), 6).value_or(-1), 1e-8);
    EXPECT_NEAR(found.variances.sum(), estimate.lags[0].trace(), 1e-10) << "without the noise";
  }
}

TEST(CovarianceRepair, TaperIsTheLargestThatIsEnough) {
  const auto estimate = cross_covariances(std::vector<Matrix>{short_record()},
                                          {.count = 12, .divisor = LagDivisor::products});
  const CovarianceRepairOptions options{.kind = CovarianceRepair::taper, .smallest = 0.01};
  const auto repaired = repair_covariances(estimate, 12, options);
  EXPECT_EQ(repaired.report.added_variance, 0);
  EXPECT_GT(repaired.report.taper, 0);
  CrossCovariances slightly_less = estimate;
  double factor = 1;
  for (Matrix& C : slightly_less.lags) {
    C *= factor;
    factor *= repaired.report.taper + 1e-5;
  }
  EXPECT_LT(smallest(slightly_less), 0.01 * estimate.lags[0].trace() / 6);
}

TEST(CovarianceRepair, OfARankDeficientCovarianceFindsTheProcessesWithinIt) {
  // Two AR(1)s seen by five units without noise: C_2T is singular, PI without a ridge rounding.
  const Vector a{{0.9, 0.5}};
  const Matrix E = random_rotation(5, 5).leftCols(2), Q = Matrix::Identity(2, 2);
  const CrossCovariances latent = var1(a.asDiagonal(), Q, 4);
  CrossCovariances seen{Vector::Zero(5), {}};
  for (const Matrix& C : latent.lags) seen.lags.emplace_back(E * C * E.transpose());
  for (const auto kind : {CovarianceRepair::floor, CovarianceRepair::taper}) {
    const Dca found = dca(seen, {.dim = 1,
                                 .window = 2,
                                 .starts = 2,
                                 .ridge = 0,
                                 .repair = {.kind = kind, .smallest = 1e-9}});
    ASSERT_EQ(found.status, DcaStatus::converged) << name_of(kind);
    EXPECT_TRUE(found.repair.changed);
    EXPECT_GT(found.repair.added_variance, 0);
    EXPECT_LT(principal_angles(found.projection, E.leftCols(1)).maxCoeff(), 1e-3);
    EXPECT_NEAR(found.predictive_information, -0.5 * std::log(1 - 0.81), 1e-6);
  }
}

TEST(CovarianceRepair, RejectsWhatItCannotUse) {
  EXPECT_THROW((void)repair_covariances(pair(0.5), 3), std::invalid_argument);
  EXPECT_THROW((void)repair_covariances(pair(0.5), 0), std::invalid_argument);
  EXPECT_THROW((void)repair_covariances(pair(0.5), 2, {.smallest = 0}), std::invalid_argument);
  EXPECT_THROW((void)repair_covariances(pair(0.5), 2, {.smallest = 1}), std::invalid_argument);
  EXPECT_THROW((void)repair_covariances({Vector::Zero(1), {Matrix::Zero(1, 1)}}, 1),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
