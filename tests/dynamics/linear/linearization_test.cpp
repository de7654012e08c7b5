// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/linearization.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

Linearization of_matrix(const Matrix& A, double dt = 1, const LinearizationOptions& options = {}) {
  return linearize(linear_map(A, Vector::Zero(A.rows())), Vector::Zero(A.rows()), dt, options);
}

Matrix diagonal(std::initializer_list<double> entries) {
  Matrix A = Matrix::Zero(static_cast<Index>(entries.size()), static_cast<Index>(entries.size()));
  Index i = 0;
  for (const double entry : entries) A(i, i) = entry, ++i;
  return A;
}

TEST(Linearization, OfADecayingRotationHasItsTimeConstantAndFrequency) {
  // The exact step exp(A dt) of x' = -x / tau + 2 pi f (rotation).
  const double tau = 0.1, f = 3, dt = 0.01;
  const double angle = 2 * std::numbers::pi * f * dt;
  Matrix A(2, 2);
  A << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  const Linearization at = of_matrix(std::exp(-dt / tau) * A, dt);
  EXPECT_NEAR(at.time_constants(0), tau, 1e-14);
  EXPECT_NEAR(at.time_constants(1), tau, 1e-14);
  EXPECT_NEAR(at.frequencies(0), f, 1e-12);
  EXPECT_NEAR(at.frequencies(1), -f, 1e-12);
  EXPECT_EQ(at.stability, Stability::stable);
  EXPECT_EQ(at.degree, 1);
}

TEST(Linearization, OfAnEulerStepGivesTheRatesOfItsFlow) {
  const double tau = 0.1, omega = 20, dt = 0.01;
  Matrix flow(2, 2);
  flow << -1 / tau, -omega, omega, -1 / tau;
  const Linearization at = of_matrix(Matrix::Identity(2, 2) + dt * flow, dt);
  const ComplexVector rates = euler_rates(at.eigenvalues, dt);
  EXPECT_NEAR(rates(0).real(), -1 / tau, 1e-11);
  EXPECT_NEAR(rates(0).imag(), omega, 1e-11);
  EXPECT_NEAR(rates(1).imag(), -omega, 1e-11);
}

TEST(Linearization, ClassifiesByTheModuli) {
  EXPECT_EQ(of_matrix(diagonal({0.5, -0.9})).stability, Stability::stable);
  EXPECT_EQ(of_matrix(diagonal({1, 0.5})).stability, Stability::marginal);
  EXPECT_EQ(of_matrix(diagonal({-1, 0.5})).stability, Stability::marginal);
  EXPECT_EQ(of_matrix(diagonal({1.5, 0.5})).stability, Stability::saddle);
  EXPECT_EQ(of_matrix(diagonal({1.5, 1})).stability, Stability::saddle);
  EXPECT_EQ(of_matrix(diagonal({1.5, -2})).stability, Stability::repelling);
  const Linearization at = of_matrix(diagonal({1.5, 1, 0.5, -1, -3}));
  EXPECT_EQ(at.unstable, 2);
  EXPECT_EQ(at.marginal, 2);
}

TEST(Linearization, CountsAnEigenvalueWithinTheToleranceAsMarginal) {
  const Matrix A = diagonal({1 + 1e-6, 0.5});
  EXPECT_EQ(of_matrix(A).stability, Stability::saddle);
  const Linearization at = of_matrix(A, 1, {.tolerance = 1e-5});
  EXPECT_EQ(at.stability, Stability::marginal);
  EXPECT_EQ(at.degree, 0);
}

TEST(Linearization, HasTimeConstantsOfSpecialEigenvalues) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Linearization at = of_matrix(diagonal({2, 1, -0.5, 0}), 0.1);
  EXPECT_NEAR(at.time_constants(0), -0.1 / std::numbers::ln2, 1e-15);  // growth
  EXPECT_EQ(at.time_constants(1), infinity);
  EXPECT_NEAR(at.time_constants(2), 0.1 / std::numbers::ln2, 1e-15);
  EXPECT_EQ(at.time_constants(3), 0);
  EXPECT_EQ(at.frequencies(0), 0);
  EXPECT_NEAR(at.frequencies(2), 1 / (2 * 0.1), 1e-14);  // alternates: the Nyquist frequency
}

TEST(Linearization, HasTheSignOfTheDeterminantAsDegree) {
  int positive = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Matrix J = random_matrix(6, 6, 0.7, seed);
    const double determinant = (Matrix::Identity(6, 6) - J).determinant();
    EXPECT_EQ(of_matrix(J).degree, determinant > 0 ? 1 : -1);
    positive += determinant > 0;
  }
  EXPECT_GT(positive, 5);
  EXPECT_LT(positive, 35);
  EXPECT_EQ(of_matrix(diagonal({1, 0.5})).degree, 0);
}

TEST(Linearization, GivesEigenvectorsOfBothSides) {
  const Matrix J = random_matrix(8, 8, 0.5, 1);
  EXPECT_EQ(of_matrix(J).eigenvectors.size(), 0);
  const Linearization at = of_matrix(J, 1, {.eigenvectors = true});
  const ComplexMatrix A = J.cast<std::complex<double>>();
  const ComplexMatrix& V = at.eigenvectors;
  const ComplexMatrix& L = at.left_eigenvectors;
  EXPECT_LE((A * V - V * at.eigenvalues.asDiagonal()).norm(), 1e-12);
  EXPECT_LE((L.adjoint() * A - at.eigenvalues.asDiagonal() * L.adjoint()).norm(), 1e-12);
  EXPECT_LE((at.eigenvalues - of_matrix(J).eigenvalues).norm(), 1e-12);
  EXPECT_EQ(at.jacobian, J);
}

TEST(Linearization, OfAllPointsIsThatOfEach) {
  const AnalyticMap map = henon_map();
  const Matrix states = random_matrix(2, 5, 1.0, 2);
  for (const int threads : {1, 2, 8}) {
    const auto all = linearize_all(map, states, 0.1, {}, {threads});
    ASSERT_EQ(all.size(), 5u);
    for (Index p = 0; p < 5; ++p) {
      const auto& at = all[static_cast<std::size_t>(p)];
      EXPECT_EQ(at.eigenvalues, linearize(map, states.col(p), 0.1).eigenvalues);
    }
  }
}

TEST(DegreeSum, OfATanhNetworkWithABiasOverAllItsPointsIsOne) {
  // x -> tanh(2 x) on each of two axes: 9 points in a box that the map takes into itself.
  const Matrix I = Matrix::Identity(2, 2);
  const AnalyticMap map = tanh_map(I, 2 * I, Vector::Zero(2));
  const double bit = 0.957504024077;
  Matrix points(2, 9);
  points << -bit, -bit, -bit, 0, 0, 0, bit, bit, bit, -bit, 0, bit, -bit, 0, bit, -bit, 0, bit;
  const auto all = linearize_all(map, points, 1);
  EXPECT_EQ(degree_sum(all), 1);
  EXPECT_NE(degree_sum(std::span(all).first(8)), 1);
}

TEST(Linearization, RejectsBadArguments) {
  const AnalyticMap map = henon_map();
  EXPECT_THROW(linearize(map, Vector::Zero(3), 1), std::invalid_argument);
  EXPECT_THROW(linearize(map, Vector::Zero(2), 0), std::invalid_argument);
  EXPECT_THROW(linearize(map, Vector::Zero(2), 1, {.tolerance = -1}), std::invalid_argument);
  EXPECT_THROW(frequencies(ComplexVector::Ones(1), 0), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
