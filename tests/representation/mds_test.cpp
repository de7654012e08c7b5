// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/mds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/representation/detail/distances.hpp"
#include "nullcline/representation/smacof.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using detail::euclidean_distances;
using testing::random_matrix;

/// |X - R Y|_F after centering, for the best orthogonal R [Schonemann 1966].
double rigid_distance(const Matrix& X, const Matrix& Y) {
  const Matrix A = X.colwise() - Vector(X.rowwise().mean());
  const Matrix B = Y.colwise() - Vector(Y.rowwise().mean());
  const Svd factors = svd(A * B.transpose());
  return (A - factors.U * factors.V.transpose() * B).norm();
}

TEST(ClassicalMds, GivesBackThePointsOfExactDistances) {
  for (const Index dim : {1, 2, 5}) {
    const Matrix X = random_matrix(dim, 30, static_cast<std::uint64_t>(dim));
    const ClassicalMds result = classical_mds(euclidean_distances(X), {.dim = dim});
    EXPECT_LT(rigid_distance(X, result.points), 1e-12);
    EXPECT_EQ(result.positive, dim);
    EXPECT_NEAR(result.explained, 1, 1e-14);
    EXPECT_LT(result.negative_part, 1e-14);
  }
}

TEST(ClassicalMds, TellsOfDistancesThatAreNotEuclidean) {
  // The star: three leaves at distance 1 of the center, 2 of each other. B has the eigenvalues
  // 2, 2, 0 and, by its trace -1/2 (tr J D^2) = (3 + 12) / 4, -1/4.
  Matrix D(4, 4);
  D << 0, 1, 1, 1, 1, 0, 2, 2, 1, 2, 0, 2, 1, 2, 2, 0;
  const ClassicalMds result = classical_mds(D);
  EXPECT_LT((result.eigenvalues - Vector{{2, 2, 0, -0.25}}).cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_NEAR(result.negative_part, 0.25 / 4.25, 1e-14);
  EXPECT_EQ(result.positive, 2);
}

TEST(ClassicalMds, LeavesCoordinatesZeroThatDistancesDoNotNeed) {
  const Matrix X = random_matrix(1, 6, 3);
  const ClassicalMds result = classical_mds(euclidean_distances(X), {.dim = 3});
  EXPECT_EQ(result.points.bottomRows(2).norm(), 0);
  EXPECT_EQ(classical_mds(Matrix::Zero(3, 3)).points.norm(), 0);
}

TEST(ClassicalMds, RefusesWhatIsNoDistance) {
  Matrix D = euclidean_distances(random_matrix(2, 5, 1));
  EXPECT_THROW((void)classical_mds(D.leftCols(4)), std::invalid_argument);
  EXPECT_THROW((void)classical_mds(D, {.dim = 6}), std::invalid_argument);
  EXPECT_THROW((void)classical_mds(D, {.dim = 0}), std::invalid_argument);
  Matrix bad = D;
  bad(1, 3) += 1e-3;
  EXPECT_THROW((void)classical_mds(bad), std::invalid_argument);
  bad = D;
  bad(2, 2) = 0.1;
  EXPECT_THROW((void)classical_mds(bad), std::invalid_argument);
  bad = D;
  bad(0, 1) = bad(1, 0) = NAN;
  EXPECT_THROW((void)classical_mds(bad), std::invalid_argument);
  EXPECT_THROW((void)classical_mds(-D), std::invalid_argument);
}

TEST(Smacof, StaysAtTheClassicalSolutionOfExactDistances) {
  const Matrix X = random_matrix(3, 25, 7);
  const Smacof result = smacof(euclidean_distances(X), {.dim = 3, .starts = 0});
  EXPECT_EQ(result.status, SmacofStatus::converged);
  EXPECT_LT(result.stress_1, 1e-13);
  EXPECT_LT(rigid_distance(X, result.points), 1e-12);
}

TEST(Smacof, FindsExactDistancesFromRandomStarts) {
  const Matrix X = random_matrix(2, 20, 8);
  const Smacof result =
      smacof(euclidean_distances(X), {.starts = 6, .start_at_classical = false, .tolerance = 1e-9});
  EXPECT_LT(result.stress_1, 1e-6);
  EXPECT_LT(rigid_distance(X, result.points), 1e-5 * X.norm());
}

TEST(Smacof, StressNeverRisesAndEndsWhereTheGradientIsZero) {
  Matrix D = random_matrix(15, 15, 9).cwiseAbs();
  D = (D + D.transpose()).eval();
  D.diagonal().setZero();
  Matrix weights = random_matrix(15, 15, 10).cwiseAbs();
  weights = (weights + weights.transpose()).eval();
  for (const bool weighted : {false, true}) {
    const Matrix w = weighted ? weights : Matrix(Matrix::Ones(15, 15));
    const Smacof result = smacof(
        D, {.weights = weighted ? Matrix(weights.array() * (1 - Matrix::Identity(15, 15).array()))
                                : Matrix(),
            .starts = 3,
            .tolerance = 1e-9});
    for (const SmacofAttempt& attempt : result.attempts) {
      for (std::size_t k = 1; k < attempt.stress.size(); ++k) {
        EXPECT_LE(attempt.stress[k], attempt.stress[k - 1] * (1 + 1e-13));
      }
    }
    const Matrix& X = result.points;
    double stress = 0, squares = 0;
    Matrix gradient = Matrix::Zero(2, 15);
    for (Index i = 0; i < 15; ++i) {
      for (Index j = 0; j < 15; ++j) {
        if (i == j) continue;
        const Vector difference = X.col(i) - X.col(j);
        const double d = difference.norm();
        gradient.col(i) += 2 * w(i, j) * (1 - D(i, j) / d) * difference;
        stress += w(i, j) * (D(i, j) - d) * (D(i, j) - d) / 2;
        squares += w(i, j) * d * d / 2;
      }
    }
    EXPECT_EQ(result.status, SmacofStatus::converged);
    EXPECT_LT(gradient.norm(), 1e-6 * std::sqrt(squares));
    EXPECT_NEAR(result.stress, stress, 1e-12 * stress);
    EXPECT_NEAR(result.stress_1, std::sqrt(stress / squares), 1e-12);
  }
}

TEST(Smacof, TakesPairsOfWeightZeroAsUnknown) {
  const Matrix X = random_matrix(2, 12, 11);
  Matrix D = euclidean_distances(X), weights = Matrix::Ones(12, 12);
  weights.diagonal().setZero();
  for (const auto& [i, j] : {std::pair{0, 1}, {4, 9}, {2, 7}}) {
    weights(i, j) = weights(j, i) = 0;
    D(i, j) = D(j, i) = 100;
  }
  const Smacof result = smacof(D, {.weights = weights, .starts = 8, .tolerance = 1e-9});
  EXPECT_LT(rigid_distance(X, result.points), 1e-5 * X.norm());
}

TEST(Smacof, IsTheSameForAnyNumberOfThreads) {
  const Matrix D = euclidean_distances(random_matrix(6, 12, 12));
  const Smacof one = smacof(D, {.starts = 4, .seed = 5});
  const Smacof two = smacof(D, {.starts = 4, .seed = 5, .threads = Threads{2}});
  EXPECT_EQ(one.points, two.points);
  EXPECT_EQ(one.best, two.best);
  EXPECT_LE(one.stress, one.attempts[0].stress.back());
}

TEST(Smacof, RefusesObjectsThatNothingTiesTogether) {
  const Matrix D = euclidean_distances(random_matrix(2, 4, 13));
  Matrix weights = Matrix::Zero(4, 4);
  weights(0, 1) = weights(1, 0) = weights(2, 3) = weights(3, 2) = 1;
  EXPECT_THROW((void)smacof(D, {.weights = weights}), std::invalid_argument);
  EXPECT_THROW((void)smacof(D, {.weights = Matrix::Zero(3, 3)}), std::invalid_argument);
  EXPECT_THROW((void)smacof(D, {.starts = 0, .start_at_classical = false}), std::invalid_argument);
  EXPECT_THROW((void)smacof(D, {.tolerance = 0}), std::invalid_argument);
}

TEST(Smacof, StopsWhereItIsAskedToWithTheBestSoFar) {
  const Matrix D = euclidean_distances(random_matrix(6, 12, 13));
  double last = 0;
  int asked = 0;
  SmacofOptions options{.starts = 3, .tolerance = 1e-12, .progress = [&](double fraction) {
                          EXPECT_GE(fraction, last);
                          last = fraction;
                          return ++asked < 10;
                        }};
  const Smacof stopped = smacof(D, options);
  EXPECT_EQ(asked, 10);
  EXPECT_EQ(stopped.status, SmacofStatus::canceled);
  EXPECT_EQ(stopped.points.cols(), 12);
  options.progress = [&](double fraction) {
    last = fraction;
    return true;
  };
  EXPECT_NE(smacof(D, options).status, SmacofStatus::canceled);
  EXPECT_EQ(last, 1);
}

}  // namespace
}  // namespace nullcline::representation
