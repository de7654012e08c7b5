// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/linkage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

Matrix on_a_line(const std::vector<double>& places) {
  const auto K = static_cast<Index>(places.size());
  Matrix D(K, K);
  for (Index i = 0; i < K; ++i) {
    for (Index j = 0; j < K; ++j) {
      D(i, j) = std::abs(places[static_cast<std::size_t>(i)] - places[static_cast<std::size_t>(j)]);
    }
  }
  return D;
}

TEST(AverageLinkage, IsThatOfScipy) {
  // scipy 1.10.1: linkage(squareform(abs(subtract.outer(x, x))), "average")
  const Linkage tree =
      average_linkage(on_a_line({0, 10.1, 26.2, 7.3, 35.4, 28.5, 27.6, 32.7, 2.9}));
  const std::vector<Merge> expected = {
      {5, 6, 0.9, 2}, {2, 9, 1.85, 3},         {4, 7, 2.7, 2},    {1, 3, 2.8, 2},
      {0, 8, 2.9, 2}, {10, 11, 397.0 / 60, 5}, {12, 13, 7.25, 4}, {14, 15, 25.005, 9}};
  ASSERT_EQ(tree.merges.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(tree.merges[i].first, expected[i].first) << i;
    EXPECT_EQ(tree.merges[i].second, expected[i].second) << i;
    EXPECT_EQ(tree.merges[i].size, expected[i].size) << i;
    EXPECT_NEAR(tree.merges[i].height, expected[i].height, 1e-12) << i;
  }
  EXPECT_EQ(tree.order, (std::vector<Index>{0, 8, 1, 3, 2, 5, 6, 4, 7}));
}

TEST(AverageLinkage, OfDistancesInATreeGivesBackTheTree) {
  // 2^5 leaves; two part at a height of 1 + the number of the highest bit in which they differ.
  const Index K = 32;
  Matrix D(K, K);
  for (Index i = 0; i < K; ++i) {
    for (Index j = 0; j < K; ++j) D(i, j) = i == j ? 0 : 1 + std::floor(std::log2(i ^ j));
  }
  const Linkage tree = average_linkage(D);
  for (std::size_t i = 0; i < tree.merges.size(); ++i) {
    const auto left = static_cast<double>(K - static_cast<Index>(i));
    const double depth = std::log2(static_cast<double>(K) / left);
    EXPECT_EQ(tree.merges[i].height, 1 + std::floor(depth)) << i;
  }
  for (Index i = 0; i < K; ++i) EXPECT_EQ(tree.order[static_cast<std::size_t>(i)], i);
}

TEST(AverageLinkage, KeepsEachClusterTogetherAndItsHeightsInOrder) {
  const Matrix X = testing::random_matrix(3, 40, 1);
  Matrix D(40, 40);
  for (Index i = 0; i < 40; ++i) D.col(i) = (X.colwise() - X.col(i)).colwise().norm().transpose();
  const Linkage tree = average_linkage(D);
  std::vector<std::vector<Index>> members(40);
  std::vector<Index> place(40);
  for (Index i = 0; i < 40; ++i) {
    members[static_cast<std::size_t>(i)] = {i};
    place[static_cast<std::size_t>(tree.order[static_cast<std::size_t>(i)])] = i;
  }
  double before = 0;
  for (const Merge& merge : tree.merges) {
    auto all = members[static_cast<std::size_t>(merge.first)];
    const auto& other = members[static_cast<std::size_t>(merge.second)];
    double sum = 0;
    for (const Index i : all) {
      for (const Index j : other) sum += D(i, j);
    }
    EXPECT_NEAR(merge.height, sum / static_cast<double>(all.size() * other.size()), 1e-13);
    EXPECT_GE(merge.height, before);
    before = merge.height;
    all.insert(all.end(), other.begin(), other.end());
    EXPECT_EQ(static_cast<Index>(all.size()), merge.size);
    Index first = 40, last = -1;
    for (const Index i : all) {
      first = std::min(first, place[static_cast<std::size_t>(i)]);
      last = std::max(last, place[static_cast<std::size_t>(i)]);
    }
    EXPECT_EQ(last - first + 1, merge.size);
    members.push_back(std::move(all));
  }
}

TEST(AverageLinkage, OfEqualDistancesAndOfOneObjectHasATree) {
  // 0.1 has no exact mean of itself with weights of thirds.
  Matrix D = Matrix::Constant(20, 20, 0.1);
  D.diagonal().setZero();
  const Linkage tree = average_linkage(D);
  ASSERT_EQ(tree.merges.size(), 19u);
  EXPECT_EQ(tree.merges.back().size, 20);
  std::vector<Index> order = tree.order;
  std::sort(order.begin(), order.end());
  for (Index i = 0; i < 20; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(average_linkage(Matrix::Zero(1, 1)).order, std::vector<Index>{0});
  D(2, 3) = 0.2;
  EXPECT_THROW((void)average_linkage(D), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
