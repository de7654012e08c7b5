// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nullcline/core/random.hpp"
#include "nullcline/representation/homology/persistent_homology.hpp"

namespace nullcline::representation {
namespace {

Diagram random_diagram(std::size_t bars, std::uint64_t seed) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_noise});
  Diagram diagram;
  for (std::size_t k = 0; k < bars; ++k) {
    const double birth = stream.uniform();
    diagram.push_back({birth, birth + stream.uniform()});
  }
  return diagram;
}

/// Over all permutations of bars and places on the diagonal.
double by_permutations(const Diagram& one, const Diagram& other) {
  const std::size_t m = one.size(), count = m + other.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  double least = std::numeric_limits<double>::infinity();
  do {
    double longest = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t j = order[i];
      if (i < m && j < other.size()) {
        longest = std::max({longest, std::abs(one[i].birth - other[j].birth),
                            std::abs(one[i].death - other[j].death)});
      } else if (i < m) {
        longest = std::max(longest, one[i].persistence() / 2);
      } else if (j < other.size()) {
        longest = std::max(longest, other[j].persistence() / 2);
      }
    }
    least = std::min(least, longest);
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

TEST(BottleneckDistance, IsTheLeastOfAllMatchings) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Diagram one = random_diagram(seed % 4, 2 * seed);
    const Diagram other = random_diagram(3, 2 * seed + 1);
    EXPECT_EQ(bottleneck_distance(one, other), by_permutations(one, other));
    EXPECT_EQ(bottleneck_distance(other, one), bottleneck_distance(one, other));
  }
}

TEST(BottleneckDistance, SatisfiesTheTriangleInequality) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Diagram a = random_diagram(12, 3 * seed), b = random_diagram(9, 3 * seed + 1);
    const Diagram c = random_diagram(15, 3 * seed + 2);
    EXPECT_LE(bottleneck_distance(a, c),
              bottleneck_distance(a, b) + bottleneck_distance(b, c) + 1e-15);
    EXPECT_EQ(bottleneck_distance(a, a), 0);
  }
}

TEST(BottleneckDistance, OfInfiniteBarsIsInfiniteUnlessThereAreAsMany) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(bottleneck_distance({{0, inf}}, {}), inf);
  EXPECT_EQ(bottleneck_distance({{0, inf}, {1, 2}}, {{0, inf}, {1, inf}}), inf);
  EXPECT_EQ(bottleneck_distance({{0, inf}, {3, inf}}, {{2.5, inf}, {0.25, inf}}), 0.5);
  EXPECT_EQ(bottleneck_distance({}, {}), 0);
  EXPECT_EQ(bottleneck_distance({{1, 3}}, {}), 1);
}

}  // namespace
}  // namespace nullcline::representation
