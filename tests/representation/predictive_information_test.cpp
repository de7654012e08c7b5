// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/predictive_information.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "nullcline/core/finite_differences.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::positive_matrix;
using testing::random_matrix;
using testing::random_rotation;
using testing::stable_matrix;
using testing::transformed;
using testing::var1;

double information(const CrossCovariances& covariances, const Matrix& V, Index window) {
  return predictive_information(covariances, V, window).value();
}

Matrix scalar(double value) { return Matrix::Constant(1, 1, value); }

TEST(PredictiveInformation, OfAr1IsMinusHalfLogOneMinusASquaredForEveryWindow) {
  for (const double a : {-0.9, -0.3, 0.0, 0.5, 0.95, 0.999}) {
    const CrossCovariances covariances = var1(scalar(a), scalar(2), 40);
    for (const Index T : {1, 2, 5, 20}) {
      EXPECT_NEAR(information(covariances, scalar(1), T), -0.5 * std::log(1 - a * a), 1e-12)
          << "a " << a << " T " << T;
    }
  }
}

TEST(PredictiveInformation, OfWhiteNoiseIsZero) {
  CrossCovariances white{Vector::Zero(4), std::vector<Matrix>(10, Matrix::Zero(4, 4))};
  white.lags[0] = positive_matrix(4, 1);
  EXPECT_NEAR(information(white, random_matrix(4, 2, 2), 5), 0, 1e-13);
}

TEST(PredictiveInformation, OfVar1IsHalfTheLogRatioOfStateAndNoiseForEveryWindow) {
  const Matrix A = stable_matrix(4, 0.9, 3), Q = positive_matrix(4, 4);
  const CrossCovariances covariances = var1(A, Q, 12);
  const double expected =
      0.5 * (log_determinant(covariances.lags[0]).value() - log_determinant(Q).value());
  for (const Index T : {1, 2, 6}) {
    EXPECT_NEAR(information(covariances, Matrix::Identity(4, 4), T), expected, 1e-12);
  }
}

TEST(PredictiveInformation, IsTheMutualInformationOfTwoWindowsComputedFromTheirCovariance) {
  // I = 1/2 (log det C_past + log det C_future - log det C_both), all by LU of stacked windows.
  const CrossCovariances covariances = var1(stable_matrix(5, 0.9, 5), positive_matrix(5, 6), 8);
  const Matrix V = random_matrix(5, 2, 7);
  const CrossCovariances projected = transformed(covariances, V.transpose());
  const Matrix both = block_toeplitz(projected.lags, 8);
  const double expected =
      0.5 * (std::log(both.topLeftCorner(8, 8).determinant()) +
             std::log(both.bottomRightCorner(8, 8).determinant()) - std::log(both.determinant()));
  EXPECT_NEAR(information(covariances, V, 4), expected, 1e-12);
}

TEST(PredictiveInformation, DoesNotChangeUnderInvertibleMaps) {
  const CrossCovariances covariances = var1(stable_matrix(4, 0.9, 8), positive_matrix(4, 9), 6);
  const Matrix V = random_matrix(4, 2, 10), M = random_matrix(2, 2, 11),
               B = random_matrix(4, 4, 12);
  const double expected = information(covariances, V, 3);
  EXPECT_NEAR(information(covariances, V * M, 3), expected, 1e-11);
  const Matrix moved = solve(B.transpose(), V).value();
  EXPECT_NEAR(information(transformed(covariances, B), moved, 3), expected, 1e-11);
}

TEST(PredictiveInformation, GrowsWithTheWindowAndWithTheDimension) {
  const CrossCovariances covariances = var1(stable_matrix(4, 0.95, 13), positive_matrix(4, 14), 20);
  const Matrix V = random_matrix(4, 3, 15);
  double last = 0;
  for (Index T = 1; T <= 10; ++T) {
    const double now = information(covariances, V.leftCols(1), T);
    EXPECT_GE(now, last - 1e-13);
    last = now;
  }
  EXPECT_GT(information(covariances, V.leftCols(2), 10), last);
  EXPECT_GT(information(covariances, V, 10), information(covariances, V.leftCols(2), 10));
}

TEST(PredictiveInformation, GradientAgreesWithFiniteDifferences) {
  const CrossCovariances covariances = var1(stable_matrix(6, 0.95, 16), positive_matrix(6, 17), 12);
  for (const Index T : {1, 3, 6}) {
    for (const Index d : {1, 2, 6}) {
      const PredictiveInformation f(covariances, T);
      // Oblique, but well conditioned: differences lose as the cube of the condition number.
      const Matrix V = random_rotation(6, 18).leftCols(d) + 0.1 * random_matrix(6, d, 19);
      Matrix gradient;
      const double value = f.value_and_gradient(V, gradient).value();
      EXPECT_EQ(value, f.value(V).value());
      const Vector differences = finite_difference_gradient(
          [&](In<Vector> v) { return f.value(v.reshaped(6, d)).value(); }, V.reshaped());
      EXPECT_LT((gradient.reshaped() - differences).norm(), 1e-8 * (1 + differences.norm()));
      // Invariance: there is no slope along V M.
      EXPECT_LT((V.transpose() * gradient).norm(), 1e-11);
    }
  }
}

TEST(PredictiveInformation, OfSampledAr1IsWithinItsStandardError) {
  // T = 1: PI = -1/2 log(1 - r^2) with Var r = (1 - a^2) / M: std PI = a / sqrt((1 - a^2) M).
  const double a = 0.8;
  const Index samples = 200'000;
  RandomStream stream({.seed = 1, .purpose = Purpose::analysis_noise});
  Matrix x(1, samples);
  x(0, 0) = stream.normal() / std::sqrt(1 - a * a);
  for (Index t = 1; t < samples; ++t) x(0, t) = a * x(0, t - 1) + stream.normal();
  const double standard_error = a / std::sqrt((1 - a * a) * static_cast<double>(samples));
  const double expected = -0.5 * std::log(1 - a * a);
  const std::vector<Matrix> trials = {x};
  EXPECT_NEAR(predictive_information(trials, scalar(1), 1).value(), expected, 4 * standard_error);
  EXPECT_NEAR(predictive_information(trials, scalar(1), 5).value(), expected, 4 * standard_error);
}

TEST(PredictiveInformation, OfTrialsIsThatOfTheirCrossCovariances) {
  const std::vector<Matrix> trials = {random_matrix(4, 50, 19), random_matrix(4, 40, 20)};
  const Matrix V = random_matrix(4, 2, 21);
  EXPECT_NEAR(predictive_information(trials, V, 3).value(),
              information(cross_covariances(trials, {.count = 6}), V, 3), 1e-12);
}

TEST(PredictiveInformation, IsNotDefinedForIndefiniteCovariances) {
  CrossCovariances impossible{Vector::Zero(1), {scalar(1), scalar(1.5)}};
  EXPECT_FALSE(predictive_information(impossible, scalar(1), 1).has_value());
}

TEST(PredictiveInformation, RejectsWrongShapes) {
  const CrossCovariances covariances = var1(stable_matrix(3, 0.9, 1), positive_matrix(3, 2), 5);
  const Matrix V = random_matrix(3, 2, 3);
  EXPECT_THROW(predictive_information(covariances, V, 3), std::invalid_argument);
  EXPECT_THROW(predictive_information(covariances, V, 0), std::invalid_argument);
  EXPECT_THROW(predictive_information(covariances, random_matrix(2, 1, 3), 2),
               std::invalid_argument);
  EXPECT_THROW(predictive_information(std::vector<Matrix>{}, V, 2), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
