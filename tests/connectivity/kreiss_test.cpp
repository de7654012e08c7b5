// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/kreiss.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

/// sup over heights s > 0 of s / sigma_min([r, c; 0, r]), r = base + s, by a fine scan: the
/// difference of the singular values is c, their product r^2.
double of_two(double base, double c) {
  double best = 1;
  for (double s = 1e-3; s < 1e5; s *= 1.0002) {
    const double r = base + s;
    best = std::max(best, s * (std::sqrt(c * c + 4 * r * r) + c) / (2 * r * r));
  }
  return best;
}

TEST(KreissConstant, OfStableNormalMatricesIsOne) {
  const Matrix A = random_weights(12, 1), Q = orthonormal_basis(A);
  EXPECT_NEAR(kreiss_constant(0.9 * Q).constant, 1, 1e-9);
  EXPECT_NEAR(kreiss_constant(Q).constant, 1, 1e-6);  // on the circle itself
  const Matrix decay = A - A.transpose() - Matrix::Identity(12, 12);
  EXPECT_NEAR(kreiss_constant(decay, {.dynamics = Dynamics::flow}).constant, 1, 1e-9);
  EXPECT_EQ(kreiss_constant(Matrix::Zero(3, 3)).constant, 1);
}

TEST(KreissConstant, OfTwoUnitsHasAClosedForm) {
  for (const double c : {0.5, 3.0, 100.0}) {
    // The resolvent depends on the angle only by a phase.
    const Kreiss map = kreiss_constant(Matrix{{0, c}, {0, 0}});
    EXPECT_NEAR(map.constant, of_two(1, c), 1e-6 * map.constant);
    const Kreiss flow = kreiss_constant(Matrix{{-1, c}, {0, -1}}, {.dynamics = Dynamics::flow});
    EXPECT_NEAR(flow.constant, of_two(1, c), 1e-6 * flow.constant);
    if (flow.constant > 1) {
      EXPECT_NEAR(flow.point.imag(), 0, 1e-3);
    }
    EXPECT_DOUBLE_EQ(flow.spectral, -1);
  }
}

TEST(KreissConstant, BoundsTransientGrowthFromBothSides) {
  Matrix A = 0.2 * random_weights(20, 2);
  A.triangularView<Eigen::StrictlyUpper>() *= 4;
  A *= 0.95 / eigenvalues(A).cwiseAbs().maxCoeff();
  const Kreiss found = kreiss_constant(A, {.threads = {2}});
  Matrix power = Matrix::Identity(20, 20);
  double peak = 1;
  for (int k = 0; k < 300; ++k) {
    power = power * A;
    peak = std::max(peak, singular_values(power)(0));
  }
  EXPECT_GT(peak, 1.5);
  EXPECT_LE(found.constant, peak * (1 + 1e-9));
  EXPECT_GE(found.upper_bound, peak);
  EXPECT_EQ(found.constant, kreiss_constant(A).constant) << "one thread";
}

TEST(KreissConstant, IsInfiniteWhereGrowthIs) {
  EXPECT_TRUE(std::isinf(kreiss_constant(Matrix{{1.1, 0}, {0, 0.2}}).constant));
  EXPECT_TRUE(std::isinf(
      kreiss_constant(Matrix{{0.1, 0}, {0, -1}}, {.dynamics = Dynamics::flow}).constant));
  EXPECT_THROW(kreiss_constant(Matrix::Zero(2, 3)), std::invalid_argument);
  EXPECT_THROW(kreiss_constant(Matrix::Zero(2, 2), {.angles = 1}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
