// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/alignment.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/dsa/detail/rotation_search.hpp"
#include "nullcline/representation/dsa/dsa.hpp"
#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

Matrix conjugated(const Matrix& C, const Matrix& B) { return C * B * C.transpose(); }

/// Normal, of these real eigenvalues and pairs a +- ib, in random coordinates.
Matrix normal_matrix(const std::vector<double>& reals,
                     const std::vector<std::pair<double, double>>& pairs, std::uint64_t seed) {
  const Index n = static_cast<Index>(reals.size() + 2 * pairs.size());
  Matrix D = Matrix::Zero(n, n);
  Index at = 0;
  for (const auto& [a, b] : pairs) {
    D.block(at, at, 2, 2) << a, b, -b, a;
    at += 2;
  }
  for (const double value : reals) D(at, at) = value, ++at;
  return conjugated(random_rotation(n, seed), D);
}

TEST(Align, OfOrthogonallyEqualDynamicsIsZero) {
  for (const Index n : {1, 2, 5, 8}) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      const Matrix B = random_matrix(n, n, 10 + seed), C = random_rotation(n, 20 + seed);
      const Alignment result = align(conjugated(C, B), B, {.starts = 0});
      EXPECT_LT(result.distance, 1e-8 * B.norm());
      EXPECT_LT(result.angle, 1e-8);
      EXPECT_LT(result.distance_bound, 1e-12 * B.norm());
      EXPECT_EQ(result.status, AlignmentStatus::converged);
      EXPECT_LT((result.C * result.C.transpose() - Matrix::Identity(n, n)).norm(), 1e-12);
    }
  }
}

TEST(Align, OfNormalDynamicsMeetsTheBoundOfHoffmanAndWielandt) {
  const Matrix A = normal_matrix({0.9, -0.4}, {{0.5, 0.6}, {0.2, 0.9}, {-0.1, 0.3}}, 1);
  const Matrix B = normal_matrix({0.7, 0.1}, {{0.3, 0.7}, {0.6, 0.1}, {-0.3, 0.8}}, 2);
  const Alignment result = align(A, B);
  EXPECT_LT(result.bounds.departure_A + result.bounds.departure_B, 1e-13);
  EXPECT_GT(result.distance_bound, 0.3);
  EXPECT_NEAR(result.distance, result.bounds.hoffman_wielandt, 1e-9);
  EXPECT_NEAR(result.distance_gap(), 0, 1e-9);
  EXPECT_GT(result.bounds.hoffman_wielandt, result.bounds.symmetric_skew + 1e-3);
}

TEST(Align, OfSymmetricDynamicsIsTheDistanceOfSortedEigenvalues) {
  const Matrix A = normal_matrix({3, 1, -2}, {}, 3), B = normal_matrix({0, 2, -1}, {}, 4);
  const Alignment result = align(A, B, {.starts = 0});
  EXPECT_NEAR(result.distance, std::sqrt(1 + 1 + 1.0), 1e-12);
  EXPECT_NEAR(result.distance_bound, std::sqrt(3.0), 1e-12);
  // tr(A C B C') is 3 * 2 + 1 * 0 + 2 * 1.
  EXPECT_NEAR(result.angle, std::acos(8 / std::sqrt(14.0 * 5)), 1e-12);
  EXPECT_NEAR(result.angle_gap(), 0, 1e-12);
}

TEST(Align, OfTwoByTwoDynamicsIsThatOfAFineGridOfRotationsAndReflections) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Matrix A = random_matrix(2, 2, 30 + seed), B = random_matrix(2, 2, 40 + seed);
    double least = std::numeric_limits<double>::infinity();
    for (int k = 0; k < 20000; ++k) {
      const double a = 2 * std::numbers::pi * k / 20000, c = std::cos(a), s = std::sin(a);
      least = std::min({least, (A - conjugated(Matrix{{c, -s}, {s, c}}, B)).norm(),
                        (A - conjugated(Matrix{{c, s}, {s, -c}}, B)).norm()});
    }
    const Alignment result = align(A, B);
    EXPECT_LE(result.distance, least + 1e-12);
    EXPECT_GT(result.distance, least - 1e-6);
  }
}

TEST(Align, BoundsHoldForAnyOrthogonalMatrixAndTheResultIsTheLeastOfMany) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const Matrix A = random_matrix(6, 6, 50 + seed), B = random_matrix(6, 6, 60 + seed);
    const Alignment result = align(A, B);
    EXPECT_LE(result.distance_bound, result.distance);
    EXPECT_LE(result.angle_bound, result.angle);
    EXPECT_NEAR(result.distance, (A - conjugated(result.C, B)).norm(), 1e-12);
    for (std::uint64_t k = 0; k < 100; ++k) {
      EXPECT_LE(result.distance, (A - conjugated(random_rotation(6, k), B)).norm());
    }
    for (const AlignmentAttempt& attempt : result.attempts) {
      EXPECT_LE(result.distance, attempt.distance);
      EXPECT_EQ(attempt.status, AlignmentStatus::converged);
    }
  }
}

TEST(Align, TakesBothDeterminants) {
  // diag(2 x 2 rotations) by +w against -w: only a reflection turns one into the other.
  const Matrix A{{0, 1}, {-1, 0}};
  const Alignment result = align(A, A.transpose(), {.starts = 0});
  EXPECT_LT(result.distance, 1e-12);
  EXPECT_EQ(result.attempts[static_cast<std::size_t>(result.best)].determinant, -1);
}

