// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/centrality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

void expect_near(const Vector& actual, const Vector& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  EXPECT_LT((actual - expected).cwiseAbs().maxCoeff(), tolerance) << actual.transpose();
}

Vector parts(const Vector& v) { return v / v.sum(); }

/// Node 0 with both-way edges to k leaves.
Matrix star(Index k) {
  Matrix W = Matrix::Zero(k + 1, k + 1);
  W.col(0).tail(k).setConstant(-1);
  W.row(0).tail(k).setConstant(1);
  return W;
}

/// 0 -> 1 -> ... -> n - 1, each of weight w.
Matrix chain(Index n, double w) {
  Matrix W = Matrix::Zero(n, n);
  W.diagonal(-1).setConstant(w);
  return W;
}

/// sum_{k <= i} q^k for i = 0 .. n - 1.
Vector geometric_sums(Index n, double q) {
  Vector sums(n);
  double sum = 0;
  for (Index i = 0; i < n; ++i) sums(i) = sum = 1 + q * sum;
  return sums;
}

TEST(Centralities, OfAStarHaveClosedForms) {
  const Index k = 7;
  const double leaves = 7, d = 0.85;
  const auto with_center = [&](double center, double leaf) {
    Vector v = Vector::Constant(k + 1, leaf);
    v(0) = center;
    return parts(v);
  };
  const Centralities all = centralities(star(k));
  EXPECT_NEAR(all.spectral_radius, std::sqrt(leaves), 1e-13);
  EXPECT_TRUE(all.strongly_connected);
  expect_near(all.in_strength.scores, with_center(leaves, 1), 1e-15);
  expect_near(all.out_strength.scores, with_center(leaves, 1), 1e-15);
  EXPECT_EQ(all.eigenvector.status, CentralityStatus::found);
  expect_near(all.eigenvector.scores, with_center(std::sqrt(leaves), 1), 1e-13);
  const double alpha = 0.9 / std::sqrt(leaves);
  EXPECT_NEAR(all.katz.alpha, alpha, 1e-14);
  expect_near(all.katz.scores, with_center(1 + alpha * leaves, 1 + alpha), 1e-13);
  // x_0 = e + d k x_1, x_1 = e + d x_0 / k.
  expect_near(all.pagerank, with_center(1 + d * leaves, 1 + d / leaves), 1e-14);
}

TEST(Centralities, OfACycleAndOfACompleteGraphAreEqualForAllNodes) {
  const Index n = 6;
  Matrix cycle = Matrix::Zero(n, n);
  for (Index j = 0; j < n; ++j) cycle((j + 1) % n, j) = 2.5;
  const Matrix complete = Matrix::Ones(n, n) - Matrix::Identity(n, n);
  const Vector equal = Vector::Constant(n, 1.0 / static_cast<double>(n));
  for (const Matrix& W : {cycle, complete}) {
    const Centralities all = centralities(W);
    for (const Vector& scores : {all.in_strength.scores, all.out_strength.scores,
                                 all.eigenvector.scores, all.katz.scores, all.pagerank}) {
      expect_near(scores, equal, 1e-13);
    }
  }
  EXPECT_NEAR(centralities(cycle).spectral_radius, 2.5, 1e-13);
  EXPECT_NEAR(centralities(complete).spectral_radius, 5, 1e-13);
}

TEST(Centralities, OfADirectedChainGrowAlongIt) {
  const Index n = 5;
  const Centralities all = centralities(chain(n, -4));
  EXPECT_EQ(all.spectral_radius, 0);
  EXPECT_FALSE(all.strongly_connected);
  EXPECT_EQ(all.eigenvector.status, CentralityStatus::undefined);
  EXPECT_EQ(all.eigenvector.scores.size(), 0);
  EXPECT_NEAR(all.katz.alpha, 0.9 / 4, 1e-15);
  expect_near(all.katz.scores, parts(geometric_sums(n, 0.9)), 1e-14);
  // The jumps from the end go everywhere alike, so they do not change the ratios.
  expect_near(all.pagerank, parts(geometric_sums(n, 0.85)), 1e-14);
  EXPECT_EQ(all.in_strength.scores(0), 0);
  EXPECT_EQ(all.out_strength.scores(n - 1), 0);
}

TEST(EigenvectorCentrality, SatisfiesItsEquation) {
  const Matrix W = random_weights(50, 1), A = W.cwiseAbs();
  const Centralities all = centralities(W);
  const Vector& x = all.eigenvector.scores;
  EXPECT_EQ(all.eigenvector.status, CentralityStatus::found);
  EXPECT_LT((A * x - all.spectral_radius * x).norm(), 1e-12 * all.spectral_radius);
  EXPECT_GT(x.minCoeff(), 0);
}

