// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/linear_algebra.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <stdexcept>

#include "tests/core/matrices.hpp"

namespace nullcline {
namespace {

TEST(ComplexSchur, IsTriangularWithTheEigenvaluesOnTheDiagonal) {
  const Matrix A = normal(20, 20);
  const ComplexMatrix T = complex_schur(A);
  EXPECT_EQ(T.triangularView<Eigen::StrictlyLower>().toDenseMatrix().norm(), 0);
  EXPECT_NEAR(T.norm(), A.norm(), rounding(A));
  const ComplexVector values = eigenvalues(A);
  for (Index j = 0; j < 20; ++j) {
    EXPECT_LE((T.diagonal().array() - values(j)).abs().minCoeff(), 1e-11);
  }
}

TEST(ComplexSchur, IsDiagonalForNormalMatricesAlone) {
  const Matrix R = block_diagonal(rotation(0.3), 2 * rotation(1.1));
  EXPECT_NEAR(complex_schur(R).norm(), complex_schur(R).diagonal().norm(), rounding(R));
  const Matrix A = Matrix({{1.0, 5.0}, {0.0, 2.0}});
  EXPECT_NEAR(std::abs(complex_schur(A)(0, 1)), 5, rounding(A));
}

TEST(RealSchur, IsBlockTriangularWithTheEigenvaluesInItsBlocks) {
  const Index n = 20;
  const Matrix A = normal(n, n), T = real_schur(A);
  EXPECT_NEAR(T.norm(), A.norm(), rounding(A));
  const ComplexVector values = eigenvalues(A);
  const auto is_eigenvalue = [&](std::complex<double> value) {
    return (values.array() - value).abs().minCoeff() <= 1e-11;
  };
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j + 1 < i; ++j) EXPECT_EQ(T(i, j), 0);
  }
  for (Index i = 0; i + 2 < n; ++i) {
    EXPECT_TRUE(T(i + 1, i) == 0 || T(i + 2, i + 1) == 0) << "blocks have at most two rows";
  }
  for (Index j = 0; j < n; ++j) {
    if (j + 1 == n || T(j + 1, j) == 0) {
      EXPECT_TRUE(is_eigenvalue(T(j, j)));
    } else {
      EXPECT_EQ(T(j, j), T(j + 1, j + 1));
      EXPECT_LT(T(j, j + 1) * T(j + 1, j), 0);
      EXPECT_TRUE(is_eigenvalue({T(j, j), std::sqrt(-T(j, j + 1) * T(j + 1, j))}));
      ++j;
    }
  }
}

TEST(UnitCircleSchur, HasTheEigenvaluesOutsideFirstAndIsASimilarity) {
  const Index n = 30;
  const Matrix A = normal(n, n, 4) / std::sqrt(n / 1.5);
  const OrderedSchur schur = unit_circle_schur(A);
  Index outside = 0;
  for (const auto& value : eigenvalues(A)) outside += std::abs(value) > 1;
  ASSERT_GT(outside, 0);
  EXPECT_EQ(schur.outside, outside);
  for (const auto& value : eigenvalues(schur.T.topLeftCorner(outside, outside))) {
    EXPECT_GT(std::abs(value), 1);
  }
  EXPECT_LE((schur.Q * schur.T * schur.Q.transpose() - A).norm(), 100 * n * eps * A.norm());
  EXPECT_LE((schur.Q.transpose() * schur.Q - Matrix::Identity(n, n)).norm(), 100 * n * eps);
}

TEST(SolveSylvester, SolvesItsEquation) {
  const Matrix A = real_schur(normal(7, 7, 5)), B = real_schur(normal(5, 5, 6));
  const Matrix C = normal(7, 5, 7), X = solve_sylvester(A, B, C);
  EXPECT_LE((A * X - X * B - C).norm(), 1e3 * eps * (1 + X.norm()) * (A.norm() + B.norm()));
  EXPECT_EQ(solve_sylvester(A, Matrix(0, 0), Matrix(7, 0)).size(), 0);
  EXPECT_THROW(solve_sylvester(A, B, normal(5, 7, 7)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
