// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

double cost_of(const Matrix& costs, const std::vector<Index>& columns) {
  double sum = 0;
  for (Index i = 0; i < costs.rows(); ++i) sum += costs(i, columns[static_cast<std::size_t>(i)]);
  return sum;
}

TEST(MinimumAssignment, HasTheLeastCostOfAllPermutations) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Index p = 1 + static_cast<Index>(seed % 4), q = 5;
    const Matrix costs = random_matrix(p, q, 1.0, seed);
    std::vector<Index> order(static_cast<std::size_t>(q));
    std::iota(order.begin(), order.end(), Index{0});
    double least = std::numeric_limits<double>::infinity();
    do least = std::min(least, cost_of(costs, order));
    while (std::next_permutation(order.begin(), order.end()));
    std::vector<Index> found = minimum_assignment(costs);
    EXPECT_NEAR(cost_of(costs, found), least, 1e-12);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(std::adjacent_find(found.begin(), found.end()), found.end());
  }
}

TEST(MinimumAssignment, IsNotTheGreedyOne) {
  Matrix costs(2, 2);
  costs << 1, 2, 2, 100;
  EXPECT_EQ(minimum_assignment(costs), (std::vector<Index>{1, 0}));
  EXPECT_TRUE(minimum_assignment(Matrix(0, 3)).empty());
}

}  // namespace
}  // namespace nullcline::dynamics
