// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/lbfgs_memory.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "processes.hpp"

namespace nullcline::representation::detail {
namespace {

using testing::positive_matrix;
using testing::random_matrix;

struct Pair {
  Vector s, y;
};

/// Steps of a quadratic with Hessian -A and the changes of its negative gradient.
std::vector<Pair> pairs_of(const Matrix& A, Index count, std::uint64_t seed) {
  const Matrix S = random_matrix(A.rows(), count, seed);
  std::vector<Pair> pairs;
  for (Index i = 0; i < count; ++i) pairs.push_back({S.col(i), A * S.col(i)});
  return pairs;
}

/// Nocedal & Wright 2006, algorithm 7.4.
Vector two_loops(const std::vector<Pair>& pairs, const Vector& gradient) {
  std::vector<double> weights(pairs.size());
  Vector q = gradient;
  for (std::size_t i = pairs.size(); i-- > 0;) {
    weights[i] = pairs[i].s.dot(q) / pairs[i].s.dot(pairs[i].y);
    q -= weights[i] * pairs[i].y;
  }
  q *= pairs.back().s.dot(pairs.back().y) / pairs.back().y.squaredNorm();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double beta = pairs[i].y.dot(q) / pairs[i].s.dot(pairs[i].y);
    q += (weights[i] - beta) * pairs[i].s;
  }
  return q;
}

TEST(LbfgsMemory, IsTheTwoLoopRecursionOfTheLastPairs) {
  const Index capacity = 5;
  const std::vector<Pair> pairs = pairs_of(positive_matrix(12, 1), 13, 2);
  const Vector gradient = random_matrix(12, 1, 3);
  LbfgsMemory memory(12, capacity);
  std::vector<Pair> last;
  for (const Pair& pair : pairs) {
    memory.add(pair.s, pair.y);
    last.push_back(pair);
    if (last.size() > static_cast<std::size_t>(capacity)) last.erase(last.begin());
    const Vector expected = two_loops(last, gradient);
    EXPECT_LT((memory.solve(gradient) - expected).norm(), 1e-10 * expected.norm());
  }
  memory.clear();
  EXPECT_TRUE(memory.empty());
  memory.add(pairs[4].s, pairs[4].y);
  const Vector expected = two_loops({pairs[4]}, gradient);
  EXPECT_LT((memory.solve(gradient) - expected).norm(), 1e-13 * expected.norm());
}

TEST(LbfgsMemory, SatisfiesTheSecantEquationOfTheLastPair) {
  const std::vector<Pair> pairs = pairs_of(positive_matrix(9, 4), 7, 5);
  LbfgsMemory memory(9, 4);
  for (const Pair& pair : pairs) memory.add(pair.s, pair.y);
  EXPECT_LT((memory.solve(pairs.back().y) - pairs.back().s).norm(), 1e-11 * pairs.back().s.norm());
}

TEST(LbfgsMemory, DoesNotCareHowOftenItWasAsked) {
  const std::vector<Pair> pairs = pairs_of(positive_matrix(10, 6), 8, 7);
  const Vector gradient = random_matrix(10, 1, 8);
  LbfgsMemory often(10, 3), once(10, 3);
  for (const Pair& pair : pairs) {
    often.add(pair.s, pair.y);
    once.add(pair.s, pair.y);
    (void)often.solve(pair.s);
    (void)often.solve(gradient);
  }
  EXPECT_EQ(often.solve(gradient), once.solve(gradient));
}

TEST(LbfgsMemory, TakesNoPairOfADirectionThatIsNotConcave) {
  const Vector gradient = random_matrix(6, 1, 9), step = random_matrix(6, 1, 10);
  LbfgsMemory memory(6, 3);
  memory.add(step, -step);
  memory.add(step, Vector::Zero(6));
  EXPECT_TRUE(memory.empty());
  EXPECT_EQ(memory.solve(gradient), gradient);
  memory.add(step, 4 * step);
  EXPECT_LT((memory.solve(gradient) - gradient / 4).norm(), 1e-15 * gradient.norm());
}

}  // namespace
}  // namespace nullcline::representation::detail
