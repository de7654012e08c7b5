// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/linear_error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

/// (x, u) -> tanh(W x + B u), or W x + B u; derivatives by finite differences or not needed.
class TestNetwork final : public DrivenMap {
 public:
  TestNetwork(Matrix W, Matrix B, bool linear)
      : W_(std::move(W)), B_(std::move(B)), linear_(linear) {}
  Index state_dim() const override { return W_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = W_ * X + B_ * U;
    if (!linear_) Y = Y.array().tanh().matrix().eval();
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    if (linear_) return {W_, B_};
    const Vector slope = 1 - (W_ * x + B_ * u).array().tanh().square();
    return {slope.asDiagonal() * W_, slope.asDiagonal() * B_};
  }

 private:
  Matrix W_, B_;
  bool linear_;
};

TEST(LinearErrors, OfALinearMapVanish) {
  const TestNetwork map(random_matrix(6, 6, 0.3, 1), random_matrix(6, 2, 1.0, 2), true);
  const Matrix points = random_matrix(6, 3, 1.0, 3);
  const auto models = affine_models(map, points, Vector::Ones(2));
  const Matrix states = random_matrix(6, 20, 1.0, 4), inputs = random_matrix(2, 20, 1.0, 5);
  const auto result = linear_errors(map, models, states, inputs, {.trials = 4, .horizon = 5});
  EXPECT_LE(result.mean.maxCoeff(), 1e-13);
  EXPECT_LE(result.upper.maxCoeff(), 1e-13);
  EXPECT_EQ(result.counts, (std::vector<Index>{20, 16, 12, 8, 4}));
  EXPECT_GT(result.persistence.minCoeff(), 0.1);
}

TEST(LinearErrors, AreThoseOfOnePredictionAtATime) {
  const TestNetwork map(random_matrix(5, 5, 0.5, 6), random_matrix(5, 2, 0.5, 7), false);
  const Matrix points = random_matrix(5, 4, 0.3, 8);
  const auto models = affine_models(map, points, Vector::Zero(2));
  const Index T = 6, B = 3, M = 3;
  const Matrix states = random_matrix(5, T * B, 0.5, 9), inputs = random_matrix(2, T * B, 0.5, 10);
  const auto result = linear_errors(map, models, states, inputs, {.trials = B, .horizon = M});
  for (Index m = 1; m <= M; ++m) {
    double sum = 0, persistence = 0;
    std::vector<double> errors;
    for (Index i = 0; i + (m - 1) * B < T * B; ++i) {
      Index nearest = 0;
      (points.colwise() - states.col(i)).colwise().norm().minCoeff(&nearest);
      EXPECT_EQ(result.nearest[static_cast<std::size_t>(i)], nearest);
      const AffineModel& model = models[static_cast<std::size_t>(nearest)];
      Matrix x = states.col(i), next(5, 1);
      Vector y = states.col(i);
      for (Index s = 0; s < m; ++s) {
        const Vector u = inputs.col(i + s * B);
        map.evaluate(x, u, next);
        x = next;
        y = model.next + model.jacobian * (y - model.state) + model.input_jacobian * u;
      }
      errors.push_back((x - y).norm() / x.norm());
      if (m == 1) {
        EXPECT_NEAR(result.one_step(i), errors.back(), 1e-13);
      }
      sum += errors.back();
      persistence += (x - states.col(i)).norm() / x.norm();
    }
    const auto count = static_cast<double>(errors.size());
    EXPECT_NEAR(result.mean(m - 1), sum / count, 1e-13);
    EXPECT_NEAR(result.persistence(m - 1), persistence / count, 1e-13);
    std::sort(errors.begin(), errors.end());
    EXPECT_LE(result.median(m - 1), errors[errors.size() / 2] + 1e-13);
    EXPECT_GE(result.upper(m - 1), result.median(m - 1));
  }
}

TEST(LinearErrors, AreOfSecondOrderInTheDistance) {
  const TestNetwork map(random_matrix(5, 5, 0.5, 11), random_matrix(5, 1, 0.5, 12), false);
  const Vector point = random_matrix(5, 1, 0.5, 13);
  const auto models = affine_models(map, point, Vector::Zero(1));
  const Vector direction = random_matrix(5, 1, 1.0, 14);
  const auto error = [&](double h) {
    const Vector state = point + h * direction;
    return linear_errors(map, models, state, Matrix::Zero(1, 1)).mean(0);
  };
  EXPECT_NEAR(error(1e-3) / error(5e-4), 4, 0.1);
}

TEST(LinearErrors, AreTheSameForAnyThreadsAndSkipWhatIsNotFinite) {
  const TestNetwork map(random_matrix(4, 4, 0.5, 15), random_matrix(4, 1, 0.5, 16), false);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Matrix points = random_matrix(4, 3, 0.5, 17);
  points.col(0).setConstant(nan);
  const auto models = affine_models(map, points, Vector::Zero(1));
  EXPECT_FALSE(models[0].finite);
  EXPECT_TRUE(models[1].finite);
  Matrix states = random_matrix(4, 10, 0.5, 18);
  states.col(3).setConstant(nan);
  const Matrix inputs = Matrix::Zero(1, 10);
  const auto one = linear_errors(map, models, states, inputs, {.horizon = 4});
  const auto two = linear_errors(map, models, states, inputs, {.horizon = 4, .threads = {2}});
  EXPECT_EQ(one.mean, two.mean);
  EXPECT_EQ(one.upper, two.upper);
  EXPECT_EQ(one.nearest, two.nearest);
  EXPECT_EQ(one.nearest[3], -1);
  EXPECT_EQ(one.one_step(3), -1);
  EXPECT_EQ(one.lost[0], 1);
  EXPECT_TRUE(one.mean.allFinite());
}

TEST(LinearErrors, StopWhenAskedAndRejectBadArguments) {
  const TestNetwork map(random_matrix(4, 4, 0.5, 19), random_matrix(4, 1, 0.5, 20), false);
  const auto models = affine_models(map, random_matrix(4, 2, 0.5, 21), Vector::Zero(1));
  const Matrix states = random_matrix(4, 10, 0.5, 22), inputs = Matrix::Zero(1, 10);
  const auto stopped = linear_errors(map, models, states, inputs,
                                     {.horizon = 4, .progress = [](double) { return false; }});
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_EQ(stopped.counts, (std::vector<Index>{10, 0, 0, 0}));
  // A horizon beyond the trajectory has nothing to be about.
  EXPECT_EQ(linear_errors(map, models, states, inputs, {.trials = 10, .horizon = 3}).counts[1], 0);
  EXPECT_THROW(linear_errors(map, {}, states, inputs), std::invalid_argument);
  EXPECT_THROW(linear_errors(map, models, states, Matrix::Zero(2, 10)), std::invalid_argument);
  EXPECT_THROW(linear_errors(map, models, states, inputs, {.trials = 3}), std::invalid_argument);
  EXPECT_THROW(linear_errors(map, models, states, inputs, {.horizon = 0}), std::invalid_argument);
  EXPECT_THROW(affine_models(map, Matrix::Zero(3, 1), Vector::Zero(1)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
