// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/lu.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_matrix.hpp"

namespace nullcline {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

Matrix inverse_by(const Lu& lu) {
  Matrix X = Matrix::Identity(lu.dim(), lu.dim());
  lu.solve(X);
  return X;
}

/// Sizes around the blocks of eight and the tiles of four and six rows.
class LuOfSize : public testing::TestWithParam<int> {};

TEST_P(LuOfSize, SolvesAsLapackDoes) {
  const Index n = GetParam();
  const Matrix A = random_matrix<double>(n, n, 1), B = random_matrix<double>(n, 3, 2);
  Lu lu;
  ASSERT_TRUE(lu.factor(A));
  Matrix X = B;
  lu.solve(X);
  // Backward stability of partial pivoting: residual ~ eps n |A| |X|, both ways.
  const double allowed = 4 * eps * static_cast<double>(n) * A.norm() * X.norm();
  EXPECT_LE((A * X - B).norm(), allowed);
  EXPECT_LE((A * *solve(A, B) - B).norm(), allowed);
  const Matrix inverse = inverse_by(lu);
  EXPECT_LE((A * inverse - Matrix::Identity(n, n)).norm(),
            4 * eps * static_cast<double>(n) * A.norm() * inverse.norm());
}

TEST_P(LuOfSize, TellsTheSignOfTheDeterminant) {
  const Index n = GetParam();
  const Matrix A = random_matrix<double>(n, n, 3);
  // det is the product of the eigenvalues, of which only negative real ones change the sign.
  int sign = 1;
  for (const auto& lambda : eigenvalues(A)) {
    if (lambda.imag() == 0 && lambda.real() < 0) sign = -sign;
  }
  Lu lu;
  ASSERT_TRUE(lu.factor(A));
  EXPECT_EQ(lu.sign_of_determinant(), sign);
  const double log_abs = eigenvalues(A).cwiseAbs().array().log().sum();
  EXPECT_NEAR(lu.log_abs_determinant(), log_abs, 1e-9);  // eps times the condition of eigenvalues
}

INSTANTIATE_TEST_SUITE_P(Lu, LuOfSize,
                         testing::Values(1, 2, 5, 7, 8, 9, 14, 15, 16, 17, 23, 33, 64, 70, 129));

TEST(Lu, NeedsPivotsWhereTheDiagonalIsZero) {
  Matrix A = Matrix::Zero(20, 20);
  for (Index i = 0; i < 20; ++i) A(i, (i + 1) % 20) = static_cast<double>(i + 1);  // a cycle
  Lu lu;
  ASSERT_TRUE(lu.factor(A));
  EXPECT_LE((A * inverse_by(lu) - Matrix::Identity(20, 20)).norm(), 1e-14);
  EXPECT_EQ(lu.sign_of_determinant(), -1);  // a cycle of even length is an odd permutation
}

TEST(Lu, TellsWhatIsSingularOrNotFinite) {
  Lu lu;
  EXPECT_FALSE(lu.factor(Matrix::Zero(3, 3)));
  Matrix A = random_matrix<double>(12, 12, 4);
  A.col(5).setZero();
  EXPECT_FALSE(lu.factor(A));
  A = random_matrix<double>(12, 12, 4);
  A(7, 7) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(lu.factor(A));
  EXPECT_TRUE(lu.factor(random_matrix<double>(12, 12, 5)));  // and goes on working
}

TEST(Lu, OfNothingSolvesNothing) {
  Lu lu;
  ASSERT_TRUE(lu.factor(Matrix(0, 0)));
  EXPECT_EQ(inverse_by(lu).size(), 0);
}

TEST(Lu, RejectsWrongShapes) {
  Lu lu;
  EXPECT_THROW(lu.factor(Matrix::Zero(2, 3)), std::invalid_argument);
  ASSERT_TRUE(lu.factor(Matrix::Identity(2, 2)));
  Matrix b = Matrix::Zero(3, 1);
  EXPECT_THROW(lu.solve(b), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
