// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/adam.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace nullcline::training {
namespace {

/// Algorithm 1 of Kingma & Ba (2015), a number at a time.
struct ScalarAdam {
  AdamOptions options;
  double m = 0, v = 0, theta = 0;
  void step(int t, double g) {
    m = options.beta1 * m + (1 - options.beta1) * g;
    v = options.beta2 * v + (1 - options.beta2) * g * g;
    const double m_hat = m / (1 - std::pow(options.beta1, t));
    const double v_hat = v / (1 - std::pow(options.beta2, t));
    theta -= options.learning_rate * m_hat / (std::sqrt(v_hat) + options.epsilon);
  }
};

TEST(Adam, TakesTheStepsOfThePaper) {
  const AdamOptions options{0.01, 0.9, 0.99, 1e-8};
  ScalarAdam reference{options};
  Matrix theta = Matrix::Zero(1, 1);
  AdamMoments<double> moments{Matrix::Zero(1, 1), Matrix::Zero(1, 1)};
  for (int t = 1; t <= 50; ++t) {
    const double g = std::sin(t) + 0.3;
    reference.step(t, g);
    adam_step(options, t, Matrix(Matrix::Constant(1, 1, g)), moments,
              Eigen::Map<Matrix>(theta.data(), 1, 1));
    EXPECT_NEAR(theta(0, 0), reference.theta, 1e-14);
  }
}

TEST(Adam, FirstStepHasTheLengthOfTheLearningRate) {
  const AdamOptions options{0.1, 0.9, 0.999, 1e-12};
  Matrix theta = Matrix::Zero(1, 3), g(1, 3);
  g << 1e-3, -5, 100;
  AdamMoments<double> moments{Matrix::Zero(1, 3), Matrix::Zero(1, 3)};
  adam_step(options, 1, g, moments, Eigen::Map<Matrix>(theta.data(), 1, 3));
  EXPECT_NEAR(theta(0, 0), -0.1, 1e-9);
  EXPECT_NEAR(theta(0, 1), 0.1, 1e-9);
  EXPECT_NEAR(theta(0, 2), -0.1, 1e-9);
}

TEST(Adam, DoesNotMoveWhatHasNoGradient) {
  Matrix theta = Matrix::Constant(2, 2, 0.5);
  AdamMoments<double> moments{Matrix::Zero(2, 2), Matrix::Zero(2, 2)};
  for (int t = 1; t < 5; ++t) {
    adam_step({}, t, Matrix(Matrix::Zero(2, 2)), moments, Eigen::Map<Matrix>(theta.data(), 2, 2));
  }
  EXPECT_TRUE((theta.array() == 0.5).all());
}

}  // namespace
}  // namespace nullcline::training
