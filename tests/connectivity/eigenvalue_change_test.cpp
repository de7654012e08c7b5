// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/eigenvalue_change.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using Complex = std::complex<double>;

TEST(EigenvalueChange, PairsInAnyOrderAndSortsByDistance) {
  ComplexVector before(3), after(3);
  before << Complex(0.5, 0), Complex(0, 0.25), Complex(0, -0.25);
  after << Complex(0, -0.25), Complex(3, 4), Complex(0, 0.25);
  const EigenvalueChange change = eigenvalue_change(before, after);
  EXPECT_EQ(change.before(0), Complex(0.5, 0));
  EXPECT_EQ(change.after(0), Complex(3, 4));
  EXPECT_NEAR(change.distances(0), std::hypot(2.5, 4), 1e-15);
  EXPECT_EQ(change.distances.tail(2), (Vector{{0, 0}}));
  EXPECT_EQ(change.radius, 0.5);
  EXPECT_EQ(change.moved, 1);
  EXPECT_EQ(change.outside, 1);
  EXPECT_NEAR(change.participation, 1, 1e-15);
}

// 1, 2, .., 8 on a line and 9 in place of 1: a chain of eight steps of 1 costs as much as one of 8,
// with a bend in it more.
TEST(EigenvalueChange, TakesOneThatJumpsForOneNotForAChain) {
  ComplexVector before(8), after(8);
  for (Index i = 0; i < 8; ++i) {
    before(i) = Complex(static_cast<double>(i), 0.1 * static_cast<double>(i % 2));
    after(i) = before(i);
  }
  after(0) = Complex(8, 0);
  const EigenvalueChange change = eigenvalue_change(before, after);
  EXPECT_NEAR(change.distances(0), 8, 1e-14);
  EXPECT_LT(change.distances(1), 1e-14);
}

// u v' has the one eigenvalue v'u. Added to c I it moves one eigenvalue by v'u, and to a random
// matrix it moves one far beyond the circle and the bulk a little [Tao 2013].
TEST(EigenvalueChange, OfRankOneMovesOne) {
  const Index n = 60;
  const Vector u = testing::random_weights(n, 2).col(0).normalized();
  const Matrix spike = 5 * u * u.transpose();
  const Matrix scaled = 0.5 * Matrix::Identity(n, n);
  const EigenvalueChange exact =
      eigenvalue_change(eigenvalues(scaled), eigenvalues(scaled + spike));
  EXPECT_NEAR(exact.distances(0), 5, 1e-12);
  EXPECT_LT(exact.distances(1), 1e-12);

  const Matrix W = testing::random_weights(n, 1) / std::sqrt(static_cast<double>(n));
  const EigenvalueChange change = eigenvalue_change(eigenvalues(W), eigenvalues(W + spike));
  EXPECT_EQ(change.outside, 1);
  EXPECT_EQ(change.moved, 1);
  EXPECT_NEAR(std::abs(change.after(0) - Complex(5, 0)), 0, 4 / std::sqrt(60.0));
  EXPECT_LT(change.participation, 1.2);
}

TEST(EigenvalueChange, OfTheSameMatrixIsNone) {
  const ComplexVector values = eigenvalues(testing::random_weights(20, 3));
  const EigenvalueChange change = eigenvalue_change(values, values.reverse());
  EXPECT_EQ(change.distances.maxCoeff(), 0);
  EXPECT_EQ(change.moved, 0);
  EXPECT_EQ(change.outside, 0);
  EXPECT_EQ(change.participation, 0);
}

TEST(EigenvalueChange, RejectsWhatDoesNotFit) {
  const ComplexVector two = ComplexVector::Ones(2);
  ComplexVector broken = two;
  broken(1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(eigenvalue_change(two, ComplexVector::Ones(3)), std::invalid_argument);
  EXPECT_THROW(eigenvalue_change(ComplexVector(), ComplexVector()), std::invalid_argument);
  const EigenvalueChange unknown = eigenvalue_change(two, broken);
  EXPECT_FALSE(unknown.known);
  EXPECT_TRUE(unknown.distances.array().isNaN().all() && std::isnan(unknown.radius));
  EXPECT_THROW(eigenvalue_change(two, two, {.moved_fraction = -1}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
