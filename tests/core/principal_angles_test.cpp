// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/linear_algebra.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "tests/core/matrices.hpp"

namespace nullcline {
namespace {

using std::numbers::pi;

/// In R^6: the plane of e_1, e_2 and the one that leans from it by s and t.
struct LeaningPlanes {
  Matrix A = Matrix::Identity(6, 2), B = Matrix::Zero(6, 2);
  LeaningPlanes(double s, double t) {
    B(0, 0) = std::cos(s);
    B(2, 0) = std::sin(s);
    B(1, 1) = std::cos(t);
    B(3, 1) = std::sin(t);
  }
};

TEST(PrincipalAngles, AreAccurateFromTinyToRight) {
  for (const double s : {0.0, 1e-14, 1e-10, 1e-3, 0.7}) {
    for (const double t : {0.8, 1.5, pi / 2 - 1e-10, pi / 2}) {
      const LeaningPlanes planes(s, t);
      const Vector angles = principal_angles(planes.A, planes.B);
      ASSERT_EQ(angles.size(), 2);
      EXPECT_NEAR(angles(0), s, 10 * eps);
      EXPECT_NEAR(angles(1), t, 10 * eps);
    }
  }
}

TEST(PrincipalAngles, DoNotDependOnBasesCoordinatesOrOrder) {
  const LeaningPlanes planes(0.2, 1.1);
  const Matrix Q = orthonormal_basis(normal(6, 6)), M = normal(2, 2, 5);
  const Vector angles = principal_angles(Q * planes.A * M, Q * planes.B);
  EXPECT_NEAR(angles(0), 0.2, 1e-14);
  EXPECT_NEAR(angles(1), 1.1, 1e-14);
  EXPECT_LE((principal_angles(planes.B, planes.A) - angles).norm(), 1e-14);
}

TEST(PrincipalAngles, DoNotDependOnTheLengthOfColumns) {
  LeaningPlanes planes(0.2, 1.1);
  planes.A.col(0) *= 1e-200;
  planes.B.col(1) *= 1e200;
  const Vector angles = principal_angles(planes.A, planes.B);
  EXPECT_NEAR(angles(0), 0.2, 10 * eps);
  EXPECT_NEAR(angles(1), 1.1, 10 * eps);
}

TEST(PrincipalAngles, AreAsManyAsTheSmallerSpaceHasDimensions) {
  const Matrix A = normal(10, 4), line = A * Vector::Ones(4);
  const Vector inside = principal_angles(line, A);
  ASSERT_EQ(inside.size(), 1);
  EXPECT_NEAR(inside(0), 0, 1e-14);
  EXPECT_EQ(principal_angles(A, line).size(), 1);
  EXPECT_EQ(principal_angles(A, Matrix(10, 0)).size(), 0);
  const Vector same = principal_angles(A, A * normal(4, 4, 3));
  EXPECT_LE(same.maxCoeff(), 1e-13);
}

TEST(PrincipalAngles, RefuseDependentColumns) {
  Matrix A = normal(6, 2);
  A.col(1) = 3 * A.col(0);
  EXPECT_THROW(principal_angles(A, normal(6, 2)), std::invalid_argument);
  A.col(1).setZero();
  EXPECT_THROW(principal_angles(A, normal(6, 2)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
