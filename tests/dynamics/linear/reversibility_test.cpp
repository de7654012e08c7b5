// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/reversibility.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

Matrix noise(Index n, std::uint64_t seed) {
  const Matrix A = random_matrix(n, n, 1.0, seed);
  return Matrix::Identity(n, n) + A * A.transpose() / static_cast<double>(n);
}

Matrix rotation(double angle) {
  return (Matrix(2, 2) << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle))
      .finished();
}

TEST(Contraction, OfHenonIsLnOfItsDeterminantEverywhere) {
  const Contraction result = contraction_along(henon_map(), random_matrix(2, 20, 1.0, 1), 1);
  EXPECT_LE((result.log_volumes.array() - std::log(0.3)).abs().maxCoeff(), 1e-13);
  EXPECT_EQ(result.derivatives, Derivatives::exact);
  EXPECT_EQ(std::count(result.finite.begin(), result.finite.end(), 1), 20);
}

TEST(Contraction, OfAnEulerStepHasTheDivergenceOfItsFlow) {
  // x' = A x: divergence tr A, and ln |det(I + dt A)| / dt = tr A + O(dt).
  const Matrix A = random_matrix(5, 5, 1.0, 2);
  const double dt = 1e-4;
  const AnalyticMap map = linear_map(Matrix::Identity(5, 5) + dt * A, Vector::Zero(5));
  const Contraction result = contraction_along(map, Vector::Zero(5), dt);
  EXPECT_NEAR(result.divergences(0), A.trace(), 1e-11);
  EXPECT_NEAR(result.log_volumes(0) / dt, A.trace(), dt * A.squaredNorm());
}

TEST(Contraction, AlongTrajectoriesIsThatOfEachStateForAnyThreads) {
  const Matrix W = random_matrix(6, 6, 0.8, 3), I = Matrix::Identity(6, 6);
  const AnalyticMap map = tanh_map(I, W.transpose(), Vector::Zero(6));
  const Matrix states = random_matrix(6, 9, 1.0, 4);
  const Contraction one = contraction_along(map, states, 0.1, {1});
  EXPECT_EQ(one.log_volumes, contraction_along(map, states, 0.1, {2}).log_volumes);
  for (Index p = 0; p < 9; ++p) {
    EXPECT_NEAR(one.log_volumes(p), std::log(std::abs(map.jacobian(states.col(p)).determinant())),
                1e-11);
  }
}