TEST(KatzCentrality, SumsTheWeightedPaths) {
  const Matrix W = random_weights(10, 2), A = W.cwiseAbs();
  const KatzCentrality katz = katz_centrality(W, {.fraction = 0.5});
  Vector term = Vector::Ones(10), sum = term;
  for (int k = 0; k < 100; ++k) {
    term = katz.alpha * (A * term);
    sum += term;
  }
  expect_near(katz.scores, parts(sum), 1e-14);
}

TEST(KatzCentrality, TendsToTheEigenvectorAsAlphaTendsToItsLimit) {
  const Matrix W = random_weights(10, 3);
  expect_near(katz_centrality(W, {.fraction = 1 - 1e-9}).scores, eigenvector_centrality(W).scores,
              1e-8);
  expect_near(katz_centrality(W, {.fraction = 0}).scores, Vector::Constant(10, 0.1), 1e-15);
}

TEST(EigenvectorCentrality, OfAReducibleNetworkIsZeroWhereTheLeadingPartDoesNotReach) {
  // A strong pair 0 <-> 1 drives 2; 3 drives 0 and is driven by nothing.
  Matrix W = Matrix::Zero(4, 4);
  W(0, 1) = W(1, 0) = 2;
  W(2, 1) = 1;
  W(0, 3) = 5;
  const Centrality centrality = eigenvector_centrality(W);
  EXPECT_EQ(centrality.status, CentralityStatus::reducible);
  expect_near(centrality.scores, parts(Vector{{2, 2, 1, 0}}), 1e-12);
}

TEST(Centralities, FollowThePermutationsOfTheNodes) {
  const Matrix W = random_weights(8, 4);
  Eigen::PermutationMatrix<Eigen::Dynamic> P(8);
  P.indices() << 3, 1, 7, 0, 2, 6, 5, 4;
  const Centralities before = centralities(W);
  const Centralities after = centralities(Matrix(P * W * P.transpose()));
  expect_near(after.in_strength.scores, P * before.in_strength.scores, 1e-15);
  expect_near(after.out_strength.scores, P * before.out_strength.scores, 1e-15);
  expect_near(after.eigenvector.scores, P * before.eigenvector.scores, 1e-13);
  expect_near(after.katz.scores, P * before.katz.scores, 1e-13);
  expect_near(after.pagerank, P * before.pagerank, 1e-14);
}

TEST(Centralities, DoNotSeeScaleAndSignsOfTheWeights) {
  const Matrix W = random_weights(8, 5);
  const Centralities before = centralities(W), after = centralities(-1e-3 * W.cwiseAbs());
  expect_near(after.in_strength.scores, before.in_strength.scores, 1e-14);
  expect_near(after.eigenvector.scores, before.eigenvector.scores, 1e-13);
  expect_near(after.katz.scores, before.katz.scores, 1e-13);
  expect_near(after.pagerank, before.pagerank, 1e-14);
}

TEST(PageRank, IsStationary) {
  Matrix A = random_weights(9, 6).cwiseAbs();
  const Vector x = pagerank(A);
  const Matrix P = A * A.colwise().sum().cwiseInverse().asDiagonal();
  expect_near(0.85 * (P * x) + Vector::Constant(9, 0.15 / 9), x, 1e-15);
  EXPECT_NEAR(x.sum(), 1, 1e-15);
}

TEST(Centralities, OfNoWeightsAreEqualOrUndefined) {
  const Centralities all = centralities(Matrix::Zero(3, 3));
  EXPECT_EQ(all.in_strength.status, CentralityStatus::undefined);
  EXPECT_EQ(all.eigenvector.status, CentralityStatus::undefined);
  expect_near(all.katz.scores, Vector::Constant(3, 1.0 / 3), 1e-15);
  expect_near(all.pagerank, Vector::Constant(3, 1.0 / 3), 1e-15);
}

TEST(Centralities, RejectBadArguments) {
  const Matrix W = random_weights(3, 7);
  EXPECT_THROW(centralities(W.leftCols(2)), std::invalid_argument);
  EXPECT_THROW(katz_centrality(W, {.fraction = 1}), std::invalid_argument);
  EXPECT_THROW(pagerank(W, {.damping = -0.1}), std::invalid_argument);
  EXPECT_THROW(in_strength(Matrix::Constant(2, 2, std::nan(""))), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
