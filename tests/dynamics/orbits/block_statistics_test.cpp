// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/block_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics::detail {
namespace {

TEST(BlockedStandardError, OfAnAutoregressionHasItsLongRunVariance) {
  // x_t = a x_{t-1} + e_t: variance of the mean -> 1 / (1 - a)^2 / T.
  const Index T = 4096;
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Matrix x = random_matrix(T, 1, 1.0, seed);
    for (Index t = 1; t < T; ++t) x(t, 0) += 0.8 * x(t - 1, 0);
    sum += blocked_standard_error(x);
  }
  const double known = 1 / 0.2 / std::sqrt(static_cast<double>(T));
  // 18 % / sqrt(20) of noise, and the larger of two levels is some 10 % above
  EXPECT_NEAR(sum / 20 / known, 1.07, 0.15);
}

TEST(BlockedStandardError, CountsDifferencesBetweenSeries) {
  // 20 constant series with the values 0 .. 19: as 20 independent numbers, however long.
  const Matrix x = Vector::LinSpaced(20, 0, 19).transpose().replicate(64, 1);
  EXPECT_NEAR(blocked_standard_error(x), std::sqrt(35.0) / std::sqrt(20.0), 1e-12);
}

TEST(BlockedStandardError, OfAConstantIsZeroAndOfTooLittleInfinite) {
  EXPECT_EQ(blocked_standard_error(Matrix::Constant(64, 1, 3.0)), 0);
  EXPECT_EQ(blocked_standard_error(Matrix::Constant(1, 1, 3.0)),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(
      blocked_standard_error(Matrix::Constant(64, 1, -std::numeric_limits<double>::infinity())),
      std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace nullcline::dynamics::detail
