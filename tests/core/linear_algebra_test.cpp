// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/linear_algebra.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline {
namespace {

using std::numbers::pi;
constexpr double eps = std::numeric_limits<double>::epsilon();

Matrix normal(Index rows, Index cols, std::uint64_t seed = 1) {
  RandomStream stream(StreamAddress{.seed = seed});
  Matrix A(rows, cols);
  stream.fill_normal({A.data(), static_cast<std::size_t>(A.size())});
  return A;
}

Matrix symmetric(Index n, std::uint64_t seed = 1) {
  const Matrix A = normal(n, n, seed);
  return (A + A.transpose()) / 2;
}

/// 2 on the diagonal, -1 beside it: eigenvalues 2 - 2 cos(k pi / (n + 1)), determinant n + 1.
Matrix second_difference(Index n) {
  Matrix A = 2 * Matrix::Identity(n, n);
  A.diagonal(1).setConstant(-1);
  A.diagonal(-1).setConstant(-1);
  return A;
}

Matrix rotation(double angle) {
  Matrix R(2, 2);
  R << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  return R;
}

Matrix block_diagonal(const Matrix& A, const Matrix& B) {
  Matrix C = Matrix::Zero(A.rows() + B.rows(), A.cols() + B.cols());
  C.topLeftCorner(A.rows(), A.cols()) = A;
  C.bottomRightCorner(B.rows(), B.cols()) = B;
  return C;
}

/// LAPACK's algorithms are backward stable: errors of c n eps |A|, here with c = 10.
double rounding(const Matrix& A) {
  return 10 * eps * static_cast<double>(std::max<Index>(1, A.rows() + A.cols())) *
         std::max(A.norm(), eps);
}

double distance_to_orthonormal(const Matrix& Q) {
  return (Q.transpose() * Q - Matrix::Identity(Q.cols(), Q.cols())).norm();
}

double orthonormal_rounding(const Matrix& Q) {
  return 10 * eps * static_cast<double>(std::max<Index>(1, Q.rows() * Q.cols()));
}

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

TEST(Solve, LeavesASmallResidual) {
  for (const Index n : {1, 2, 10, 60}) {
    const Matrix A = normal(n, n, 1), B = normal(n, 3, 2);
    const auto X = solve(A, B);
    ASSERT_TRUE(X);
    EXPECT_LE((A * *X - B).norm(), rounding(A) * X->norm());
  }
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

TEST(SymmetricEigen, OfTheSecondDifferenceHasItsKnownSpectrum) {
  for (const int n : {1, 2, 3, 40}) {
    const Matrix A = second_difference(n);
    const auto [values, vectors] = symmetric_eigen(A);
    for (int k = 1; k <= n; ++k) {
      const double known = 2 - 2 * std::cos(k * pi / (n + 1.0));
      EXPECT_NEAR(values(k - 1), known, rounding(A));
    }
  }
}

TEST(SymmetricEigen, DiagonalizesWithAnOrthonormalBasis) {
  const Matrix A = symmetric(30);
  const auto [values, V] = symmetric_eigen(A);
  EXPECT_LE((A * V - V * values.asDiagonal()).norm(), rounding(A));
  EXPECT_LE(distance_to_orthonormal(V), orthonormal_rounding(V));
  EXPECT_TRUE(std::is_sorted(values.begin(), values.end()));
}

TEST(SymmetricEigen, ReadsTheLowerTriangleAlone) {
  const Matrix A = symmetric(6);
  const Matrix lower = A.triangularView<Eigen::Lower>();
  EXPECT_EQ(symmetric_eigen(lower).values, symmetric_eigen(A).values);
}

/// A V = V D, L^H A = D L^H, columns of norm 1.
void expect_eigen(const Matrix& A, const GeneralEigen& e) {
  const ComplexMatrix C = A.cast<std::complex<double>>();
  const ComplexMatrix& V = e.vectors;
  const ComplexMatrix& L = e.left_vectors;
  EXPECT_LE((C * V - V * e.values.asDiagonal()).norm(), rounding(A));
  EXPECT_LE((L.adjoint() * C - e.values.asDiagonal() * L.adjoint()).norm(), rounding(A));
  for (Index j = 0; j < A.cols(); ++j) {
    EXPECT_NEAR(V.col(j).norm(), 1, 10 * eps);
    EXPECT_NEAR(L.col(j).norm(), 1, 10 * eps);
  }
}

TEST(Eigen, SatisfiesBothEigenEquations) {
  for (const Index n : {1, 2, 3, 10, 50}) {
    const Matrix A = normal(n, n);
    expect_eigen(A, eigen(A));
  }
}

TEST(Eigen, SumsToTheTraceAndMultipliesToTheDeterminant) {
  const Matrix A = normal(8, 8);
  const ComplexVector values = eigen(A).values;
  EXPECT_NEAR(std::abs(values.sum() - A.trace()), 0, rounding(A));
  const double determinant = A.determinant();
  EXPECT_NEAR(std::abs(values.prod() - determinant), 0, 1e-10 * std::abs(determinant));
}

TEST(Eigen, IsSortedByModulusThenRealPartWithConjugatesTogether) {
  const Matrix A = normal(41, 41);
  const GeneralEigen e = eigen(A);
  for (Index j = 0; j + 1 < 41; ++j) {
    const auto a = e.values(j), b = e.values(j + 1);
    EXPECT_GE(std::abs(a), std::abs(b));
    if (a.imag() > 0) {
      EXPECT_EQ(b, std::conj(a));
      EXPECT_EQ(e.vectors.col(j + 1), e.vectors.col(j).conjugate());
      EXPECT_EQ(e.left_vectors.col(j + 1), e.left_vectors.col(j).conjugate());
    } else if (a.imag() < 0) {
      ASSERT_GT(j, 0);
      EXPECT_EQ(e.values(j - 1), std::conj(a));
    }
  }
  const GeneralEigen signs = eigen(Vector({{-2.0, 2.0, 1.0}}).asDiagonal().toDenseMatrix());
  EXPECT_EQ(signs.values, ComplexVector({{2.0, -2.0, 1.0}}));
}

TEST(Eigen, OfARotationIsOnTheUnitCircle) {
  const double angle = 0.7;
  const GeneralEigen e = eigen(3 * rotation(angle));
  EXPECT_NEAR(std::abs(e.values(0) - std::polar(3.0, angle)), 0, 30 * eps);
  EXPECT_NEAR(std::abs(e.values(1) - std::polar(3.0, -angle)), 0, 30 * eps);
}

TEST(Eigen, KeepsTheTwoOfAPairTogetherWhenThePairIsThereTwice) {
  const std::complex<double> i(0, 1);
  const Matrix quarter = Matrix({{0.0, -1.0}, {1.0, 0.0}});
  const GeneralEigen e = eigen(block_diagonal(quarter, quarter));
  EXPECT_LE((e.values - ComplexVector({{i, -i, i, -i}})).norm(), 10 * eps);
}

TEST(Eigen, OfACyclicShiftAreTheRootsOfUnity) {
  const Index n = 12;
  Matrix P = Matrix::Zero(n, n);
  for (Index j = 0; j < n; ++j) P((j + 1) % n, j) = 1;
  const GeneralEigen e = eigen(P);
  expect_eigen(P, e);
  for (Index k = 0; k < n; ++k) {
    const auto root = std::polar(1.0, 2 * pi * static_cast<double>(k) / n);
    EXPECT_LE((e.values.array() - root).abs().minCoeff(), rounding(P));
  }
  // A normal matrix: left and right vectors are the same up to a phase.
  for (Index j = 0; j < n; ++j) {
    EXPECT_NEAR(std::abs(e.left_vectors.col(j).dot(e.vectors.col(j))), 1, rounding(P));
  }
}

TEST(Eigen, HasLeftVectorsOrthogonalToTheOtherRightVectors) {
  const Matrix A = second_difference(9) +
                   Matrix::Constant(9, 9, 0.1).triangularView<Eigen::Upper>().toDenseMatrix();
  const GeneralEigen e = eigen(A);
  ComplexMatrix overlaps = e.left_vectors.adjoint() * e.vectors;
  const double smallest = overlaps.diagonal().cwiseAbs().minCoeff();
  overlaps.diagonal().setZero();
  EXPECT_LE(overlaps.norm(), 1e-11);
  EXPECT_GT(smallest, 1e-3);
}

TEST(Eigen, OfADefectiveMatrixStillSatisfiesTheEquation) {
  // A Jordan block: eigenvalues move by eps^(1/3), residuals stay at rounding.
  Matrix J = 2 * Matrix::Identity(3, 3);
  J.diagonal(1).setOnes();
  J(2, 0) = 0;
  const GeneralEigen e = eigen(J);
  expect_eigen(J, e);
  for (const auto& value : e.values) EXPECT_NEAR(std::abs(value - 2.0), 0, 10 * std::cbrt(eps));
  EXPECT_NEAR(std::abs(e.vectors.col(0).dot(e.vectors.col(1))), 1, 10 * std::cbrt(eps));
}

TEST(Eigenvalues, AreThoseOfEigen) {
  for (const Index n : {0, 1, 2, 25}) {
    const Matrix A = normal(n, n);
    EXPECT_LE((eigenvalues(A) - eigen(A).values).norm(), 1e-11);
  }
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
  const Matrix tiny = (Vector(2) << 1e-310, 1).finished().asDiagonal();
  EXPECT_FALSE(inverse(lu(tiny)).has_value());
  EXPECT_THROW(lu(Matrix::Ones(2, 3)), std::invalid_argument);
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

TEST(LogAbsDeterminant, OfTheSecondDifferenceIsThatOfNPlusOne) {
  EXPECT_NEAR(log_abs_determinant(-second_difference(9)), std::log(10), 100 * eps);
  EXPECT_EQ(log_abs_determinant(Matrix::Zero(3, 3)), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(log_abs_determinant(Matrix(0, 0)), 0);
  EXPECT_THROW(log_abs_determinant(Matrix::Zero(2, 3)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