TEST(RotationSearch, NeverFallsAndEndsWhereDifferencesAreZero) {
  const Matrix A = random_matrix(5, 5, 70), B = random_matrix(5, 5, 71);
  const Matrix start = random_rotation(5, 72);
  const auto value = [&](const Matrix& C) { return (A.transpose() * conjugated(C, B)).trace(); };
  double before = value(start);
  for (const Index iterations : {1, 2, 3, 5, 8, 500}) {
    const auto end = detail::maximize_on_rotations(A, B, start, {.max_iterations = iterations});
    EXPECT_GE(value(end.C), before - 1e-12);
    before = value(end.C);
    if (iterations < 500) continue;
    EXPECT_TRUE(end.converged);
    EXPECT_LT(end.iterations, 100);
    for (Index i = 0; i < 5; ++i) {
      for (Index j = 0; j < i; ++j) {
        const double h = 1e-5;
        Matrix turn = Matrix::Identity(5, 5);
        turn(i, i) = turn(j, j) = std::cos(h);
        turn(i, j) = std::sin(h);
        turn(j, i) = -std::sin(h);
        const double forth = value(turn * end.C), back = value(turn.transpose() * end.C);
        EXPECT_NEAR((forth - back) / (2 * h), 0, 1e-8);
        EXPECT_LE(std::max(forth, back), before + 1e-12);
      }
    }
  }
}

TEST(Align, PadsOnlyIfAsked) {
  const Matrix A = normal_matrix({3, 1, -2}, {}, 5), B = normal_matrix({3, -2}, {}, 6);
  EXPECT_THROW((void)align(A, B), std::invalid_argument);
  EXPECT_NEAR(align(A, B, {.pad = true}).distance, 1, 1e-12);
  EXPECT_NEAR(align(B, A, {.pad = true}).distance, 1, 1e-12);
}

TEST(Align, OfNothingIsNothing) {
  const Matrix Z = Matrix::Zero(3, 3), A = random_matrix(3, 3, 1);
  EXPECT_EQ(align(Z, Z).angle, 0);
  EXPECT_EQ(align(Z, A).angle, std::numbers::pi / 2);
  EXPECT_NEAR(align(Z, A).distance, A.norm(), 1e-15 * A.norm());
}

TEST(Align, IsTheSameForAnyNumberOfThreads) {
  const Matrix A = random_matrix(6, 6, 80), B = random_matrix(6, 6, 81);
  const Alignment one = align(A, B), two = align(A, B, {.threads = Threads{2}});
  EXPECT_EQ(one.C, two.C);
  EXPECT_EQ(one.distance, two.distance);
}

TEST(Align, RefusesWhatIsNoDynamics) {
  const Matrix A = random_matrix(3, 3, 1);
  Matrix bad = A;
  bad(1, 1) = NAN;
  EXPECT_THROW((void)align(A, bad), std::invalid_argument);
  EXPECT_THROW((void)align(A.leftCols(2), A), std::invalid_argument);
  EXPECT_THROW((void)align(A, A, {.starts = -1}), std::invalid_argument);
  EXPECT_THROW((void)align(A, A, {.tolerance = 0}), std::invalid_argument);
}

/// A point that moves by `speed` along a curve: around if it is closed, else to and fro. (2, steps)
Matrix motion(double opening, double aspect, Index steps) {
  const double speed = 0.1, turn = 2 * std::numbers::pi, length = turn - opening;
  Matrix X(2, steps);
  for (Index t = 0; t < steps; ++t) {
    double s = speed * static_cast<double>(t);
    if (opening > 0) {  // a reflected walk on an arc of that length
      s = std::fmod(s, 2 * length);
      if (s > length) s = 2 * length - s;
    }
    X.col(t) << std::cos(s), aspect * std::sin(s);
  }
  return X;
}

TEST(Dsa, JumpsWhereARingIsCutIntoALineAndNotWhereItIsBent) {
  const DsaOptions options = {.dmd = {.delays = 15, .rank = 2}, .alignment = {.starts = 2}};
  const std::vector<Matrix> ring = {motion(0, 1, 1200)};
  const auto score = [&](double opening, double aspect) {
    return dsa(ring, std::vector<Matrix>{motion(opening, aspect, 1200)}, options).alignment.angle;
  };
  double bent = 0, cut = std::numbers::pi;
  for (const double aspect : {0.8, 0.5, 0.2}) bent = std::max(bent, score(0, aspect));
  for (const double opening : {1e-3, 0.1, 0.5, 1.0}) cut = std::min(cut, score(opening, 1));
  EXPECT_LT(bent, 1e-8);
  EXPECT_GT(cut, 0.05);
}

TEST(Dsa, RefusesRecordingsOfDifferentRank) {
  const std::vector<Matrix> two = {motion(0, 1, 100)}, three = {random_matrix(3, 100, 1)};
  const DsaOptions options = {.dmd = {.delays = 1}};
  EXPECT_THROW((void)dsa(two, three, options), std::invalid_argument);
  EXPECT_NO_THROW((void)dsa(two, three, {.dmd = {.delays = 1}, .alignment = {.pad = true}}));
}

}  // namespace
}  // namespace nullcline::representation