TEST(Contraction, OfASingularOrUndefinedJacobianIsSaid) {
  const Contraction singular =
      contraction_along(linear_map(Matrix::Zero(2, 2), Vector::Zero(2)), Vector::Zero(2), 1);
  EXPECT_EQ(singular.log_volumes(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(singular.finite[0], 1);
  const CallableMap broken(2, [](In<Vector>) -> Vector {
    return Vector::Constant(2, std::numeric_limits<double>::quiet_NaN());
  });
  const Contraction none = contraction_along(broken, Vector::Zero(2), 1);
  EXPECT_EQ(none.finite[0], 0);
  EXPECT_EQ(none.log_volumes(0), 0);
  const Contraction stopped =
      contraction_along(henon_map(), Matrix::Zero(2, 5), 1, {}, [](double) { return false; });
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_EQ(stopped.finite[4], 0);
  EXPECT_THROW(contraction_along(henon_map(), Matrix::Zero(3, 1), 1), std::invalid_argument);
  EXPECT_THROW(contraction_along(henon_map(), Matrix::Zero(2, 1), 0), std::invalid_argument);
}

TEST(EntropyProduction, OfAContractingRotationHasItsClosedForm) {
  for (const double rho : {0.1, 0.7, 0.99}) {
    for (const double angle : {0.0, 0.3, 1.5, 3.0}) {
      const Matrix J = rho * rotation(angle);
      const auto result = entropy_production(J, 0.3 * Matrix::Identity(2, 2));
      ASSERT_EQ(result.status, GaussianStatus::converged);
      const double expected = 4 * rho * rho * std::pow(std::sin(angle), 2) / (1 - rho * rho);
      EXPECT_NEAR(result.rate, expected, 1e-12 * (1 + expected) / (1 - rho));
      EXPECT_LE((result.reversed_jacobian - J.transpose()).norm(), 1e-13 / (1 - rho));
      EXPECT_NEAR(result.asymmetry, 2 * std::abs(std::sin(angle)), 1e-13 / (1 - rho));
    }
  }
}

TEST(EntropyProduction, VanishesForReversibleDynamics) {
  // J S symmetric: symmetric J that commutes with Q, seen in other coordinates.
  Matrix J = Matrix::Zero(3, 3);
  J.diagonal() << 0.9, 0.5, -0.3;
  const Matrix C = random_matrix(3, 3, 1.0, 5) + 3 * Matrix::Identity(3, 3);
  const auto result =
      entropy_production(C * J * *solve(C, Matrix::Identity(3, 3)), C * C.transpose());
  ASSERT_EQ(result.status, GaussianStatus::converged);
  EXPECT_NEAR(result.rate, 0, 1e-12);
  EXPECT_NEAR(result.asymmetry, 0, 1e-12);
  // The same J under noise that is not along its axes is not reversible.
  EXPECT_GT(entropy_production(J, noise(3, 6)).rate, 1e-4);
}

TEST(EntropyProduction, IsWhatAPathGainsInDivergencePerStep) {
  // KL of the T-step Gaussian paths, forward against reversed in time, grows by the rate exactly.
  const Index n = 3;
  const Matrix A = random_matrix(n, n, 1.0, 7);
  const Matrix J = A * (0.8 / std::abs(eigenvalues(A)(0))), Q = noise(n, 8);
  const auto result = entropy_production(J, Q);
  const Matrix S = result.stationary.covariance;
  const auto divergence = [&](Index T) {
    Matrix forward(T * n, T * n), backward(T * n, T * n);
    for (Index i = 0; i < T; ++i) {
      Matrix lagged = S;
      for (Index j = i; j >= 0; --j) {
        forward.block(i * n, j * n, n, n) = lagged;
        forward.block(j * n, i * n, n, n) = lagged.transpose();
        backward.block(i * n, j * n, n, n) = lagged.transpose();
        backward.block(j * n, i * n, n, n) = lagged;
        lagged = (J * lagged).eval();
      }
    }
    return 0.5 * (solve_positive_definite(backward, forward)->trace() - static_cast<double>(T * n) +
                  *log_determinant(backward) - *log_determinant(forward));
  };
  EXPECT_GT(result.rate, 0.01);
  for (const Index T : {1, 2, 5}) {
    EXPECT_NEAR(divergence(T + 1) - divergence(T), result.rate, 1e-11 * (1 + result.rate));
  }
  EXPECT_LE(result.log_determinant_error, 1e-12);
}

TEST(EntropyProduction, BecomesThatOfTheOrnsteinUhlenbeckProcess) {
  // x' = -gamma x + omega rotation + noise: 2 omega^2 / gamma per second [Godreche & Luck 2019].
  const double gamma = 2, omega = 5, dt = 1e-5;
  const Matrix J = std::exp(-gamma * dt) * rotation(omega * dt);
  const auto result = entropy_production(J, dt * Matrix::Identity(2, 2));
  EXPECT_NEAR(result.rate / dt, 2 * omega * omega / gamma, 1e-2);
}

TEST(EntropyProduction, DoesNotDependOnCoordinates) {
  const Matrix A = random_matrix(5, 5, 1.0, 9);
  const Matrix J = A * (0.9 / std::abs(eigenvalues(A)(0))), Q = noise(5, 10);
  const Matrix C = random_matrix(5, 5, 1.0, 11) + 3 * Matrix::Identity(5, 5);
  const Matrix transformed = C * J * *solve(C, Matrix::Identity(5, 5));
  const double rate = entropy_production(J, Q).rate;
  EXPECT_NEAR(entropy_production(transformed, C * Q * C.transpose()).rate, rate, 1e-9 * rate);
}

TEST(EntropyProduction, EndsInAStatusWhereThereIsNone) {
  EXPECT_EQ(entropy_production(1.1 * rotation(1), Matrix::Identity(2, 2)).status,
            GaussianStatus::unstable);
  EXPECT_EQ(entropy_production(0.5 * rotation(1), Matrix::Zero(2, 2)).status,
            GaussianStatus::singular_noise);
  EXPECT_EQ(entropy_production(std::nan("") * rotation(1), Matrix::Zero(2, 2)).status,
            GaussianStatus::not_finite);
  EXPECT_THROW(entropy_production(rotation(1), Matrix::Identity(3, 3)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
