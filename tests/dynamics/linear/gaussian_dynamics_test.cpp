// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/gaussian_dynamics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

Matrix scalar(double value) { return Matrix::Constant(1, 1, value); }

/// A random positive definite noise covariance.
Matrix noise(Index n, std::uint64_t seed) {
  const Matrix A = random_matrix(n, n, 1.0, seed);
  return Matrix::Identity(n, n) + A * A.transpose() / static_cast<double>(n);
}

/// A random matrix scaled to a spectral radius.
Matrix of_radius(Index n, double radius, std::uint64_t seed) {
  const Matrix A = random_matrix(n, n, 1.0, seed);
  return A * (radius / std::abs(eigenvalues(A)(0)));
}

Modes modes_of(const Matrix& J) {
  const Vector zero = Vector::Zero(J.rows());
  return modes(linearize(linear_map(J, zero), zero, 1, {.eigenvectors = true}), 1);
}

TEST(StationaryCovariance, OfAnAutoregressionIsItsVariance) {
  for (const double a : {0.0, 0.5, -0.9, 0.999}) {
    const auto result = stationary_covariance(scalar(a), scalar(2));
    ASSERT_EQ(result.status, GaussianStatus::converged);
    EXPECT_NEAR(result.covariance(0, 0), 2 / (1 - a * a), 1e-13 * 2 / std::pow(1 - a * a, 2));
  }
}

TEST(StationaryCovariance, SolvesItsEquationAndIsTheSumOfPowers) {
  const Matrix J = of_radius(20, 0.9, 1), Q = noise(20, 2);
  const auto result = stationary_covariance(J, Q);
  ASSERT_EQ(result.status, GaussianStatus::converged);
  EXPECT_LE(result.residual, 1e-13);
  EXPECT_EQ(result.covariance, Matrix(result.covariance.transpose()));
  Matrix sum = Q, term = Q;
  for (int k = 0; k < 1000; ++k) {
    term = (J * term * J.transpose()).eval();
    sum += term;
  }
  EXPECT_LE((result.covariance - sum).norm(), 1e-11 * sum.norm());
}

TEST(StationaryCovariance, NearMarginalTakesAsManyDoublingsAsPromised) {
  const Matrix J = of_radius(5, 1 - 1e-6, 3);
  const auto result = stationary_covariance(J, noise(5, 4));
  ASSERT_EQ(result.status, GaussianStatus::converged);
  EXPECT_LE(result.residual, 1e-12);
  EXPECT_LE(static_cast<double>(result.iterations), std::log2(18 * 1e6) + 2);
}

TEST(StationaryCovariance, EndsInAStatusWhereThereIsNone) {
  EXPECT_EQ(stationary_covariance(of_radius(4, 1.01, 5), noise(4, 6)).status,
            GaussianStatus::unstable);
  EXPECT_EQ(stationary_covariance(scalar(1), scalar(1)).status, GaussianStatus::unstable);
  EXPECT_EQ(stationary_covariance(scalar(std::nan("")), scalar(1)).status,
            GaussianStatus::not_finite);
  EXPECT_EQ(stationary_covariance(scalar(0.5), scalar(1.0 / 0.0)).status,
            GaussianStatus::not_finite);
  // Stable, but beyond the range of doubles.
  Matrix steep = Matrix::Zero(2, 2);
  steep(0, 1) = 1e200;
  EXPECT_EQ(stationary_covariance(steep, 1e250 * Matrix::Identity(2, 2)).status,
            GaussianStatus::unstable);
  EXPECT_THROW(stationary_covariance(Matrix::Zero(2, 2), scalar(1)), std::invalid_argument);
  EXPECT_THROW(stationary_covariance(Matrix::Zero(1, 2), scalar(1)), std::invalid_argument);
}

TEST(PredictiveInformationOfDynamics, OfAnAutoregressionHasItsClosedForm) {
  for (const double a : {0.0, 0.3, -0.8, 0.99}) {
    const auto result = predictive_information(scalar(a), scalar(0.7));
    ASSERT_EQ(result.status, GaussianStatus::converged);
    EXPECT_NEAR(result.nats, -0.5 * std::log(1 - a * a), 1e-12);
  }
}

