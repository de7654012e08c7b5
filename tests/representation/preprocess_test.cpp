// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/preprocess.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using Trials = std::vector<Matrix>;

TEST(Preprocess, SmoothingLeavesConstantsAndMiddlesOfLinesAlone) {
  Matrix X(2, 60);
  for (Index t = 0; t < 60; ++t) X.col(t) << 7.5, 2.0 * static_cast<double>(t);
  const Matrix Y = preprocess(Trials{X}, {.smooth = 3})[0];
  EXPECT_LT((Y.row(0) - X.row(0)).cwiseAbs().maxCoeff(), 1e-13);
  // By symmetry of the kernel, where it is whole: 12 steps from the ends.
  EXPECT_LT((Y - X).middleCols(12, 36).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(Preprocess, SmoothingIsTheWeightedMeanOverTheTrial) {
  const Matrix X = random_matrix(3, 25, 1);
  const Matrix Y = preprocess(Trials{X}, {.smooth = 1.7})[0];
  for (const Index t : {0, 1, 6, 12, 24}) {
    Vector sum = Vector::Zero(3);
    double weight = 0;
    for (Index s = 0; s < 25; ++s) {
      const double r = static_cast<double>(t - s);
      if (std::abs(r) > 4 * 1.7) continue;
      const double k = std::exp(-r * r / (2 * 1.7 * 1.7));
      sum += k * X.col(s);
      weight += k;
    }
    EXPECT_LT((Y.col(t) - sum / weight).norm(), 1e-13) << t;
  }
}

TEST(Preprocess, NothingCrossesFromTrialToTrial) {
  const Matrix A = random_matrix(2, 9, 2), B = random_matrix(2, 14, 3);
  const PreprocessOptions options{.smooth = 2, .rebin = 4};
  const Trials both = preprocess(Trials{A, B}, options);
  EXPECT_EQ(both[0], preprocess(Trials{A}, options)[0]);
  EXPECT_EQ(both[1], preprocess(Trials{B}, options)[0]);
}

TEST(Preprocess, WiderThanTheTrialItIsNearlyItsMean) {
  const Matrix X = random_matrix(2, 10, 4);
  const Matrix Y = preprocess(Trials{X}, {.smooth = 1e6})[0];
  EXPECT_LT((Y.colwise() - X.rowwise().mean()).norm(), 1e-9);
}

TEST(Preprocess, BinsSumOrAverageAndLeaveOutTheRest) {
  Matrix X(1, 7);
  X << 1, 2, 3, 4, 5, 6, 100;
  const Matrix mean = preprocess(Trials{X}, {.rebin = 3})[0];
  const Matrix sum = preprocess(Trials{X}, {.rebin = 3, .bin_value = BinValue::sum})[0];
  ASSERT_EQ(mean.cols(), 2);
  EXPECT_EQ(mean(0, 0), 2);
  EXPECT_EQ(mean(0, 1), 5);
  EXPECT_EQ(sum(0, 1), 15);
}

TEST(Preprocess, ZScoresHaveMeanZeroAndVarianceOneAndConstantsBecomeZero) {
  Matrix X = random_matrix(3, 40, 5);
  X.row(1) *= 1e6;
  X.row(2).setConstant(0.1);
  const Trials Y =
      preprocess(Trials{X.leftCols(15), X.rightCols(25)}, {.normalization = Normalization::zscore});
  Matrix all(3, 40);
  all << Y[0], Y[1];
  EXPECT_LT(all.rowwise().mean().norm(), 1e-13);
  EXPECT_NEAR(all.row(0).squaredNorm() / 39, 1, 1e-13);
  EXPECT_NEAR(all.row(1).squaredNorm() / 39, 1, 1e-13);
  EXPECT_EQ(all.row(2).norm(), 0);
}

TEST(Preprocess, SoftNormalizationDividesByRangePlusSoftness) {
  Matrix X(2, 3);
  X << 0, 10, 15, 1, 1, 1;
  const Matrix Y = preprocess(Trials{X}, {.normalization = Normalization::soft})[0];
  EXPECT_DOUBLE_EQ(Y(0, 2), 0.75);
  EXPECT_DOUBLE_EQ(Y(1, 0), 0.2);
}

TEST(Preprocess, RefusesWhatItCannotDo) {
  const Trials X{random_matrix(2, 5, 6)};
  Trials broken = X;
  broken[0](1, 1) = std::numeric_limits<double>::infinity();
  EXPECT_THROW((void)preprocess(X, {.smooth = -1}), std::invalid_argument);
  EXPECT_THROW((void)preprocess(X, {.rebin = 0}), std::invalid_argument);
  EXPECT_THROW((void)preprocess(X, {.rebin = 6}), std::invalid_argument);
  EXPECT_THROW((void)preprocess(broken, {}), std::invalid_argument);
  EXPECT_THROW((void)preprocess(Trials{}, {}), std::invalid_argument);
  EXPECT_THROW((void)preprocess(Trials{Matrix::Ones(2, 5)},
                                {.normalization = Normalization::soft, .softness = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
