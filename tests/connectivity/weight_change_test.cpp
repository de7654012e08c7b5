// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/weight_change.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

TEST(WeightChange, OfATwoByTwoMatrixIsWhatOneWritesDown) {
  const Matrix before{{0, 1}, {-1, 0}}, after{{0, 3}, {-1, 0}};
  const WeightChange result = weight_change(before, after, {.bins = 4, .quantiles = 3});
  EXPECT_FALSE(result.diagonal_included);
  EXPECT_EQ(result.edges, (Vector{{-1, 0, 1, 2, 3}}));
  EXPECT_EQ(result.before.histogram, (std::vector<std::int64_t>{1, 0, 1, 0}));
  EXPECT_EQ(result.after.histogram, (std::vector<std::int64_t>{1, 0, 0, 1}));
  EXPECT_EQ(result.change.histogram, (std::vector<std::int64_t>{0, 1, 0, 1}));
  EXPECT_EQ(result.before.mean, 0);
  EXPECT_EQ(result.before.standard_deviation, 1);
  EXPECT_EQ(result.after.mean, 1);
  EXPECT_EQ(result.after.standard_deviation, 2);
  EXPECT_EQ(result.after.positive_fraction, 0.5);
  EXPECT_EQ(result.change.maximum, 2);
  EXPECT_EQ(result.absolute_quantiles, (Vector{{0, 1, 2}}));
  EXPECT_EQ(result.changed_fraction, 0.5);  // One weight of two.
  EXPECT_NEAR(result.relative_change, std::sqrt(2.0), 1e-15);
  EXPECT_NEAR(std::abs(result.before_spectrum.eigenvalues(0)), 1, 1e-15);
  EXPECT_NEAR(std::abs(result.after_spectrum.eigenvalues(0)), std::sqrt(3.0), 1e-15);
  EXPECT_EQ(result.change_spectrum.effective_rank, 1);
}

TEST(WeightChange, OfRankOneHasOneSingularValueAndOneEigenvalue) {
  const Matrix W = random_weights(20, 1), u = random_weights(20, 2).col(0),
               v = random_weights(20, 3).col(0);
  const WeightChange result = weight_change(W, W + u * v.transpose());
  const WeightSpectrum& change = result.change_spectrum;
  EXPECT_NEAR(change.singular_values(0), u.norm() * v.norm(), 1e-12);
  EXPECT_LT(change.singular_values(1), 1e-12);
  EXPECT_NEAR(change.eigenvalues(0).real(), u.col(0).dot(v.col(0)), 1e-12);
  EXPECT_NEAR(change.participation_ratio, 1, 1e-12);
  EXPECT_EQ(change.effective_rank, 1);
  EXPECT_NEAR(result.relative_change, u.norm() * v.norm() / W.norm(), 1e-12);
}

TEST(WeightSpectrum, CountsEqualSingularValuesByTheParticipationRatio) {
  Matrix W = Matrix::Zero(6, 6);
  for (Index i = 0; i < 4; ++i) W(i, (i + 1) % 4) = 3;
  const WeightSpectrum spectrum = weight_spectrum(W);
  EXPECT_NEAR(spectrum.participation_ratio, 4, 1e-12);
  EXPECT_EQ(spectrum.effective_rank, 4);
  EXPECT_NEAR(spectrum.frobenius_norm, 6, 1e-14);
  EXPECT_EQ(weight_spectrum(Matrix::Zero(3, 3)).participation_ratio, 0);
  EXPECT_EQ(weight_spectrum(Matrix::Zero(3, 3)).effective_rank, 0);
  // The ratio does not see the scale, however small.
  EXPECT_NEAR(weight_spectrum(1e-200 * W).participation_ratio, 4, 1e-12);
}

TEST(WeightSpectrum, CountsSingularValuesAboveTheFraction) {
  const Matrix W = Vector{{10, 4, 2, 0.9}}.asDiagonal();
  EXPECT_EQ(weight_spectrum(W, 0.1).effective_rank, 3);
  EXPECT_EQ(weight_spectrum(W, 0.3).effective_rank, 2);
  EXPECT_EQ(weight_spectrum(W, 0).effective_rank, 4);
}

TEST(WeightChange, HistogramsHoldEveryWeightOnce) {
  const Matrix W = random_weights(30, 4), V = random_weights(30, 5);
  const WeightChange result = weight_change(W, V, {.bins = 17});
  for (const WeightSummary* summary : {&result.before, &result.after, &result.change}) {
    EXPECT_EQ(summary->histogram.size(), 17u);
    EXPECT_EQ(std::accumulate(summary->histogram.begin(), summary->histogram.end(), 0L), 900);
    EXPECT_GE(summary->minimum, result.edges(0));
    EXPECT_LE(summary->maximum, result.edges(17));
  }
}

TEST(WeightChange, LeavesTheDiagonalOutWhenItIsZeroOrWhenTold) {
  Matrix W = random_weights(5, 6), V = random_weights(5, 7);
  EXPECT_TRUE(weight_change(W, V).diagonal_included);
  const WeightChange told = weight_change(W, V, {.diagonal = Diagonal::excluded});
  W.diagonal().setZero();
  V.diagonal().setZero();
  const WeightChange zero = weight_change(W, V);
  EXPECT_FALSE(zero.diagonal_included);
  EXPECT_EQ(told.before.mean, zero.before.mean);
  EXPECT_EQ(told.absolute_quantiles, zero.absolute_quantiles);
  EXPECT_NEAR(weight_change(W, V, {.diagonal = Diagonal::included}).before.mean,
              zero.before.mean * 20 / 25, 1e-15);
}

TEST(WeightChange, OfNothingIsNothing) {
  const Matrix W = random_weights(4, 8);
  const WeightChange result = weight_change(W, W);
  EXPECT_EQ(result.relative_change, 0);
  EXPECT_EQ(result.changed_fraction, 0);
  EXPECT_EQ(result.absolute_quantiles.maxCoeff(), 0);
  EXPECT_EQ(result.change_spectrum.effective_rank, 0);
  const WeightChange zeros = weight_change(Matrix::Zero(3, 3), Matrix::Zero(3, 3));
  EXPECT_EQ(zeros.edges(0), -0.5);
}

TEST(WeightChange, RejectsBadArguments) {
  const Matrix W = random_weights(3, 9);
  Matrix broken = W;
  broken(0, 1) = std::numeric_limits<double>::infinity();
  EXPECT_THROW(weight_change(W, random_weights(4, 1)), std::invalid_argument);
  EXPECT_THROW(weight_change(W.leftCols(2), W.leftCols(2)), std::invalid_argument);
  EXPECT_THROW(weight_change(W, broken), std::invalid_argument);
  EXPECT_THROW(weight_change(W, W, {.bins = 0}), std::invalid_argument);
  EXPECT_THROW(weight_change(W, W, {.quantiles = 1}), std::invalid_argument);
  EXPECT_THROW(weight_change(W, W, {.rank_fraction = 2}), std::invalid_argument);
  EXPECT_THROW(weight_change(Matrix::Zero(3, 3), W), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
