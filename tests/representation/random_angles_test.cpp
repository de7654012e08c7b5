// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/random_angles.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace nullcline::representation {
namespace {

constexpr double right_angle = std::numbers::pi / 2;

// In the plane the angle of two lines is uniform in [0, pi/2].
TEST(RandomAngles, OfTwoLinesInThePlaneAreUniform) {
  const RandomAngles angles =
      random_principal_angles(2, 1, 1, {.draws = 4000, .probabilities = Vector{{0.1, 0.5, 0.9}}});
  // The standard error of a quantile of 4000 draws is pi/2 sqrt(p (1 - p) / 4000) <= 0.0125.
  EXPECT_NEAR(angles.quantiles(0, 0), 0.1 * right_angle, 0.04);
  EXPECT_NEAR(angles.quantiles(0, 1), 0.5 * right_angle, 0.05);
  EXPECT_NEAR(angles.quantiles(0, 2), 0.9 * right_angle, 0.04);
  EXPECT_NEAR(angles.mean(0), right_angle / 2, 4 * right_angle / std::sqrt(12 * 4000.0));
}

// In R^3 the cosine of the angle of two lines is uniform in [0, 1] [Archimedes], and so is the sine
// of that of a line to a plane.
TEST(RandomAngles, OfLinesAndPlanesInSpaceFollowArchimedes) {
  const Vector p{{0.2, 0.5, 0.8}};
  const RandomAngles lines =
      random_principal_angles(3, 1, 1, {.draws = 4000, .probabilities = p, .seed = 1});
  const RandomAngles planes =
      random_principal_angles(3, 2, 1, {.draws = 4000, .probabilities = p, .seed = 2});
  for (Index i = 0; i < 3; ++i) {
    EXPECT_NEAR(std::cos(lines.quantiles(0, i)), 1 - p(i), 0.03) << i;
    EXPECT_NEAR(std::sin(planes.quantiles(0, i)), p(i), 0.03) << i;
  }
}

// Squared cosines add up to p q / n in the mean; cos^2 is convex enough near pi/2 that the mean
// angles alone do not say so, hence dimensions in which all angles are near it.
TEST(RandomAngles, OfFewDimensionsInManyAreNearlyRight) {
  const Index n = 200;
  const RandomAngles angles = random_principal_angles(n, 3, 2, {.draws = 300});
  ASSERT_EQ(angles.mean.size(), 2);
  EXPECT_LT(angles.mean(0), angles.mean(1));
  const double sum = angles.mean.array().cos().square().sum();
  EXPECT_LT(sum, 1.1 * 3 * 2 / static_cast<double>(n));  // Jensen: at most the mean of the sum.
  EXPECT_GT(sum, 0.5 * 3 * 2 / static_cast<double>(n));
}

// Two planes of R^3 share a line; p + q - n angles are 0.
TEST(RandomAngles, OfSubspacesThatMustMeetAreZero) {
  const RandomAngles angles = random_principal_angles(3, 2, 2, {.draws = 50});
  EXPECT_LT(angles.quantiles(0, 2), 1e-14);
  EXPECT_GT(angles.quantiles(1, 0), 1e-3);
  const RandomAngles all = random_principal_angles(4, 4, 2, {.draws = 5});
  EXPECT_LT(all.quantiles.maxCoeff(), 1e-14);
}

TEST(RandomAngles, AreTheSameForTheSameSeedAlone) {
  const auto draw = [](std::uint64_t seed) {
    return random_principal_angles(8, 3, 2, {.draws = 20, .seed = seed}).quantiles;
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

TEST(RandomAngles, RejectDimensionsAndOptionsOutOfRange) {
  EXPECT_THROW((void)random_principal_angles(3, 0, 1), std::invalid_argument);
  EXPECT_THROW((void)random_principal_angles(3, 1, 4), std::invalid_argument);
  EXPECT_THROW((void)random_principal_angles(3, 1, 1, {.draws = 0}), std::invalid_argument);
  EXPECT_THROW((void)random_principal_angles(3, 1, 1, {.probabilities = Vector{{1.5}}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
