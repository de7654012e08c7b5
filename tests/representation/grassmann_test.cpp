// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/grassmann.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

/// f(V) = tr((V'V)^-1 V'AV): maximal, the sum of the d largest eigenvalues, on their eigenspace.
SubspaceFunction trace_of(const Matrix& A) {
  return [A](In<Matrix> V, Matrix& gradient) -> std::optional<double> {
    const Matrix inverse = (V.transpose() * V).inverse();
    const Matrix AV = A * V;
    gradient = 2 * (AV - V * (inverse * (V.transpose() * AV))) * inverse;
    return (inverse * (V.transpose() * AV)).trace();
  };
}

TEST(MaximizeOnGrassmann, FindsTheLeadingEigenspace) {
  const Matrix Q = random_rotation(30, 1);
  const Vector values = Vector::LinSpaced(30, 1, 30);
  const Matrix A = Q * values.asDiagonal() * Q.transpose();
  for (const Index d : {1, 3, 10}) {
    const auto found =
        maximize_on_grassmann(trace_of(A), random_matrix(30, d, 2), {.gradient_tolerance = 1e-8});
    EXPECT_EQ(found.status, GrassmannStatus::converged);
    EXPECT_NEAR(found.value, values.tail(d).sum(), 1e-10);
    EXPECT_LT(principal_angles(found.point, Q.rightCols(d)).maxCoeff(), 1e-7);
    EXPECT_LT((found.point.transpose() * found.point - Matrix::Identity(d, d)).norm(), 1e-13);
    EXPECT_LE(found.gradient_norm, 1e-8);
    EXPECT_LT(found.iterations, 150);
  }
}

TEST(MaximizeOnGrassmann, HasNothingToDoInTheWholeSpace) {
  const auto found =
      maximize_on_grassmann(trace_of(testing::positive_matrix(3, 3)), random_matrix(3, 3, 4));
  EXPECT_EQ(found.status, GrassmannStatus::converged);
  EXPECT_EQ(found.iterations, 0);
}

TEST(MaximizeOnGrassmann, StepsBackFromWhereTheFunctionIsNotDefined) {
  // Defined only within about 70 degrees of the maximum e_1, with a barrier at the border.
  const SubspaceFunction f = [](In<Matrix> V, Matrix& gradient) -> std::optional<double> {
    const Vector v = V.col(0);
    const double norm = v.squaredNorm(), share = v(0) * v(0) / norm - 0.1;
    if (share <= 0) return std::nullopt;
    const double rest = 1.5 - share;
    const Vector along = 2 * (v(0) * Vector::Unit(3, 0) - v * (v(0) * v(0) / norm)) / norm;
    gradient = along * (1 / share + 1 / rest);
    return std::log(share) - std::log(rest);
  };
  const auto found = maximize_on_grassmann(f, Vector{{0.4, 0.5, 0.6}});
  EXPECT_EQ(found.status, GrassmannStatus::converged);
  EXPECT_NEAR(std::abs(found.point(0)), 1, 1e-10);
  const auto outside = maximize_on_grassmann(f, Vector{{0.1, 0.5, 0.6}});
  EXPECT_EQ(outside.status, GrassmannStatus::undefined);
}

TEST(MaximizeOnGrassmann, SaysWhenItRanOutOfIterations) {
  const Matrix A = testing::positive_matrix(20, 5);
  const auto found =
      maximize_on_grassmann(trace_of(A), random_matrix(20, 2, 6), {.max_iterations = 2});
  EXPECT_EQ(found.status, GrassmannStatus::max_iterations);
  EXPECT_EQ(found.iterations, 2);
}

TEST(MaximizeOnGrassmann, SaysWhenItStalled) {
  const Matrix A = testing::positive_matrix(20, 7);
  const auto found =
      maximize_on_grassmann(trace_of(A), random_matrix(20, 2, 8), {.gradient_tolerance = 1e-300});
  EXPECT_EQ(found.status, GrassmannStatus::stalled);
  EXPECT_LT(found.gradient_norm, 1e-5);
}

TEST(MaximizeOnGrassmann, RejectsBadArguments) {
  const SubspaceFunction f = trace_of(Matrix::Identity(3, 3));
  EXPECT_THROW(maximize_on_grassmann(f, random_matrix(3, 4, 1)), std::invalid_argument);
  EXPECT_THROW(maximize_on_grassmann(f, random_matrix(3, 2, 1), {.memory = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
