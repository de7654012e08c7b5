// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/qr.hpp"

#include <gtest/gtest.h>
#include <Eigen/Cholesky>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "random_matrix.hpp"

namespace nullcline {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

struct Factors {
  Matrix Q, R;
};
Factors factors_of(const Matrix& A) {
  Factors factors{A, Matrix(A.cols(), A.cols())};
  qr_in_place(factors.Q, factors.R);
  return factors;
}

double departure(const Matrix& Q) {
  return (Q.transpose() * Q - Matrix::Identity(Q.cols(), Q.cols())).norm();
}

/// Backward stability of Householder's method [Higham 2002, theorem 19.4].
void expect_factors(const Matrix& A, const Factors& factors) {
  const double n = static_cast<double>(A.rows()), k = static_cast<double>(A.cols());
  const double relative = 4 * eps * std::sqrt(n) * k;
  EXPECT_LE((factors.Q * factors.R - A).norm(), relative * A.norm());
  EXPECT_LE(departure(factors.Q), relative);
  EXPECT_TRUE(factors.R.isUpperTriangular(0));
  EXPECT_TRUE((factors.R.diagonal().array() >= 0).all());
}

/// Sizes around vectors of eight and blocks of 32.
class QrOfSize : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(QrOfSize, IsBackwardStable) {
  const auto [n, k] = GetParam();
  const Matrix A = random_matrix<double>(n, k, 1);
  expect_factors(A, factors_of(A));
}

TEST_P(QrOfSize, HasTheCholeskyFactorOfTheGramMatrix) {
  const auto [n, k] = GetParam();
  // Orthonormal columns times 1 .. 2: condition 2, so that A'A = R'R loses nothing.
  Matrix A = factors_of(random_matrix<double>(n, k, 2)).Q;
  for (Index j = 0; j < k; ++j) A.col(j) *= 1 + static_cast<double>(j) / static_cast<double>(k);
  A *= svd(random_matrix<double>(k, k, 3)).U;
  const Eigen::LLT<Matrix> cholesky(A.transpose() * A);
  const Matrix R = cholesky.matrixU();
  EXPECT_LE((factors_of(A).R - R).norm(), 100 * eps * static_cast<double>(n) * R.norm());
}

INSTANTIATE_TEST_SUITE_P(Qr, QrOfSize,
                         testing::Values(std::pair{1, 1}, std::pair{2, 1}, std::pair{5, 5},
                                         std::pair{8, 8}, std::pair{9, 4}, std::pair{31, 31},
                                         std::pair{32, 32}, std::pair{33, 33}, std::pair{70, 5},
                                         std::pair{65, 64}, std::pair{100, 97},
                                         std::pair{300, 40}));

TEST(Qr, GoesOnWithOrthonormalColumnsWhereTheRankEnds) {
  const Matrix A = random_matrix<double>(50, 7, 4) * random_matrix<double>(7, 40, 5);
  const Factors factors = factors_of(A);
  expect_factors(A, factors);
  EXPECT_LE(factors.R.bottomRows(33).norm(), 100 * eps * A.norm());
  const Matrix nothing = Matrix::Zero(40, 35);
  expect_factors(nothing, factors_of(nothing));
  EXPECT_EQ(factors_of(nothing).R, Matrix::Zero(35, 35));
}

TEST(Qr, OfAnUpperTriangularMatrixChangesSignsOnly) {
  Matrix A = random_matrix<double>(40, 40, 6).triangularView<Eigen::Upper>();
  const Factors factors = factors_of(A);
  EXPECT_EQ(factors.R.cwiseAbs(), A.cwiseAbs());
  EXPECT_EQ(factors.Q.cwiseAbs(), Matrix::Identity(40, 40));
}

TEST(Qr, DoesNotDependOnScale) {
  const Matrix A = random_matrix<double>(45, 40, 7);
  const Factors unscaled = factors_of(A);
  for (const double scale : {0x1p-1000, 0x1p-600, 0x1p600, 0x1p1010}) {
    const Factors factors = factors_of(scale * A);
    EXPECT_EQ(factors.Q, unscaled.Q) << scale;
    EXPECT_EQ(factors.R, scale * unscaled.R) << scale;
  }
}

TEST(Qr, TellsColumnsOfVeryDifferentLengthApart) {
  Matrix A = random_matrix<double>(64, 64, 8);
  const Factors unscaled = factors_of(A);
  for (Index j = 0; j < 64; ++j) A.col(j) *= std::ldexp(1.0, static_cast<int>(-15 * j));
  const Factors factors = factors_of(A);
  // A power of two for each column is exact, and all that is done to a column is linear in it.
  EXPECT_EQ(factors.Q, unscaled.Q);
  EXPECT_LE(departure(factors.Q), 1e-12);
}

TEST(Qr, RefusesWhatItCannotFactor) {
  Matrix A = Matrix::Ones(4, 3), R(3, 3), wide = Matrix::Ones(3, 4), S(4, 4);
  EXPECT_THROW(qr_in_place(wide, S), std::invalid_argument);
  EXPECT_THROW(qr_in_place(A, S), std::invalid_argument);
  A(2, 1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(qr_in_place(A, R), std::invalid_argument);
  A(2, 1) = std::numeric_limits<double>::infinity();
  EXPECT_THROW(qr_in_place(A, R), std::invalid_argument);
  Matrix empty(4, 0), none(0, 0);
  EXPECT_NO_THROW(qr_in_place(empty, none));
}

}  // namespace
}  // namespace nullcline
