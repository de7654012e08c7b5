// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/linear_algebra.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "tests/core/matrices.hpp"

namespace nullcline {
namespace {

using std::numbers::pi;

TEST(Multiply, IsTheSumOfProductsWhateverIsTransposed) {
  const Index m = 7, k = 5, n = 9;
  const Matrix A = normal(m, k, 1), B = normal(k, n, 2);
  const Matrix expected = A.lazyProduct(B);
  const double tolerance = eps * static_cast<double>(k) * A.norm() * B.norm();
  EXPECT_LE((multiply(A, B) - expected).norm(), tolerance);
  EXPECT_LE((multiply(A.transpose(), B, true) - expected).norm(), tolerance);
  EXPECT_LE((multiply(A, B.transpose(), false, true) - expected).norm(), tolerance);
  EXPECT_LE((multiply(A.transpose(), B.transpose(), true, true) - expected).norm(), tolerance);
}

TEST(Multiply, TakesBlocksOfLargerMatrices) {
  const Matrix A = normal(10, 10, 1), B = normal(10, 10, 2);
  const Matrix expected = A.block(2, 3, 4, 5).lazyProduct(B.block(1, 1, 5, 2));
  EXPECT_LE((multiply(A.block(2, 3, 4, 5), B.block(1, 1, 5, 2)) - expected).norm(), rounding(A));
  const Matrix column = A.row(3).transpose();
  EXPECT_LE((multiply(A, column) - A.lazyProduct(column)).norm(), rounding(A) * column.norm());
}

TEST(Multiply, OverAnEmptyInnerDimensionIsZero) {
  EXPECT_EQ(multiply(Matrix(3, 0), Matrix(0, 2)), Matrix::Zero(3, 2));
  EXPECT_EQ(multiply(Matrix(0, 3), Matrix(3, 2)).rows(), 0);
}

TEST(Multiply, SumsLongInnerDimensionsInParts) {
  const Matrix A = normal(37, 1100, 1), B = normal(1100, 9, 2);
  const Matrix expected = A.lazyProduct(B);
  const double allowed = 1100 * eps * A.norm() * B.norm();
  EXPECT_LE((multiply(A, B) - expected).norm(), allowed);
  EXPECT_LE((multiply(A.transpose(), B, true) - expected).norm(), allowed);
  EXPECT_LE((multiply(A, B.transpose(), false, true) - expected).norm(), allowed);
  EXPECT_LE((multiply(A.transpose(), B.transpose(), true, true) - expected).norm(), allowed);
}

TEST(Multiply, MayOverflowWhereItsFactorsAreFinite) {
  const Matrix huge = Matrix::Constant(9, 9, 1e200);
  EXPECT_EQ(multiply(huge, huge)(0, 0), std::numeric_limits<double>::infinity());
}

TEST(Solve, LeavesASmallResidual) {
  for (const Index n : {1, 2, 10, 60}) {
    const Matrix A = normal(n, n, 1), B = normal(n, 3, 2);
    const auto X = solve(A, B);
    ASSERT_TRUE(X);
    EXPECT_LE((A * *X - B).norm(), rounding(A) * X->norm());
  }
}

TEST(Solve, SaysThatAMatrixIsSingular) {
  Matrix A(2, 2);
  A << 1, 2, 2, 4;
  EXPECT_FALSE(solve(A, Matrix::Ones(2, 1)));
  EXPECT_FALSE(solve(Matrix::Zero(1, 1), Matrix::Ones(1, 1)));
}

TEST(SolvePositiveDefinite, AgreesWithTheKnownInverse) {
  // The inverse of the second difference: min(i, j) (n + 1 - max(i, j)) / (n + 1), from 1.
  const Index n = 20;
  const auto X = solve_positive_definite(second_difference(n), Matrix::Identity(n, n));
  ASSERT_TRUE(X);
  const double condition = 4 / (2 - 2 * std::cos(pi / (n + 1)));
  for (Index i = 1; i <= n; ++i) {
    for (Index j = 1; j <= n; ++j) {
      const double known = static_cast<double>(std::min(i, j) * (n + 1 - std::max(i, j))) / (n + 1);
      EXPECT_NEAR((*X)(i - 1, j - 1), known, 10 * eps * condition * n);
    }
  }
}

TEST(SolvePositiveDefinite, ReadsTheLowerTriangleAlone) {
  const Matrix A = second_difference(5), B = normal(5, 2);
  const Matrix lower = A.triangularView<Eigen::Lower>();
  EXPECT_EQ(*solve_positive_definite(lower, B), *solve_positive_definite(A, B));
}

TEST(SolvePositiveDefinite, SaysThatAMatrixIsIndefinite) {
  EXPECT_FALSE(solve_positive_definite(-Matrix::Identity(3, 3), Matrix::Ones(3, 1)));
  Matrix A(2, 2);
  A << 1, 2, 2, 1;
  EXPECT_FALSE(solve_positive_definite(A, Matrix::Ones(2, 1)));
  EXPECT_FALSE(log_determinant(A));
}

TEST(LogDeterminant, OfTheSecondDifferenceIsLogOfNPlusOne) {
  for (const int n : {1, 2, 50}) {
    EXPECT_NEAR(*log_determinant(second_difference(n)), std::log(n + 1.0),
                10 * eps * static_cast<double>(n * n));
  }
}

TEST(LogDeterminant, IsFiniteWhereTheDeterminantUnderflows) {
  const int n = 200;
  EXPECT_NEAR(*log_determinant(1e-3 * second_difference(n)), std::log(n + 1.0) + n * std::log(1e-3),
              1e-10);
}

TEST(LuFactors, MultiplyToTheMatrixAndGiveItsInverseAndTheSignOfItsDeterminant) {
  for (const Index n : {1, 2, 5, 40}) {
    const Matrix A = normal(n, n, static_cast<std::uint64_t>(n));
    const LuFactors factors = lu(A);
    Matrix product = factors.lower() * factors.upper();
    factors.restore_rows(product);
    const double size = A.cwiseAbs().rowwise().sum().maxCoeff();
    EXPECT_LE((product - A).cwiseAbs().maxCoeff(), 10 * static_cast<double>(n) * eps * size);
    const Matrix identity = *inverse(factors) * A;
    const double condition = size * inverse(factors)->cwiseAbs().rowwise().sum().maxCoeff();
    EXPECT_LE((identity - Matrix::Identity(n, n)).cwiseAbs().maxCoeff(),
              10 * static_cast<double>(n) * eps * condition);
    const double determinant = A.fullPivLu().determinant();
    EXPECT_GT(factors.permutation_sign() * factors.factors.diagonal().prod() * determinant, 0);
  }
  EXPECT_FALSE(inverse(lu(Matrix::Ones(2, 2))).has_value());
  // What a saturated gate leaves of I - J.
  for (const Vector& tiny : {Vector{{1e-310, 1}}, Vector{{1, 1e-310}}, Vector{{1e-310}}}) {
    EXPECT_FALSE(inverse(lu(Matrix(tiny.asDiagonal()))).has_value());
  }
  EXPECT_THROW(lu(Matrix::Ones(2, 3)), std::invalid_argument);
}

TEST(LogAbsDeterminant, OfTheSecondDifferenceIsThatOfNPlusOne) {
  EXPECT_NEAR(log_abs_determinant(-second_difference(9)), std::log(10), 100 * eps);
  EXPECT_EQ(log_abs_determinant(Matrix::Zero(3, 3)), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(log_abs_determinant(Matrix(0, 0)), 0);
  EXPECT_THROW(log_abs_determinant(Matrix::Zero(2, 3)), std::invalid_argument);
}

TEST(Qr, HasOrthonormalColumnsAndAPositiveTriangle) {
  for (const auto& [n, k] : {std::pair{7, 7}, {9, 4}, {5, 0}}) {
    const Matrix A = normal(n, k);
    const Qr factors = qr(A);
    EXPECT_LT((factors.Q * factors.R - A).norm(), rounding(A));
    EXPECT_LT((factors.Q.transpose() * factors.Q - Matrix::Identity(k, k)).norm(), 100 * eps);
    EXPECT_TRUE(factors.R.isUpperTriangular(0));
    EXPECT_TRUE((factors.R.diagonal().array() > 0).all());
  }
  EXPECT_THROW(qr(Matrix::Zero(2, 3)), std::invalid_argument);
}

TEST(OrthonormalBasis, IsTheQOfAPositiveR) {
  for (const auto& [n, k] : std::vector<std::pair<Index, Index>>{{1, 1}, {6, 6}, {40, 7}}) {
    const Matrix A = normal(n, k), Q = orthonormal_basis(A);
    const Matrix R = Q.transpose() * A;
    EXPECT_LE(distance_to_orthonormal(Q), orthonormal_rounding(Q));
    EXPECT_LE((Q * R - A).norm(), rounding(A));
    EXPECT_LE(R.triangularView<Eigen::StrictlyLower>().toDenseMatrix().norm(), rounding(A));
    EXPECT_GT(R.diagonal().minCoeff(), 0);
  }
}

TEST(OrthonormalBasis, StaysOrthonormalWhenColumnsDepend) {
  Matrix A = normal(8, 4);
  A.col(2) = A.col(0) - 2 * A.col(1);
  A.col(3).setZero();
  const Matrix Q = orthonormal_basis(A);
  EXPECT_LE(distance_to_orthonormal(Q), orthonormal_rounding(Q));
  EXPECT_LE((Q * (Q.transpose() * A) - A).norm(), rounding(A));
}

TEST(Svd, FactorsTallAndWideAndSquareMatrices) {
  for (const auto& [m, n] :
       std::vector<std::pair<Index, Index>>{{1, 1}, {1, 6}, {6, 1}, {5, 5}, {30, 7}, {7, 30}}) {
    const Matrix A = normal(m, n);
    const auto [U, values, V] = svd(A);
    ASSERT_EQ(U.cols(), std::min(m, n));
    EXPECT_LE((A - U * values.asDiagonal() * V.transpose()).norm(), rounding(A));
    EXPECT_LE(distance_to_orthonormal(U), orthonormal_rounding(U));
    EXPECT_LE(distance_to_orthonormal(V), orthonormal_rounding(V));
    EXPECT_TRUE(std::is_sorted(values.begin(), values.end(), std::greater<>()));
    EXPECT_GE(values.minCoeff(), 0);
    EXPECT_LE((values - singular_values(A)).norm(), rounding(A));
  }
}

TEST(Svd, HasKnownValuesInASmallCase) {
  const Matrix A = Matrix({{3.0, 0.0}, {4.0, 5.0}});  // A'A has eigenvalues 45 and 5
  EXPECT_NEAR(singular_values(A)(0), std::sqrt(45.0), rounding(A));
  EXPECT_NEAR(singular_values(A)(1), std::sqrt(5.0), rounding(A));
}

TEST(Svd, ShowsTheRank) {
  const Matrix A = normal(12, 3, 1) * normal(3, 9, 2);
  const Vector values = singular_values(A);
  EXPECT_GT(values(2), 0.1);
  EXPECT_LE(values.tail(6).maxCoeff(), rounding(A));
}

TEST(LinearAlgebra, TakesEmptyMatrices) {
  const Matrix empty(0, 0);
  EXPECT_EQ(solve(empty, Matrix(0, 2))->cols(), 2);
  EXPECT_EQ(solve(Matrix::Identity(3, 3), Matrix(3, 0))->rows(), 3);
  EXPECT_EQ(solve_positive_definite(empty, Matrix(0, 2))->cols(), 2);
  EXPECT_EQ(*log_determinant(empty), 0);
  EXPECT_EQ(symmetric_eigen(empty).values.size(), 0);
  EXPECT_EQ(eigen(empty).values.size(), 0);
  EXPECT_EQ(svd(Matrix(0, 3)).V.rows(), 3);
  EXPECT_EQ(singular_values(Matrix(3, 0)).size(), 0);
  EXPECT_EQ(complex_schur(empty).size(), 0);
  EXPECT_EQ(real_schur(empty).size(), 0);
  EXPECT_EQ(orthonormal_basis(Matrix(3, 0)).rows(), 3);
}

TEST(LinearAlgebra, TakesSingleNumbers) {
  const Matrix a = Matrix::Constant(1, 1, -4);
  EXPECT_EQ((*solve(a, Matrix::Ones(1, 1)))(0), -0.25);
  EXPECT_EQ((*solve_positive_definite(-a, Matrix::Ones(1, 1)))(0), 0.25);
  EXPECT_EQ(symmetric_eigen(a).values(0), -4);
  EXPECT_EQ(eigen(a).values(0), -4.0);
  EXPECT_EQ(singular_values(a)(0), 4);
  EXPECT_EQ(complex_schur(a)(0), -4.0);
  EXPECT_EQ(orthonormal_basis(a)(0), -1);
  EXPECT_EQ(principal_angles(a, -a)(0), 0);
}

TEST(LinearAlgebra, RefusesEntriesThatAreNotFinite) {
  for (const double bad :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Matrix A = Matrix::Identity(3, 3);
    const Matrix good = A;
    A(1, 2) = A(2, 1) = bad;
    const std::vector<std::function<void()>> calls = {[&] { multiply(A, good); },
                                                      [&] { multiply(good, A); },
                                                      [&] { solve(A, good); },
                                                      [&] { solve(good, A); },
                                                      [&] { solve_positive_definite(A, good); },
                                                      [&] { log_determinant(A); },
                                                      [&] { symmetric_eigen(A); },
                                                      [&] { eigen(A); },
                                                      [&] { eigenvalues(A); },
                                                      [&] { svd(A); },
                                                      [&] { singular_values(A); },
                                                      [&] { complex_schur(A); },
                                                      [&] { real_schur(A); },
                                                      [&] { orthonormal_basis(A); },
                                                      [&] { principal_angles(A, good); }};
    for (const auto& call : calls) EXPECT_THROW(call(), std::invalid_argument);
  }
}

TEST(LinearAlgebra, RefusesWrongShapes) {
  const Matrix A = Matrix::Ones(2, 3), square = Matrix::Identity(2, 2);
  const std::vector<std::function<void()>> calls = {
      [&] { multiply(A, A); },
      [&] { solve(A, A); },
      [&] { solve(square, Matrix::Ones(3, 1)); },
      [&] { solve_positive_definite(square, Matrix::Ones(3, 1)); },
      [&] { log_determinant(A); },
      [&] { symmetric_eigen(A); },
      [&] { eigen(A); },
      [&] { eigenvalues(A); },
      [&] { complex_schur(A); },
      [&] { real_schur(A); },
      [&] { orthonormal_basis(A); },
      [&] { principal_angles(square, Matrix::Identity(3, 2)); },
      [&] { principal_angles(A, square); }};
  for (const auto& call : calls) EXPECT_THROW(call(), std::invalid_argument);
}

TEST(LinearAlgebra, GivesTheSameBitsFromManyThreads) {
  const Matrix A = normal(40, 40);
  const ComplexVector values = eigenvalues(A);
  const Vector singular = singular_values(A);
  std::vector<int> same(16, 0);
  parallel_for(16, Threads{8}, [&](Index i) {
    same[static_cast<std::size_t>(i)] =
        eigenvalues(A) == values && singular_values(A) == singular ? 1 : 0;
  });
  for (const int equal : same) EXPECT_TRUE(equal);
}

}  // namespace
}  // namespace nullcline
