// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/linear_algebra.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "tests/core/matrices.hpp"

namespace nullcline {
namespace {

using std::numbers::pi;

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

}  // namespace
}  // namespace nullcline
