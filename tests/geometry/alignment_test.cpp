// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/alignment.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;

TEST(Alignment, WithAxesIsGivenByComponents) {
  // a_1 = (3, 0, 4), a_2 = (0, 0, 2) beside h = 2 e_1, -e_2.
  const Matrix tangents{{3, 0}, {0, 0}, {4, 2}}, directions{{2, 0}, {0, -1}, {0, 0}};
  const Alignment found = alignment(tangents, 2, directions, 2);
  EXPECT_NEAR(found.cosines(0, 0), 0.6, 1e-15);
  EXPECT_EQ(found.cosines(1, 0), 0);
  EXPECT_NEAR(found.norm(0, 0), 0.6, 1e-15);
  EXPECT_NEAR(found.part(0, 0), 0.6, 1e-15);
  EXPECT_EQ(found.part(1, 0), 0);
}

TEST(Alignment, OfSkewDirectionsHasAPartThatIsNoMoreThanOne) {
  // Both readouts along e_1, nearly: the norm counts it twice, the part once.
  const Matrix directions{{1, 1}, {1e-3, -1e-3}, {0, 0}};
  const Alignment found = alignment(Matrix{{1}, {0}, {0}}, 1, directions, 2);
  EXPECT_NEAR(found.norm(0, 0), std::sqrt(2), 1e-5);
  EXPECT_NEAR(found.part(0, 0), 1, 1e-12);
  // And where they are one direction to the last bit, what is across it has no part in it.
  const Matrix twice{{1, 2}, {1, 2}, {0, 0}};
  EXPECT_NEAR(alignment(Matrix{{1}, {-1}, {0}}, 1, twice, 2).part(0, 0), 0, 1e-15);
}

TEST(Alignment, DoesNotSeeRotationsAndTakesDirectionsPointByPoint) {
  const Matrix tangents = random_matrix(12, 2 * 5, 1), directions = random_matrix(12, 3 * 5, 2);
  const Matrix Q = orthonormal_basis(random_matrix(12, 12, 3));
  const Alignment all = alignment(tangents, 2, directions, 3);
  const Alignment turned = alignment(Q * tangents, 2, Q * directions, 3);
  EXPECT_LT((turned.cosines - all.cosines).norm(), 1e-13);
  EXPECT_LT((turned.part - all.part).norm(), 1e-13);
  const Alignment one = alignment(tangents.middleCols(6, 2), 2, directions.middleCols(9, 3), 3);
  EXPECT_EQ(one.cosines.col(0), all.cosines.col(3));
  const Matrix basis = orthonormal_basis(directions.middleCols(9, 3));
  EXPECT_NEAR(one.part(1, 0), (basis.transpose() * tangents.col(7)).norm() / tangents.col(7).norm(),
              1e-14);
}

TEST(Alignment, OfNothingIsNotANumber) {
  Matrix tangents = random_matrix(4, 2, 4), directions = random_matrix(4, 2, 5);
  tangents.col(0).setZero();
  directions.col(1).setZero();
  const Alignment found = alignment(tangents, 2, directions, 2);
  EXPECT_TRUE(std::isnan(found.part(0, 0)));
  EXPECT_TRUE(std::isnan(found.cosines(0, 0)));
  EXPECT_TRUE(std::isnan(found.cosines(3, 0)));  // of the direction that is 0
  EXPECT_NEAR(found.part(1, 0), std::abs(found.cosines(2, 0)), 1e-15);
  EXPECT_TRUE(std::isnan(alignment(tangents, 2, Matrix::Zero(4, 1), 1).part(1, 0)));
  EXPECT_THROW(alignment(tangents, 2, directions, 3), std::invalid_argument);
  EXPECT_THROW(alignment(tangents, 2, Matrix::Zero(3, 2), 2), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
