// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/neuron_ellipse.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;

TEST(NeuronEllipse, HasTheMetricAsItsSecondMoment) {
  const Matrix A = random_matrix(60, 2, 1);
  const NeuronEllipse found = neuron_ellipse(A.col(0), A.col(1));
  const PullbackMetric metric = pullback_metric(A, 2);
  EXPECT_NEAR(found.second_moment(0, 0), 1, 1e-14);
  EXPECT_NEAR(found.second_moment(1, 0), metric.cosines(0, 0), 1e-14);
  const Matrix rest = found.second_moment - found.mean * found.mean.transpose();
  EXPECT_LT((found.covariance - rest).norm(), 1e-14);
  const SymmetricEigen e = symmetric_eigen(found.covariance);
  EXPECT_NEAR(found.axes(0), 2 * std::sqrt(e.values(1)), 1e-13);
  EXPECT_NEAR(found.axes(1), 2 * std::sqrt(e.values(0)), 1e-13);
  const Vector axis{{std::cos(found.angle), std::sin(found.angle)}};
  EXPECT_NEAR(std::abs(axis.dot(e.vectors.col(1))), 1, 1e-12);
}

TEST(NeuronEllipse, OfEqualAndOpposedTangentsIsALine) {
  Vector a = random_matrix(40, 1, 2);
  a.array() -= a.mean();
  const NeuronEllipse same = neuron_ellipse(a, 3 * a, 1), opposed = neuron_ellipse(a, -a, 1);
  EXPECT_NEAR(same.axes(0), std::sqrt(2), 1e-14);
  EXPECT_NEAR(same.axes(1), 0, 1e-7);  // the root of a rounding error
  EXPECT_NEAR(same.angle, std::numbers::pi / 4, 1e-14);
  EXPECT_NEAR(opposed.angle, -std::numbers::pi / 4, 1e-14);
  EXPECT_THROW(neuron_ellipse(a, Vector::Zero(40)), std::invalid_argument);
  EXPECT_THROW(neuron_ellipse(a, a.head(3)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
