// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "nullcline/dynamics/detail/merge.hpp"
#include "nullcline/dynamics/detail/simplex_minimum.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics::detail {
namespace {

TEST(SimplexMinimum, OfASegmentIsItsPointNearestToTheOrigin) {
  Matrix G(2, 2);  // from (1, 1) to (1, -3): nearest (1, 0)
  G << 1, 1, 1, -3;
  const Vector w = simplex_minimum(G.transpose() * G, Vector::Zero(2));
  EXPECT_NEAR(w(0), 0.75, 1e-12);
  EXPECT_NEAR(w(1), 0.25, 1e-12);
}

TEST(SimplexMinimum, FulfilsTheOptimalityConditions) {
  // slope_i = (K w + c)_i is the same where w_i > 0 and not smaller elsewhere.
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Index m = 2 + static_cast<Index>(seed % 12), n = 1 + static_cast<Index>(seed % 5);
    Matrix G = random_matrix(n, m, 1.0, seed);
    G.row(0).array() += 0.5;
    const Vector c = random_matrix(m, 1, 0.2, 100 + seed).cwiseAbs();
    const Matrix K = G.transpose() * G;  // singular for m > n
    const Vector w = simplex_minimum(K, c);
    EXPECT_NEAR(w.sum(), 1, 1e-12);
    EXPECT_GE(w.minCoeff(), 0);
    const Vector slope = K * w + c;
    EXPECT_GE(slope.minCoeff(), slope.dot(w) - 1e-9 * K.diagonal().maxCoeff());
  }
}

TEST(MergeByDistance, JoinsTheNearestFounderWithinReach) {
  const Matrix states = (Matrix(1, 6) << 0, 1, 0.1, 0.95, 5, 0.05).finished();
  const Vector cost = (Vector(6) << 3, 2, 1, 2, 0, 1).finished();
  const auto clusters = merge_by_distance(states, {0, 1, 2, 3, 5}, cost, 0.15);
  ASSERT_EQ(clusters.size(), 2u);
  EXPECT_EQ(clusters[0].members, (std::vector<Index>{0, 2, 5}));
  EXPECT_EQ(clusters[0].best, 2);
  EXPECT_EQ(clusters[1].members, (std::vector<Index>{1, 3}));
  EXPECT_EQ(clusters[1].best, 1);
}

TEST(MergeByDistance, OfDistanceZeroJoinsEqualStatesOnly) {
  const Matrix states = (Matrix(1, 3) << 1, 1 + 1e-15, 1).finished();
  const auto clusters = merge_by_distance(states, {0, 1, 2}, Vector::Zero(3), 0);
  ASSERT_EQ(clusters.size(), 2u);
  EXPECT_EQ(clusters[0].members, (std::vector<Index>{0, 2}));
}

}  // namespace
}  // namespace nullcline::dynamics::detail