TEST(PredictiveInformationOfDynamics, AddsOverIndependentParts) {
  Matrix J = Matrix::Zero(3, 3);
  J.diagonal() << 0.9, 0.5, -0.2;
  const auto result = predictive_information(J, Matrix::Identity(3, 3));
  EXPECT_NEAR(result.nats, -0.5 * (std::log(1 - 0.81) + std::log(1 - 0.25) + std::log(1 - 0.04)),
              1e-13);
}

TEST(PredictiveInformationOfDynamics, IsTheMutualInformationOfSuccessiveStates) {
  // I(x; x') = (2 log det S - log det [S, S J'; J S, S]) / 2, and of two and two successive states
  // likewise: the past acts through its last state alone.
  const Index n = 4;
  const Matrix J = of_radius(n, 0.8, 7), Q = noise(n, 8);
  const auto result = predictive_information(J, Q);
  const Matrix S = result.stationary.covariance;
  for (const Index T : {1, 2, 3}) {
    Matrix joint(2 * T * n, 2 * T * n);
    for (Index i = 0; i < 2 * T; ++i) {
      Matrix lagged = S;  // cov(x_{i}, x_{j}) = J^(i - j) S for i >= j
      for (Index j = i; j >= 0; --j) {
        joint.block(i * n, j * n, n, n) = lagged;
        joint.block(j * n, i * n, n, n) = lagged.transpose();
        lagged = (J * lagged).eval();
      }
    }
    const double half = *log_determinant(joint.topLeftCorner(T * n, T * n));
    EXPECT_NEAR(result.nats, half - 0.5 * *log_determinant(joint), 1e-12);
  }
}

TEST(PredictiveInformationOfDynamics, DoesNotDependOnCoordinates) {
  const Matrix J = of_radius(6, 0.95, 9), Q = noise(6, 10);
  const Matrix C = random_matrix(6, 6, 1.0, 11) + 3 * Matrix::Identity(6, 6);
  const Matrix transformed = C * J * *solve(C, Matrix::Identity(6, 6));
  EXPECT_NEAR(predictive_information(transformed, C * Q * C.transpose()).nats,
              predictive_information(J, Q).nats, 1e-10);
}

TEST(PredictiveInformationOfDynamics, WithoutFullNoiseIsASingularStatus) {
  Matrix Q = Matrix::Identity(2, 2);
  Q(1, 1) = 0;
  const auto result = predictive_information(0.5 * Matrix::Identity(2, 2), Q);
  EXPECT_EQ(result.status, GaussianStatus::singular_noise);
  EXPECT_EQ(result.nats, 0);
  EXPECT_EQ(predictive_information(scalar(2), scalar(1)).status, GaussianStatus::unstable);
}

TEST(StablePart, OfStableDynamicsKeepsThePredictiveInformation) {
  const Matrix J = of_radius(7, 0.9, 12), Q = noise(7, 13);
  const StablePart part = stable_part(modes_of(J), Q);
  ASSERT_EQ(part.jacobian.rows(), 7);
  EXPECT_LE((part.coordinates * J - part.jacobian * part.coordinates).norm(),
            1e-12 * part.coordinates.norm());
  EXPECT_NEAR(predictive_information(part.jacobian, part.noise).nats,
              predictive_information(J, Q).nats, 1e-10);
}

TEST(StablePart, OfASaddleIsThatOfItsStableModes) {
  Matrix J = Matrix::Zero(3, 3);
  J.diagonal() << 1.5, 0.5, 0.2;
  const Matrix C = random_matrix(3, 3, 1.0, 14) + 3 * Matrix::Identity(3, 3);
  const Matrix mixed = C * J * *solve(C, Matrix::Identity(3, 3));
  const StablePart part = stable_part(modes_of(mixed), C * C.transpose());
  ASSERT_EQ(part.jacobian.rows(), 2);
  EXPECT_NEAR(predictive_information(part.jacobian, part.noise).nats,
              -0.5 * (std::log(1 - 0.25) + std::log(1 - 0.04)), 1e-11);
  EXPECT_EQ(stable_part(modes_of(mixed), C * C.transpose(), 0.6).jacobian.rows(), 1);
  EXPECT_EQ(
      stable_part(modes_of(1.5 * Matrix::Identity(2, 2)), Matrix::Identity(2, 2)).jacobian.rows(),
      0);
}

}  // namespace
}  // namespace nullcline::dynamics
