// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/graph.hpp"

#include <gtest/gtest.h>

namespace nullcline::connectivity {
namespace {

TEST(Graph, OfACycleIsStronglyConnectedAndCyclic) {
  Matrix A = Matrix::Zero(4, 4);
  for (Index j = 0; j < 4; ++j) A((j + 1) % 4, j) = 1;
  EXPECT_TRUE(is_strongly_connected(A));
  EXPECT_TRUE(has_cycle(A));
  A(0, 3) = 0;  // The chain 0 -> 1 -> 2 -> 3.
  EXPECT_FALSE(is_strongly_connected(A));
  EXPECT_FALSE(is_strongly_connected(A.transpose()));
  EXPECT_FALSE(has_cycle(A));
  A(1, 2) = 1;
  EXPECT_TRUE(has_cycle(A));
  EXPECT_FALSE(is_strongly_connected(A));
}

TEST(Graph, OfALoopIsCyclic) {
  Matrix A = Matrix::Zero(2, 2);
  EXPECT_FALSE(has_cycle(A));
  A(1, 1) = -0.5;
  EXPECT_TRUE(has_cycle(A));
  EXPECT_TRUE(is_strongly_connected(Matrix::Zero(1, 1)));
}

}  // namespace
}  // namespace nullcline::connectivity
