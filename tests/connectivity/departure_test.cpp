// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/departure.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

TEST(DepartureFromNormality, OfNormalMatricesIsZero) {
  const Matrix A = random_weights(12, 1);
  const Matrix Q = orthonormal_basis(A);
  Matrix circulant(12, 12);
  for (Index i = 0; i < 12; ++i) {
    for (Index j = 0; j < 12; ++j) circulant(i, j) = A((i - j + 12) % 12, 0);
  }
  for (const Matrix& normal :
       {Matrix(A + A.transpose()), Matrix(A - A.transpose()), Q, circulant}) {
    const Departure departure = departure_from_normality(normal);
    EXPECT_LT(departure.frobenius, 1e-13 * normal.norm());
    EXPECT_LT(departure.operator_norm, 1e-13 * normal.norm());
  }
  EXPECT_LT(departure_from_normality(A + A.transpose()).real_frobenius, 1e-12);
}

TEST(DepartureFromNormality, OfANilpotentBlockIsItsEntry) {
  const Departure departure = departure_from_normality(Matrix{{0, -3}, {0, 0}});
  EXPECT_NEAR(departure.frobenius, 3, 1e-15);
  EXPECT_NEAR(departure.operator_norm, 3, 1e-15);
  EXPECT_NEAR(departure.real_frobenius, 3, 1e-15);
  EXPECT_NEAR(departure.real_operator_norm, 3, 1e-15);
}

TEST(DepartureFromNormality, OfAJordanBlockIsTheNormOfTheShift) {
  // lambda I + c S with S the shift of 5: |S|_F = 2, |S|_2 = 1.
  Matrix J = 0.7 * Matrix::Identity(5, 5);
  J.diagonal(1).setConstant(0.4);
  const Departure departure = departure_from_normality(J);
  EXPECT_NEAR(departure.frobenius, 0.8, 1e-14);
  EXPECT_NEAR(departure.operator_norm, 0.4, 1e-14);
}

TEST(DepartureFromNormality, OfATwoByTwoMatrixHasAClosedForm) {
  // Triangular in another basis: [a, b; 0, c] departs by |b|, whatever the rotation.
  const double angle = 0.6;
  const Matrix R{{std::cos(angle), -std::sin(angle)}, {std::sin(angle), std::cos(angle)}};
  const Matrix A = R * Matrix{{2, 5}, {0, -1}} * R.transpose();
  const Departure departure = departure_from_normality(A);
  EXPECT_NEAR(departure.frobenius, 5, 1e-13);
  EXPECT_NEAR(departure.operator_norm, 5, 1e-13);
  EXPECT_NEAR(departure.real_operator_norm, 5, 1e-13);
}

TEST(DepartureFromNormality, OfARotationIsZeroExceptInTheRealForm) {
  const double angle = 0.6;
  const Matrix R{{std::cos(angle), -std::sin(angle)}, {std::sin(angle), std::cos(angle)}};
  const Departure departure = departure_from_normality(R);
  EXPECT_NEAR(departure.frobenius, 0, 1e-15);
  EXPECT_NEAR(departure.real_frobenius, std::sin(angle), 1e-15);
}

TEST(DepartureFromNormality, ObeysHenricisIdentity) {
  for (const Index n : {3, 20, 60}) {
    const Matrix A = random_weights(n, 2);
    const Departure departure = departure_from_normality(A);
    const double squared = A.squaredNorm() - eigenvalues(A).squaredNorm();
    EXPECT_NEAR(departure.frobenius * departure.frobenius, squared, 1e-11 * A.squaredNorm());
    EXPECT_LE(departure.operator_norm, departure.frobenius);
    EXPECT_GE(departure.operator_norm * std::sqrt(static_cast<double>(n)), departure.frobenius);
    EXPECT_LE(departure.real_operator_norm, departure.real_frobenius);
    EXPECT_NEAR(departure.matrix_frobenius, A.norm(), 1e-14 * A.norm());
  }
}

TEST(DepartureFromNormality, DoesNotChangeUnderRotationsAndShifts) {
  const Matrix A = random_weights(15, 3), Q = orthonormal_basis(random_weights(15, 4));
  const double expected = departure_from_normality(A).frobenius;
  EXPECT_NEAR(departure_from_normality(Q * A * Q.transpose()).frobenius, expected, 1e-11);
  EXPECT_NEAR(departure_from_normality(A + 2 * Matrix::Identity(15, 15)).frobenius, expected,
              1e-11);
  EXPECT_NEAR(departure_from_normality(-3 * A).frobenius, 3 * expected, 1e-11);
}

TEST(DepartureFromNormality, RejectsWhatIsNotSquare) {
  EXPECT_THROW(departure_from_normality(Matrix::Zero(2, 3)), std::invalid_argument);
  EXPECT_THROW(departure_from_normality(Matrix::Zero(0, 0)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
