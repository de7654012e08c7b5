// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/subspace_angles.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

TEST(SubspaceAngles, OfRotatedBasesAreTheAnglesOfTheRotation) {
  const Vector known{{1e-9, 0.3, 1.5}};
  Matrix A = Matrix::Zero(9, 3), B = Matrix::Zero(9, 3);
  for (Index i = 0; i < 3; ++i) {
    A(i, i) = 1;
    B(i, i) = std::cos(known(i));
    B(3 + i, i) = std::sin(known(i));
  }
  const Matrix Q = random_rotation(9, 1);
  const SubspaceAngles found =
      subspace_angles(Q * A * random_matrix(3, 3, 2), Q * B, {.samples = 1});
  EXPECT_LT((found.angles - known).norm(), 1e-14);
  EXPECT_NEAR(found.overlap, known.array().cos().square().mean(), 1e-14);
}

TEST(SubspaceAngles, BetaProbabilitiesAreThoseOfClosedForms) {
  for (const double x : {1e-6, 0.1, 0.5, 0.9, 0.999}) {
    EXPECT_NEAR(beta_probability(x, 1, 1), x, 1e-15);
    EXPECT_NEAR(beta_probability(x, 0.5, 0.5), 2 / std::numbers::pi * std::asin(std::sqrt(x)),
                1e-13);
    EXPECT_NEAR(beta_probability(x, 3, 1), x * x * x, 1e-14);
    EXPECT_NEAR(beta_probability(x, 1, 40), -std::expm1(40 * std::log1p(-x)), 1e-13);
    EXPECT_NEAR(beta_probability(x, 7, 2.5) + beta_probability(1 - x, 2.5, 7), 1, 1e-13);
  }
  EXPECT_EQ(beta_probability(-1, 2, 2), 0);
  EXPECT_EQ(beta_probability(2, 2, 2), 1);
}

TEST(SubspaceAngles, OfTwoLinesInThePlaneAreUniformByChance) {
  const Matrix A{{1.0}, {0.0}}, B{{std::cos(0.2)}, {std::sin(0.2)}};
  const SubspaceAngles found = subspace_angles(A, B);
  EXPECT_TRUE(found.exact);
  EXPECT_NEAR(found.p_overlap, 0.2 / (std::numbers::pi / 2), 1e-13);
  // Uniform in [0, pi / 2]: mean pi / 4, standard error pi / 2 / sqrt(12 samples).
  EXPECT_NEAR(found.null_mean(0), std::numbers::pi / 4, 4 * std::numbers::pi / 2 / std::sqrt(12e3));
}

TEST(SubspaceAngles, SampledAgreesWithClosedForm) {
  // A line against a plane of three dimensions: cos^2 ~ Beta(3/2, 5/2).
  Matrix plane = Matrix::Identity(8, 3);
  Vector line = Vector::Zero(8);
  line(0) = std::cos(0.9);
  line(7) = std::sin(0.9);
  const SubspaceAngles found = subspace_angles(line, plane, {.samples = 4000});
  // The quantiles, by their own distribution.
  const auto probability = [](double angle) {
    return beta_probability(std::pow(std::sin(angle), 2), 2.5, 1.5);
  };
  EXPECT_NEAR(probability(found.null_low(0)), 0.05, 4 * std::sqrt(0.05 * 0.95 / 4000));
  EXPECT_NEAR(probability(found.null_high(0)), 0.95, 4 * std::sqrt(0.05 * 0.95 / 4000));
  EXPECT_NEAR(found.p_overlap, probability(0.9), 1e-13);
}

TEST(SubspaceAngles, OfRandomSubspacesHaveTheOverlapOfChance) {
  const SubspaceAngles found = subspace_angles(random_matrix(20, 4, 3), random_matrix(20, 5, 4));
  EXPECT_GT(found.p_overlap, 1e-3);
  EXPECT_FALSE(found.exact);
  const SubspaceAngles same = subspace_angles(random_matrix(20, 4, 3), random_matrix(20, 4, 3));
  EXPECT_NEAR(same.p_overlap, 1.0 / 1001, 1e-15);
  EXPECT_NEAR(same.p_closer.maxCoeff(), 1.0 / 1001, 1e-15);
}

TEST(SubspaceAngles, RejectsWhatIsNoSubspace) {
  EXPECT_THROW((void)subspace_angles(Matrix::Ones(4, 2), random_matrix(4, 1, 5)),
               std::invalid_argument);
  EXPECT_THROW((void)subspace_angles(random_matrix(4, 1, 5), random_matrix(3, 1, 5)),
               std::invalid_argument);
  EXPECT_THROW((void)subspace_angles(Matrix(4, 0), random_matrix(4, 1, 5)), std::invalid_argument);
  EXPECT_THROW(
      (void)subspace_angles(random_matrix(4, 1, 5), random_matrix(4, 1, 5), {.samples = 0}),
      std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
