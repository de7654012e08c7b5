// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/hankel_dmd.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::stable_matrix;

Matrix orbit(const Matrix& A, const Vector& start, Index steps) {
  Matrix X(A.rows(), steps);
  X.col(0) = start;
  for (Index t = 1; t < steps; ++t) X.col(t) = A * X.col(t - 1);
  return X;
}

std::vector<Matrix> orbits(const Matrix& A, Index trials, Index steps) {
  std::vector<Matrix> result;
  for (Index k = 0; k < trials; ++k) {
    const Vector start = random_matrix(A.rows(), 1, 100 + static_cast<std::uint64_t>(k));
    result.push_back(orbit(A, start, steps + k));
  }
  return result;
}

TEST(HankelDmd, HasTheEigenvaluesOfALinearSystem) {
  const Matrix A = stable_matrix(5, 0.95, 1);
  for (const auto coordinates : {DmdCoordinates::whitened, DmdCoordinates::principal}) {
    const HankelDmd result =
        hankel_dmd(orbits(A, 4, 15), {.delays = 1, .coordinates = coordinates});
    ASSERT_EQ(result.rank, 5);
    EXPECT_LT((result.eigenvalues - eigenvalues(A)).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT(result.relative_error, 1e-12);
    EXPECT_NEAR(result.explained, 1, 1e-14);
  }
}

TEST(HankelDmd, SeesThroughDelaysWhatOneUnitHides) {
  // A damped rotation of which one coordinate is seen.
  const double r = 0.97, w = 0.3;
  const Matrix A{{r * std::cos(w), -r * std::sin(w)}, {r * std::sin(w), r * std::cos(w)}};
  const Matrix X = orbit(A, Vector{{1, 0.2}}, 60).row(0);
  for (const Index interval : {1, 3}) {
    const HankelDmd result =
        hankel_dmd(std::vector<Matrix>{X}, {.delays = 4, .interval = interval});
    ASSERT_EQ(result.rank, 2);
    EXPECT_NEAR(std::abs(result.eigenvalues(0)), r, 1e-12);
    EXPECT_NEAR(std::arg(result.eigenvalues(0)), w, 1e-12);
  }
}

TEST(HankelDmd, OfPrincipalCoordinatesWithoutDelaysIsTheSystemItselfTurned) {
  const Matrix A = stable_matrix(4, 0.9, 2);
  const HankelDmd result =
      hankel_dmd(orbits(A, 5, 10), {.delays = 1, .coordinates = DmdCoordinates::principal});
  EXPECT_LT((result.basis * result.A * result.basis.transpose() - A).norm(), 1e-11);
}

TEST(HankelDmd, IsWhitenedAgainstInvertibleMapsOfTheData) {
  const Matrix A = stable_matrix(4, 0.9, 3), B = random_matrix(4, 4, 4);
  std::vector<Matrix> X = orbits(A, 5, 10), Y;
  for (const Matrix& trial : X) Y.emplace_back(B * trial);
  const Matrix one = hankel_dmd(X, {.delays = 1}).A, other = hankel_dmd(Y, {.delays = 1}).A;
  // Equal up to an orthogonal map: the same singular values.
  EXPECT_LT((singular_values(one) - singular_values(other)).norm(), 1e-10);
}

TEST(HankelDmd, NeverStepsFromOneTrialToTheNext) {
  const Matrix A{{0.5}};
  const std::vector<Matrix> X = {orbit(A, Vector{{1}}, 4), orbit(A, Vector{{-8}}, 3),
                                 orbit(A, Vector{{5}}, 2)};
  EXPECT_NEAR(hankel_dmd(X, {.delays = 1}).A(0, 0), 0.5, 1e-15);
}

TEST(HankelDmd, OfWhatStopsAtOnceIsZero) {
  const HankelDmd result = hankel_dmd(std::vector<Matrix>{Matrix{{1, 0, 0}}}, {.delays = 1});
  EXPECT_EQ(result.A, Matrix::Zero(1, 1));
  EXPECT_EQ(result.relative_error, 0);
}

TEST(HankelDmd, RidgeShrinks) {
  // One unit: Y- Y-' is |Y-|^2, so A is a / (1 + ridge).
  const Matrix A{{0.8}};
  const std::vector<Matrix> X = {orbit(A, Vector{{1}}, 10)};
  EXPECT_NEAR(hankel_dmd(X, {.delays = 1, .ridge = 0.25}).A(0, 0), 0.8 / 1.25, 1e-14);
}

TEST(HankelDmd, TakesNoMoreRankThanDataHave) {
  const Matrix A = stable_matrix(3, 0.9, 5), B = random_matrix(7, 3, 6);
  std::vector<Matrix> X;
  for (const Matrix& trial : orbits(A, 4, 20)) X.emplace_back(B * trial);
  EXPECT_EQ(hankel_dmd(X, {.delays = 2, .rank = 9}).rank, 3);
  EXPECT_EQ(hankel_dmd(X, {.delays = 2, .rank = 2}).rank, 2);
  EXPECT_LT(hankel_dmd(X, {.delays = 2, .rank = 2}).explained, 1);
}

TEST(HankelDmd, CenteringTakesAFixedPointToTheOrigin) {
  Matrix X = orbit(Matrix{{0, -1}, {1, 0}}, Vector{{1, 0}}, 40);  // whole turns: mean zero
  X.array() += 3;
  const HankelDmd result = hankel_dmd(std::vector<Matrix>{X}, {.delays = 1, .center = true});
  EXPECT_LT(std::abs(result.eigenvalues(0) - std::complex<double>(0, 1)), 1e-13);
  EXPECT_EQ(result.rank, 2);
}

TEST(HankelDmd, RefusesWhatIsTooShortOrZero) {
  const std::vector<Matrix> X = {random_matrix(2, 10, 7)};
  EXPECT_THROW((void)hankel_dmd(X, {.delays = 10}), std::invalid_argument);
  EXPECT_NO_THROW((void)hankel_dmd(X, {.delays = 9}));
  EXPECT_THROW((void)hankel_dmd(X, {.delays = 5, .interval = 3}), std::invalid_argument);
  EXPECT_THROW((void)hankel_dmd(X, {.delays = 0}), std::invalid_argument);
  EXPECT_THROW((void)hankel_dmd(X, {.delays = 1, .ridge = -1}), std::invalid_argument);
  EXPECT_THROW((void)hankel_dmd(std::vector<Matrix>{Matrix::Zero(2, 20)}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
