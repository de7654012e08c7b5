// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/state_metric.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;

TEST(StateMetric, IsThatOfTheProductsWithIt) {
  const Matrix A = random_matrix(9, 2 * 4, 1), L = random_matrix(9, 9, 2);
  Matrix S = L * L.transpose();
  S = (S + S.transpose()).eval() / 2;
  const PullbackMetric found = pullback_metric(in_state_metric(A, S), 2);
  for (Index c = 0; c < 4; ++c) {
    const Matrix expected = A.middleCols(2 * c, 2).transpose() * S * A.middleCols(2 * c, 2);
    EXPECT_LT((found.at(c) - expected).norm(), 1e-13 * expected.norm());
  }
}

TEST(StateMetric, OfWeightsAndOfACallbackAreTheSame) {
  const Matrix A = random_matrix(5, 2 * 3, 3), states = random_matrix(5, 3, 4);
  const Vector weights{{0, 1, 4, 0.25, 9}};
  const Matrix G = pullback_metric(in_weighted_states(A, weights), 2).metric;
  const Matrix by_matrix =
      pullback_metric(in_state_metric(A, Matrix(weights.asDiagonal())), 2).metric;
  EXPECT_LT((by_matrix - G).norm(), 1e-13 * G.norm());
  // The metric of rates: S(x) = diag(f'(x)^2).
  const auto slope = [](In<Vector> x) { return Vector(1 - x.array().tanh().square()); };
  const Matrix found = in_state_metric(A, states, [&](In<Vector> x) {
    return Matrix(slope(x).array().square().matrix().asDiagonal());
  });
  Matrix rates = A;
  for (Index c = 0; c < 6; ++c) rates.col(c).array() *= slope(states.col(c / 2)).array();
  const Matrix expected = pullback_metric(rates, 2).metric;
  EXPECT_LT((pullback_metric(found, 2).metric - expected).norm(), 1e-13 * expected.norm());
}

TEST(StateMetric, OfAReadoutHasItsRankAndBounds) {
  // S = H'H of two readouts: three tangents have a metric of rank 2, below |H|^2 G.
  const Matrix A = random_matrix(7, 3 * 4, 5), H = random_matrix(2, 7, 6);
  const PullbackMetric states = pullback_metric(A, 3), outputs = pullback_metric(H * A, 3);
  const PullbackMetric same = pullback_metric(in_state_metric(A, Matrix(H.transpose() * H)), 3);
  EXPECT_LT((same.metric - outputs.metric).norm(), 1e-12 * outputs.metric.norm());
  const double norm = singular_values(H)(0);
  const Vector seen = visible_fraction(states, outputs, Vector::Constant(1, norm));
  for (Index c = 0; c < 4; ++c) {
    EXPECT_EQ(outputs.status[static_cast<std::size_t>(c)], MetricStatus::degenerate);
    EXPECT_LT(outputs.eigenvalues(2, c), 1e-25 * outputs.eigenvalues(0, c));
    EXPECT_GT(outputs.eigenvalues(1, c), 1e-6 * outputs.eigenvalues(0, c));
    const Matrix below = norm * norm * states.at(c) - outputs.at(c);
    EXPECT_GT(symmetric_eigen(below).values(0), -1e-12 * states.at(c).norm());
    EXPECT_NEAR(seen(c), outputs.at(c).trace() / (norm * norm * states.at(c).trace()), 1e-14);
  }
}

TEST(StateMetric, IsAllVisibleAlongTheStrongestReadoutAlone) {
  const Matrix H = random_matrix(2, 7, 7);
  const Svd s = svd(H);
  const auto seen = [&](In<Matrix> tangent) {
    return visible_fraction(pullback_metric(tangent, 1), pullback_metric(H * tangent, 1),
                            Vector::Constant(1, s.values(0)))(0);
  };
  EXPECT_NEAR(seen(s.V.col(0)), 1, 1e-14);
  const double weaker = s.values(1) / s.values(0);
  EXPECT_NEAR(seen(s.V.col(1)), weaker * weaker, 1e-14);
  EXPECT_TRUE(std::isnan(seen(Matrix::Zero(7, 1))));
}

TEST(StateMetric, MustBeSymmetricAndNotNegative) {
  const Matrix A = random_matrix(3, 2, 8);
  EXPECT_THROW(in_state_metric(A, Matrix{{1, 2, 0}, {0, 1, 0}, {0, 0, 1}}), std::invalid_argument);
  EXPECT_THROW(in_state_metric(A, Matrix{{1, 0, 0}, {0, -1, 0}, {0, 0, 1}}), std::invalid_argument);
  EXPECT_THROW(in_state_metric(A, Matrix(Matrix::Identity(2, 2))), std::invalid_argument);
  EXPECT_THROW(in_weighted_states(A, Vector{{1, -1, 1}}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
