// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/lle.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

/// A curve in three dimensions with its parameter, even or not.
Matrix helix(const Vector& s) {
  Matrix X(3, s.size());
  for (Index i = 0; i < s.size(); ++i) X.col(i) << std::cos(s(i)), std::sin(s(i)), 0.3 * s(i);
  return X;
}

Vector ascending_numbers(Index count, std::uint64_t seed) {
  Vector s = random_matrix(count, 1, seed).array().abs() + 0.2;
  std::partial_sum(s.begin(), s.end(), s.begin());
  return s * (12 / s(count - 1));
}

double correlation(const Vector& a, const Vector& b) {
  const Vector x = a.array() - a.mean(), y = b.array() - b.mean();
  return std::abs(x.dot(y)) / (x.norm() * y.norm());
}

TEST(Lle, UnrollsACurveInItsOrder) {
  const Vector s = ascending_numbers(150, 1);
  const Lle result = lle(helix(s), {.dim = 1, .neighbors = 4});
  ASSERT_EQ(result.status, LleStatus::converged);
  const Vector y = result.embedding.row(0).transpose();
  const double direction = y(149) - y(0);
  for (Index i = 1; i < 150; ++i) EXPECT_GT((y(i) - y(i - 1)) * direction, 0) << i;
  EXPECT_NEAR(y.mean(), 0, 1e-10);
  EXPECT_NEAR(y.squaredNorm() / 150, 1, 1e-10);
}

TEST(Lle, UnrollsASwissRoll) {
  const Index count = 800;
  RandomStream stream({.seed = 3, .purpose = Purpose::analysis_noise});
  Vector length(count), width(count);
  Matrix X(3, count);
  for (Index i = 0; i < count; ++i) {
    const double u = 4 + 9 * stream.uniform();
    width(i) = 10 * stream.uniform();
    X.col(i) << u * std::cos(u), width(i), u * std::sin(u);
    length(i) = 0.5 * (u * std::sqrt(1 + u * u) + std::asinh(u));  // Of the spiral.
  }
  const Lle result = lle(X, {.dim = 2, .neighbors = 12});
  ASSERT_EQ(result.status, LleStatus::converged);
  // A linear map of the embedding is the length along the roll.
  Matrix A(count, 3);
  A << result.embedding.transpose(), Vector::Ones(count);
  const Vector fit = A * A.householderQr().solve(length);
  EXPECT_GT(correlation(fit, length), 0.95);
  // And it is not so in space: the best linear map of X misses it.
  Matrix B(count, 4);
  B << X.transpose(), Vector::Ones(count);
  const Vector flat = B * B.householderQr().solve(length);
  EXPECT_LT(correlation(flat, length), 0.8);
}

/// M with a dense eigensolver: the slow twin.
Matrix dense_embedding(const Matrix& X, Index k, double regularization, Index dim) {
  const Index count = X.cols();
  Matrix R = Matrix::Identity(count, count);
  for (Index i = 0; i < count; ++i) {
    std::vector<Index> others;
    for (Index j = 0; j < count; ++j) {
      if (j != i) others.push_back(j);
    }
    std::sort(others.begin(), others.end(), [&](Index a, Index b) {
      return (X.col(a) - X.col(i)).squaredNorm() < (X.col(b) - X.col(i)).squaredNorm();
    });
    Matrix D(X.rows(), k);
    for (Index j = 0; j < k; ++j) D.col(j) = X.col(others[static_cast<std::size_t>(j)]) - X.col(i);
    const Matrix G = D.transpose() * D;
    const Matrix regular = G + regularization * G.trace() * Matrix::Identity(k, k);
    Vector w = regular.ldlt().solve(Vector::Ones(k));
    w /= w.sum();
    for (Index j = 0; j < k; ++j) R(i, others[static_cast<std::size_t>(j)]) -= w(j);
  }
  return symmetric_eigen(R.transpose() * R).vectors.middleCols(1, dim);
}

TEST(Lle, IsThatOfADenseEigensolver) {
  const Matrix X = random_matrix(4, 120, 5);
  const Lle result = lle(X, {.dim = 3, .neighbors = 8});
  ASSERT_EQ(result.status, LleStatus::converged);
  const Matrix expected = dense_embedding(X, 8, 1e-3, 3);
  EXPECT_LT(principal_angles(expected, result.embedding.transpose()).maxCoeff(), 1e-6);
}

TEST(Lle, DoesNotChangeUnderRigidMotionAndScale) {
  const Matrix X = helix(ascending_numbers(80, 7));
  const Matrix moved = 3 * ((random_rotation(3, 9) * X).colwise() + Vector::Constant(3, 4.0));
  const LleOptions options{.dim = 2, .neighbors = 6};
  const Matrix before = lle(X, options).embedding, after = lle(moved, options).embedding;
  for (Index i = 0; i < 2; ++i) {
    EXPECT_GT(correlation(before.row(i).transpose(), after.row(i).transpose()), 1 - 1e-6);
  }
}

TEST(Lle, RenumberingPointsRenumbersTheEmbedding) {
  const Matrix X = random_matrix(3, 90, 11);
  std::vector<Index> order(90);
  std::iota(order.begin(), order.end(), Index{0});
  std::reverse(order.begin() + 10, order.end());
  const LleOptions options{.dim = 2, .neighbors = 7};
  const Matrix before = lle(X, options).embedding(Eigen::all, order);
  const Matrix after = lle(X(Eigen::all, order), options).embedding;
  EXPECT_LT((before - after).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(Lle, ThreadsDoNotChangeABit) {
  const Matrix X = random_matrix(3, 300, 12);
  EXPECT_EQ(lle(X, {.threads = {1}}).embedding, lle(X, {.threads = {2}}).embedding);
}

TEST(Lle, SaysThatTwoCloudsAreNotConnected) {
  Matrix X = random_matrix(3, 60, 13);
  X.rightCols(25).array() += 100;
  const Lle result = lle(X, {.dim = 2, .neighbors = 6});
  EXPECT_EQ(result.status, LleStatus::disconnected);
  EXPECT_EQ(result.components, 2);
  EXPECT_EQ(result.embedding.size(), 0);
}

TEST(Lle, RefusesWhatItCannotDo) {
  const Matrix X = random_matrix(3, 20, 14);
  EXPECT_THROW((void)lle(X, {.dim = 0}), std::invalid_argument);
  EXPECT_THROW((void)lle(X, {.neighbors = 20}), std::invalid_argument);
  EXPECT_THROW((void)lle(X, {.dim = 5, .neighbors = 5}), std::invalid_argument);
  EXPECT_THROW((void)lle(X, {.regularization = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
