// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/spectrum_bounds.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

TEST(SpectrumBounds, CountAsTheEigenvaluesDo) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const Index n = 20 + 5 * static_cast<Index>(seed);
    const Matrix A = random_matrix(n, n, 1.3 / std::sqrt(static_cast<double>(n)), seed);
    const auto values = eigenvalues(A);
    Index outside = 0;
    for (const auto& value : values) outside += std::abs(value) > 1;
    EXPECT_GT(outside, 0);
    EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(A)), outside);
    const MatrixBall ball{A, Matrix::Constant(n, n, 1e-10)};
    EXPECT_EQ(eigenvalues_outside_unit_circle(ball), outside);
  }
}

TEST(SpectrumBounds, HoldForEveryMemberOfABallOrAreRefused) {
  // diag(1 + s, 1/2) +- r: the eigenvalue leaves the outside within the ball as soon as r > s.
  const Matrix A = (Matrix(2, 2) << 1.001, 0, 0, 0.5).finished();
  const auto with = [&](double r) {
    return eigenvalues_outside_unit_circle({A, Matrix::Constant(2, 2, r)});
  };
  EXPECT_EQ(with(1e-4), 1);
  EXPECT_FALSE(with(1.1e-3).has_value());
  EXPECT_FALSE(with(1).has_value());
}

TEST(SpectrumBounds, CountNegativeEigenvaluesOfSymmetricMatrices) {
  const Matrix Q = orthonormal_basis(random_matrix(6, 6, 1, 9));
  const Vector values = (Vector(6) << -3, -1e-6, 1e-6, 0.5, 1, 10).finished();
  const Matrix A = Q * values.asDiagonal() * Q.transpose();
  EXPECT_EQ(negative_eigenvalues(MatrixBall(0.5 * (A + A.transpose()))), 2);
  const Matrix within = Matrix::Constant(6, 6, 1e-8), beyond = Matrix::Constant(6, 6, 2e-6);
  EXPECT_EQ(negative_eigenvalues({0.5 * (A + A.transpose()), within}), 2);
  EXPECT_FALSE(negative_eigenvalues({0.5 * (A + A.transpose()), beyond}).has_value());
  EXPECT_FALSE(negative_eigenvalues(MatrixBall(Matrix::Zero(2, 2))).has_value());
}

TEST(SpectrumBounds, AreRefusedOnTheUnitCircleAndHoldForDefectiveMatrices) {
  const double c = std::cos(1.0), s = std::sin(1.0);
  const Matrix turn = (Matrix(2, 2) << c, -s, s, c).finished();
  EXPECT_FALSE(eigenvalues_outside_unit_circle(MatrixBall(turn)).has_value());
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(1.01 * turn)), 2);
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(0.99 * turn)), 0);
  // Jordan blocks of 1/2 and 2, and a matrix of rank one: no basis of eigenvectors near them.
  const Matrix jordan = (Matrix(2, 2) << 0.5, 1, 0, 0.5).finished();
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(jordan)), 0);
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(4 * jordan)), 2);
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(Matrix::Constant(30, 30, 0.1))), 1);
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(Matrix::Zero(5, 5))), 0);
  Matrix bad = turn;
  bad(0, 0) = std::nan("");
  EXPECT_FALSE(eigenvalues_outside_unit_circle(MatrixBall(bad)).has_value());
  EXPECT_THROW(eigenvalues_outside_unit_circle(MatrixBall(Matrix::Zero(2, 3))),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
