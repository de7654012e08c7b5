// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/loss.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/training/uniforms.hpp"

namespace nullcline::training {
namespace {

using tasks::Loss;

tasks::Trials some_trials(Loss loss, Index outputs, Index steps, Index batch) {
  tasks::Trials trials;
  trials.steps = steps;
  trials.batch = batch;
  trials.targets = (uniforms(outputs, steps * batch, 1).array() + 1) / 2;  // in [0, 1]
  if (loss == Loss::categorical_cross_entropy) {
    for (auto column : trials.targets.colwise()) column /= column.sum();
  }
  trials.weights = (uniforms(1, steps * batch, 2).array() + 0.5).max(0.0);  // some are zero
  return trials;
}

/// The formulas of the header, an entry at a time, in the naive way.
double slow_loss(Loss loss, const tasks::Trials& trials, const Matrix& z) {
  double sum = 0;
  for (Index k = 0; k < z.cols(); ++k) {
    double term = 0;
    for (Index o = 0; o < z.rows(); ++o) {
      const double y = trials.targets(o, k);
      if (loss == Loss::squared_error) term += std::pow(z(o, k) - y, 2);
      if (loss == Loss::binary_cross_entropy) {
        const double p = 1 / (1 + std::exp(-z(o, k)));
        term -= y * std::log(p) + (1 - y) * std::log(1 - p);
      }
      if (loss == Loss::categorical_cross_entropy) {
        term -= y * std::log(std::exp(z(o, k)) / z.col(k).array().exp().sum());
      }
    }
    const bool mean = loss != Loss::categorical_cross_entropy;
    sum += trials.weights(0, k) * term / (mean ? static_cast<double>(z.rows()) : 1);
  }
  return sum / trials.weights.sum();
}

class Losses : public ::testing::TestWithParam<std::pair<Loss, Index>> {
 protected:
  Loss loss() const { return GetParam().first; }
  tasks::Trials trials(Index steps = 23, Index batch = 17) const {
    return some_trials(loss(), GetParam().second, steps, batch);
  }
};
INSTANTIATE_TEST_SUITE_P(Kinds, Losses,
                         ::testing::Values(std::pair{Loss::squared_error, 1},
                                           std::pair{Loss::squared_error, 3},
                                           std::pair{Loss::binary_cross_entropy, 2},
                                           std::pair{Loss::categorical_cross_entropy, 4}));

TEST_P(Losses, AreTheirFormulas) {
  const auto t = trials();
  const Matrix z = 2 * uniforms(t.targets.rows(), t.targets.cols(), 3);
  Matrix shares, gradient = z;
  loss_shares(loss(), t, shares);
  EXPECT_NEAR(loss_and_gradient<double>(loss(), t.targets, shares, gradient),
              slow_loss(loss(), t, z), 1e-13);
}

TEST_P(Losses, HaveTheGradientOfFiniteDifferences) {
  const auto t = trials(5, 3);
  Matrix z = 2 * uniforms(t.targets.rows(), t.targets.cols(), 4);
  Matrix shares, gradient = z;
  loss_shares(loss(), t, shares);
  loss_and_gradient<double>(loss(), t.targets, shares, gradient);
  const double h = 1e-5;
  for (Index i = 0; i < z.size(); ++i) {
    const auto at = [&](double shift) {
      Matrix shifted = z;
      shifted.data()[i] += shift;
      return slow_loss(loss(), t, shifted);
    };
    EXPECT_NEAR(gradient.data()[i], (at(h) - at(-h)) / (2 * h), 1e-10) << i;
  }
}

TEST_P(Losses, InFloatAreThoseOfDouble) {
  const auto t = trials(200, 64);
  const Matrix z = uniforms(t.targets.rows(), t.targets.cols(), 5);
  MatrixX<float> shares, gradient = z.cast<float>();
  loss_shares(loss(), t, shares);
  const MatrixX<float> y = t.targets.cast<float>();
  // Sums in float over blocks of 256, in double over those: some eps, of 6e-8.
  EXPECT_NEAR(loss_and_gradient<float>(loss(), y, shares, gradient), slow_loss(loss(), t, z), 2e-6);
}

/// Behind the end of a short trial nothing is looked at, whatever the network does there.
TEST_P(Losses, DoNotLookAtMaskedSteps) {
  auto t = trials();
  const Matrix z = uniforms(t.targets.rows(), t.targets.cols(), 6);
  const Index masked = t.targets.cols() / 2;
  t.weights.rightCols(t.targets.cols() - masked).setZero();
  tasks::Trials shorter = t;
  shorter.targets = t.targets.leftCols(masked);
  shorter.weights = t.weights.leftCols(masked);
  Matrix shares, gradient = z;
  gradient.rightCols(3) *= 1e9;
  loss_shares(loss(), t, shares);
  EXPECT_NEAR(loss_and_gradient<double>(loss(), t.targets, shares, gradient),
              slow_loss(loss(), shorter, z.leftCols(masked)), 1e-13);
  EXPECT_TRUE((gradient.rightCols(t.targets.cols() - masked).array() == 0).all());
}

TEST_P(Losses, AreNotFiniteWhereNothingCounts) {
  auto t = trials();
  t.weights.setZero();
  Matrix shares, z = uniforms(t.targets.rows(), t.targets.cols(), 7);
  loss_shares(loss(), t, shares);
  EXPECT_FALSE(std::isfinite(loss_and_gradient<double>(loss(), t.targets, shares, z)));
}

TEST(CrossEntropy, StaysFiniteForLargeLogits) {
  for (const Loss loss : {Loss::binary_cross_entropy, Loss::categorical_cross_entropy}) {
    Matrix z(2, 1), y(2, 1), share = Matrix::Ones(1, 1);
    z << 1e4, -1e4;
    y << 0, 1;
    const double value = loss_and_gradient<double>(loss, y, share, z);
    EXPECT_NEAR(value, 2e4, 1e-8);
    EXPECT_TRUE(z.allFinite());
    EXPECT_NEAR(z(0), 1, 1e-12);
    EXPECT_NEAR(z(1), -1, 1e-12);
  }
}

/// "At the last valid step" is a weight there alone: trials of lengths 2 and 3.
TEST(CrossEntropy, AtTheLastValidStepIsAWeightThere) {
  tasks::Trials t;
  t.steps = 3;
  t.batch = 2;
  t.targets = Matrix::Zero(2, 6);
  t.weights = Matrix::Zero(1, 6);
  t.targets(0, 2) = 1;  // step 2 of trial 1
  t.targets(1, 5) = 1;  // step 3 of trial 2
  t.weights(0, 2) = t.weights(0, 5) = 1;
  const Matrix z = uniforms(2, 6, 8);
  Matrix shares, gradient = z;
  loss_shares(Loss::categorical_cross_entropy, t, shares);
  const auto log_softmax = [&](Index o, Index k) {
    return z(o, k) - std::log(z.col(k).array().exp().sum());
  };
  EXPECT_NEAR(
      loss_and_gradient<double>(Loss::categorical_cross_entropy, t.targets, shares, gradient),
      -(log_softmax(0, 2) + log_softmax(1, 5)) / 2, 1e-14);
}

}  // namespace
}  // namespace nullcline::training
