// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/homology/landmarks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/distances.hpp"
#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;

TEST(AllStates, StandSideBySide) {
  const Matrix X = random_matrix(2, 7, 4);
  EXPECT_EQ(all_states(std::vector<Matrix>{X.leftCols(3), X.rightCols(4)}), X);
  EXPECT_THROW((void)all_states(std::vector<Matrix>{X, X.topRows(1)}), std::invalid_argument);
}

TEST(FarthestPoints, OfALineAreItsEndsThenItsMiddle) {
  Matrix X(1, 9);
  X << 0, 1, 2, 3, 4, 5, 6, 7, 8;
  const Landmarks three = farthest_points(X, 3);
  EXPECT_EQ(three.points, (std::vector<Index>{0, 8, 4}));
  EXPECT_EQ(three.covering_radius, 2);
  EXPECT_EQ(farthest_points(X, 0).points.size(), 9u);
  EXPECT_EQ(farthest_points(X, 20).covering_radius, 0);
  EXPECT_EQ(farthest_points(X, 1, 4).covering_radius, 4);
}

TEST(FarthestPoints, AreFartherApartThanTheyLeaveOthers) {
  const Matrix X = random_matrix(3, 200, 1), D = detail::euclidean_distances(X);
  const Landmarks few = farthest_points(X, 20);
  Matrix among = D(few.points, few.points);
  among.diagonal().setConstant(1e9);
  EXPECT_GE(among.minCoeff(), few.covering_radius);
  const Matrix to_landmarks = D(few.points, Eigen::all);
  EXPECT_NEAR(to_landmarks.colwise().minCoeff().maxCoeff(), few.covering_radius, 1e-14);
  EXPECT_EQ(farthest_points_by_distance(D, 20).points, few.points);
}

TEST(SamplingRadius, CoversTheCircleAsOftenAsItSays) {
  // The Hausdorff distance of a sample of the circle to it is half the chord of the largest gap.
  const double turn = 2 * std::numbers::pi;
  int covered = 0;
  double largest = 0;
  for (std::uint64_t run = 0; run < 60; ++run) {
    RandomStream stream({.seed = run, .purpose = Purpose::analysis_noise});
    std::vector<double> angles(300);
    for (double& angle : angles) angle = turn * stream.uniform();
    std::sort(angles.begin(), angles.end());
    double gap = angles.front() + turn - angles.back();
    Matrix X(2, 300);
    for (Index i = 0; i < 300; ++i) {
      const double angle = angles[static_cast<std::size_t>(i)];
      X.col(i) << std::cos(angle), std::sin(angle);
      if (i > 0) gap = std::max(gap, angle - angles[static_cast<std::size_t>(i - 1)]);
    }
    const double radius = sampling_radius(X, {.subsamples = 60, .seed = run});
    covered += 2 * std::sin(gap / 4) <= radius ? 1 : 0;
    largest = std::max(largest, radius);
  }
  // 95 % of 60 less three standard deviations; and less than the radius of the circle.
  EXPECT_GE(covered, 60 * 0.95 - 3 * std::sqrt(60 * 0.95 * 0.05));
  EXPECT_LT(largest, 1);
}

TEST(SamplingRadius, IsTheSameForAnyNumberOfThreadsAndGrowsWithConfidence) {
  const Matrix X = random_matrix(4, 100, 2);
  const double one = sampling_radius(X), two = sampling_radius(X, {.threads = Threads{2}});
  EXPECT_EQ(one, two);
  EXPECT_LE(sampling_radius(X, {.confidence = 0.5}), one);
  EXPECT_NEAR(sampling_radius(X, {.subsample_size = 100}), 0, 1e-6);
}

TEST(SamplingRadius, RefusesWhatDoesNotFit) {
  const Matrix X = random_matrix(2, 10, 3);
  EXPECT_THROW((void)sampling_radius(X.leftCols(1)), std::invalid_argument);
  EXPECT_THROW((void)sampling_radius(X, {.confidence = 1}), std::invalid_argument);
  EXPECT_THROW((void)sampling_radius(X, {.subsample_size = 11}), std::invalid_argument);
  EXPECT_THROW((void)farthest_points_by_distance(X, 1), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
