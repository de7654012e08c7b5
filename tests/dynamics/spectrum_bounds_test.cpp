// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/spectrum_bounds.hpp"

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

TEST(SpectrumBounds, AreRefusedOnTheUnitCircleAndForDefectiveMatrices) {
  const double c = std::cos(1.0), s = std::sin(1.0);
  const Matrix turn = (Matrix(2, 2) << c, -s, s, c).finished();
  EXPECT_FALSE(eigenvalues_outside_unit_circle(MatrixBall(turn)).has_value());
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(1.01 * turn)), 2);
  EXPECT_EQ(eigenvalues_outside_unit_circle(MatrixBall(0.99 * turn)), 0);
  const Matrix jordan = (Matrix(2, 2) << 0.5, 1, 0, 0.5).finished();
  EXPECT_FALSE(eigenvalues_outside_unit_circle(MatrixBall(jordan)).has_value());
  Matrix bad = turn;
  bad(0, 0) = std::nan("");
  EXPECT_FALSE(eigenvalues_outside_unit_circle(MatrixBall(bad)).has_value());
  EXPECT_THROW(eigenvalues_outside_unit_circle(MatrixBall(Matrix::Zero(2, 3))),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
