// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/non_normality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

TEST(NonNormality, OfARotationIsNone) {
  Matrix J(2, 2);
  J << std::cos(0.7), -std::sin(0.7), std::sin(0.7), std::cos(0.7);
  const NonNormality result = non_normality(0.9 * J);
  EXPECT_NEAR(result.departure, 0, 1e-15);
  EXPECT_NEAR(result.norm, 0.9, 1e-15);
  EXPECT_NEAR(result.spectral_radius, 0.9, 1e-15);
  EXPECT_NEAR(result.numerical_abscissa, 0.9 * std::cos(0.7), 1e-15);
  EXPECT_EQ(result.peak, 1);
  EXPECT_EQ(result.peak_step, 0);
  EXPECT_TRUE(result.peak_is_final);
}

TEST(NonNormality, OfATriangularMatrixIsItsOffDiagonalPart) {
  // [a, c; 0, b]: departure |c|, abscissa (a + b) / 2 + sqrt((a - b)^2 + c^2) / 2.
  Matrix J(2, 2);
  J << 0.9, 5, 0, 0.5;
  const NonNormality result = non_normality(J);
  EXPECT_NEAR(result.departure, 5, 1e-14);
  EXPECT_NEAR(result.departure, std::sqrt(J.squaredNorm() - 0.81 - 0.25), 1e-14);
  EXPECT_NEAR(result.numerical_abscissa, 0.7 + 0.5 * std::hypot(0.4, 5), 1e-14);
  EXPECT_NEAR(result.norm, singular_values(J)(0), 1e-14);
}

TEST(NonNormality, HasThePeakOfAllPowers) {
  // c (a^k - b^k) / (a - b) off the diagonal: the powers grow before they decay.
  Matrix J(2, 2);
  J << 0.95, 5, 0, 0.9;
  const NonNormality result = non_normality(J, 1000);
  double peak = 1;
  Index step = 0;
  Matrix power = Matrix::Identity(2, 2);
  for (Index k = 1; k <= 1000; ++k) {
    power = (J * power).eval();
    const double norm = singular_values(power)(0);
    if (norm > peak) peak = norm, step = k;
  }
  EXPECT_NEAR(result.peak, peak, 1e-12 * peak);
  EXPECT_EQ(result.peak_step, step);
  EXPECT_TRUE(result.peak_is_final);
  EXPECT_FALSE(non_normality(J, step).peak_is_final);
}

TEST(NonNormality, OfAFeedforwardChainAmplifiesAlongIt) {
  // x_{i+1} <- 2 x_i, nilpotent: |J^k| = 2^k for k < n and 0 from then on.
  Matrix J = Matrix::Zero(6, 6);
  J.diagonal(-1).setConstant(2);
  const NonNormality result = non_normality(J);
  EXPECT_NEAR(result.peak, 32, 1e-12);
  EXPECT_EQ(result.peak_step, 5);
  EXPECT_TRUE(result.peak_is_final);
  EXPECT_NEAR(result.departure, 2 * std::sqrt(5), 1e-13);
}

TEST(NonNormality, OfAnUnstableMatrixStopsBeforeItOverflows) {
  const NonNormality result = non_normality(10 * Matrix::Identity(3, 3), 100000);
  EXPECT_TRUE(std::isfinite(result.peak));
  EXPECT_FALSE(result.peak_is_final);
  EXPECT_THROW(non_normality(Matrix::Zero(2, 3)), std::invalid_argument);
  EXPECT_THROW(non_normality(Matrix::Zero(2, 2), -1), std::invalid_argument);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(non_normality(Matrix::Constant(2, 2, infinity)).status, SpectrumStatus::not_finite);
}

}  // namespace
}  // namespace nullcline::dynamics
