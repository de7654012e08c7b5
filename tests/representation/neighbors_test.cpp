// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/neighbors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation::detail {
namespace {

using representation::testing::random_matrix;

/// The slow twin: every distance, sorted.
std::vector<std::pair<double, Index>> all_of(const Matrix& X, Index point, Index window) {
  std::vector<std::pair<double, Index>> others;
  for (Index i = 0; i < X.cols(); ++i) {
    if (i == point || (window > 0 && std::abs(i - point) <= window)) continue;
    others.emplace_back((X.col(i) - X.col(point)).norm(), i);
  }
  std::sort(others.begin(), others.end());
  return others;
}

TEST(NearestNeighbors, AreThoseOfAllDistances) {
  const Matrix X = random_matrix(5, 600, 1);  // More than two blocks.
  std::vector<Index> times(600);
  for (Index i = 0; i < 600; ++i) times[static_cast<std::size_t>(i)] = i;
  for (const Index window : {0, 40}) {
    const Neighbors result = nearest_neighbors(X, 7, {2}, times, window);
    for (const Index point : {0, 255, 256, 599}) {
      const auto expected = all_of(X, point, window);
      for (Index k = 0; k < 7; ++k) {
        EXPECT_EQ(result.points(k, point), expected[static_cast<std::size_t>(k)].second);
        EXPECT_EQ(result.distances(k, point), expected[static_cast<std::size_t>(k)].first);
      }
    }
  }
}

TEST(NearestNeighbors, KeepTheDigitsOfSmallDistancesFarFromTheOrigin) {
  Matrix X = 1e-6 * random_matrix(3, 50, 2);
  X.colwise() += Vector::Constant(3, 1.0);
  const Neighbors result = nearest_neighbors(X, 3, {1});
  for (Index point = 0; point < 50; ++point) {
    const auto expected = all_of(X, point, 0);
    for (Index k = 0; k < 3; ++k) {
      EXPECT_EQ(result.points(k, point), expected[static_cast<std::size_t>(k)].second);
    }
  }
}

}  // namespace
}  // namespace nullcline::representation::detail
