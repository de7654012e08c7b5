// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/starts.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

TEST(DrawStarts, TakesDistinctStatesFirst) {
  Matrix states(1, 50);
  for (Index s = 0; s < 50; ++s) states(0, s) = static_cast<double>(s);
  const Matrix starts = draw_starts(states, {.states = 20, .mixes = 0, .noisy = 0});
  ASSERT_EQ(starts.cols(), 20);
  const std::set<double> drawn(starts.data(), starts.data() + 20);
  EXPECT_EQ(drawn.size(), 20u);
  for (const double s : drawn) EXPECT_EQ(s, std::round(s));
}

TEST(DrawStarts, TakesAllStatesWhereThereAreFewer) {
  const Matrix states = random_matrix(3, 5, 1.0, 1);
  const Matrix starts = draw_starts(states, {.states = 20, .mixes = 2, .noisy = 1});
  EXPECT_EQ(starts.cols(), 5 + 2 + 1);
}

TEST(DrawStarts, MixesLieOnTheSegmentBetweenTwoStates) {
  Matrix states(2, 2);
  states << 1, 3, 2, 8;
  const Matrix starts = draw_starts(states, {.states = 0, .mixes = 200, .noisy = 0});
  double least = 1, largest = 0;
  for (Index k = 0; k < 200; ++k) {
    const double w = (starts(0, k) - 1) / 2;
    EXPECT_NEAR(starts(1, k), 2 + 6 * w, 1e-14);
    least = std::min(least, w);
    largest = std::max(largest, w);
  }
  EXPECT_NEAR(least, 0, 1e-14);  // a half of them mixes a state with itself
  EXPECT_NEAR(largest, 1, 1e-14);
  EXPECT_GT(((starts.row(0).array() > 1.5) && (starts.row(0).array() < 2.5)).count(), 20);
}

TEST(DrawStarts, NoiseHasTheStandardDeviationAsked) {
  // States +-1 in every coordinate: their standard deviation is 1.
  Matrix states = Matrix::Ones(100, 2);
  states.col(1) *= -1;
  const Matrix noisy = draw_starts(states, {.states = 0, .mixes = 0, .noisy = 200, .noise = 0.5});
  // Without noise all coordinates of a start are equal: their spread is the noise.
  const Eigen::RowVectorXd mean = noisy.colwise().mean();
  const double variance = (noisy.rowwise() - mean).squaredNorm() / (99 * 200);
  // Of 19800 normals the variance has a relative standard error of sqrt(2 / 19800) = 0.010.
  EXPECT_NEAR(variance, 0.25, 0.25 * 0.05);
}

TEST(DrawStarts, AStartDoesNotDependOnHowManyThereAre) {
  const Matrix states = random_matrix(4, 30, 1.0, 2);
  const Matrix few = draw_starts(states, {.states = 3, .mixes = 5, .noisy = 2, .seed = 9});
  const Matrix many = draw_starts(states, {.states = 10, .mixes = 50, .noisy = 20, .seed = 9});
  EXPECT_EQ(few.leftCols(3), many.leftCols(3));
  EXPECT_EQ(few.middleCols(3, 5), many.middleCols(10, 5));
  EXPECT_EQ(few.middleCols(8, 2), many.middleCols(60, 2));
  EXPECT_NE(few, draw_starts(states, {.states = 3, .mixes = 5, .noisy = 2, .seed = 8}));
  EXPECT_NE(few,
            draw_starts(states, {.states = 3, .mixes = 5, .noisy = 2, .seed = 9, .network = 1}));
}

TEST(DrawStarts, RejectsBadArguments) {
  const Matrix states = Matrix::Ones(2, 3);
  EXPECT_THROW(draw_starts(Matrix(2, 0)), std::invalid_argument);
  EXPECT_THROW(draw_starts(states, {.states = -1}), std::invalid_argument);
  EXPECT_THROW(draw_starts(states, {.noise = -1}), std::invalid_argument);
  Matrix bad = states;
  bad(0, 0) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(draw_starts(bad), std::invalid_argument);
}

TEST(Starts, AboutRootsLieOnTheLinesBetweenThemUpToNoise) {
  Matrix roots(3, 2);
  roots << 1, -1, 0, 0, 0, 0;
  const Matrix still = Matrix::Constant(3, 2, 0.5);  // no spread, no noise
  const Matrix starts = draw_starts_about(roots, still, 400);
  EXPECT_TRUE(starts.bottomRows(2).isZero(0));
  EXPECT_GT(starts.row(0).maxCoeff(), 1.5);
  EXPECT_LE(starts.row(0).maxCoeff(), 2);
  EXPECT_LT(starts.row(0).minCoeff(), -1.5);
  EXPECT_GE(starts.row(0).minCoeff(), -2);
  EXPECT_EQ(draw_starts_about(roots, still, 7), starts.leftCols(7));
  EXPECT_EQ(draw_starts_about(roots, still, 7, {.first = 3}), starts.middleCols(3, 7));

  // About one root there is noise alone, whose mean square is (4 - 2^-8) / (10 ln 2) of the spread.
  Matrix wide = Matrix::Zero(2, 2);
  wide << 1, -1, 1, -1;  // a spread of 1
  const Matrix cloud = draw_starts_about(Vector::Zero(2), wide, 4000);
  const double mean_square = (4 - std::exp2(-8)) / (10 * std::log(2));
  // The mean square of one start has the variance 2 E s^4 - (E s^2)^2 < 2, as E s^4 is 1.15.
  EXPECT_NEAR(cloud.squaredNorm() / 8000, mean_square, 5 * std::sqrt(2 / 4000.0));
  EXPECT_THROW(draw_starts_about(Matrix(2, 0), wide, 1), std::invalid_argument);
  EXPECT_THROW(draw_starts_about(Matrix::Zero(3, 1), wide, 1), std::invalid_argument);
  EXPECT_THROW(draw_starts_about(wide, wide, -1), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
