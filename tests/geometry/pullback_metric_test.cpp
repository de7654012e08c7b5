// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/pullback_metric.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;

TEST(PullbackMetric, OfALinearMapIsItsGram) {
  const Matrix M = random_matrix(20, 3 * 4, 1);
  const PullbackMetric found = pullback_metric(M, 3);
  for (Index c = 0; c < 4; ++c) {
    const Matrix A = M.middleCols(3 * c, 3), G = A.transpose() * A;
    EXPECT_LT((found.at(c) - G).norm(), 1e-13 * G.norm());
    const Vector sigma = singular_values(A);
    EXPECT_LT((found.eigenvalues.col(c).cwiseSqrt() - sigma).norm(), 1e-13 * sigma(0));
    EXPECT_NEAR(found.volume(c), std::exp(0.5 * log_determinant(G).value()),
                1e-10 * found.volume(c));
    EXPECT_NEAR(found.condition(c), sigma(0) / sigma(2), 1e-11 * found.condition(c));
    EXPECT_NEAR(found.stretch(1, c), A.col(1).norm(), 1e-14 * found.stretch(1, c));
    EXPECT_NEAR(found.cosines(1, c), A.col(0).normalized().dot(A.col(2).normalized()), 1e-14);
    EXPECT_EQ(found.status[static_cast<std::size_t>(c)], MetricStatus::immersed);
  }
}

TEST(PullbackMetric, OfTheCliffordTorusIsConstantAndDiagonal) {
  // x = (r1 cos a, r1 sin a, r2 cos b, r2 sin b).
  const double r1 = 1.5, r2 = 0.4;
  Matrix tangents = Matrix::Zero(4, 2 * 7);
  for (Index k = 0; k < 7; ++k) {
    const double a = static_cast<double>(k), b = 0.3 * a;
    tangents.col(2 * k) << -r1 * std::sin(a), r1 * std::cos(a), 0, 0;
    tangents.col(2 * k + 1) << 0, 0, -r2 * std::sin(b), r2 * std::cos(b);
  }
  const PullbackMetric found = pullback_metric(tangents, 2);
  const Matrix expected{{r1 * r1, 0}, {0, r2 * r2}};
  for (Index k = 0; k < 7; ++k) {
    EXPECT_LT((found.at(k) - expected).norm(), 1e-15);
    EXPECT_NEAR(found.volume(k), r1 * r2, 1e-15);
    const double l1 = r1 * r1, l2 = r2 * r2;
    EXPECT_NEAR(found.effective_dim(k), (l1 + l2) * (l1 + l2) / (l1 * l1 + l2 * l2), 1e-14);
  }
}

TEST(PullbackMetric, DoesNotSeeRotationsOfTheStatesAndChangesWithCoordinatesAsATensor) {
  const Matrix A = random_matrix(15, 2, 2), Q = orthonormal_basis(random_matrix(15, 15, 3));
  const Matrix L{{1.5, -0.2}, {0.7, 2}};
  const Matrix G = pullback_metric(A, 2).at(0);
  EXPECT_LT((pullback_metric(Q * A, 2).at(0) - G).norm(), 1e-13 * G.norm());
  const Matrix expected = L.transpose() * G * L;
  EXPECT_LT((pullback_metric(A * L, 2).at(0) - expected).norm(), 1e-13 * expected.norm());
}

TEST(PullbackMetric, IsTheSecondMomentOfTangentsOverNeurons) {
  const Matrix A = random_matrix(50, 3, 4);
  Matrix moment = Matrix::Zero(3, 3);
  for (Index i = 0; i < 50; ++i) moment += A.row(i).transpose() * A.row(i) / 50;
  EXPECT_LT((pullback_metric(A, 3).at(0) / 50 - moment).norm(), 1e-14 * moment.norm());
}

TEST(PullbackMetric, KeepsTheDigitsOfSmallEigenvalues) {
  // Columns e_1 and e_1 + 1e-10 e_2: of the product G not a digit of sigma_2 would be left.
  Matrix A = Matrix::Zero(6, 2);
  A(0, 0) = A(0, 1) = 1;
  A(1, 1) = 1e-10;
  const PullbackMetric found = pullback_metric(A, 2);
  EXPECT_NEAR(found.volume(0), 1e-10, 1e-24);
  EXPECT_NEAR(std::sqrt(found.eigenvalues(1, 0)), 1e-10 / std::sqrt(2.0), 1e-16);
  EXPECT_EQ(found.status[0], MetricStatus::immersed);
}

TEST(PullbackMetric, NamesWhatIsDegenerateAndDividesByNothing) {
  Matrix A = Matrix::Zero(5, 8);
  A.col(2) = random_matrix(5, 1, 5);  // the second variable moves nothing yet
  A.middleCols(4, 2) = A.col(2) * Matrix{{1, -3}};
  A(0, 6) = std::nan("");
  const PullbackMetric found = pullback_metric(A, 2);
  EXPECT_EQ(found.status[0], MetricStatus::collapsed);
  EXPECT_EQ(found.effective_dim(0), 0);
  EXPECT_EQ(found.cosines(0, 1), 0);
  EXPECT_EQ(found.status[1], MetricStatus::degenerate);
  EXPECT_DOUBLE_EQ(found.effective_dim(1), 1);
  EXPECT_EQ(found.status[2], MetricStatus::degenerate);
  EXPECT_NEAR(found.cosines(0, 2), -1, 1e-15);
  EXPECT_TRUE(std::isinf(found.condition(2)));
  EXPECT_EQ(found.status[3], MetricStatus::not_finite);
  EXPECT_STREQ(name_of(found.status[3]), "not_finite");
}

TEST(PullbackMetric, OfFewerStatesThanVariablesHasTheirRank) {
  const PullbackMetric found = pullback_metric(random_matrix(1, 2, 6), 2);
  EXPECT_EQ(found.eigenvalues(1, 0), 0);
  EXPECT_EQ(found.status[0], MetricStatus::degenerate);
  EXPECT_THROW(pullback_metric(Matrix::Zero(3, 5), 2), std::invalid_argument);
  EXPECT_THROW(pullback_metric(Matrix::Zero(3, 5), 0), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
