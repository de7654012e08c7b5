// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/jpca.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;
using Trials = std::vector<Matrix>;

/// Trials that turn by the angles per step in as many planes, from random states.
Trials rotations(const std::vector<double>& angles, Index steps, Index count, std::uint64_t seed) {
  const Index n = 2 * static_cast<Index>(angles.size());
  Matrix R = Matrix::Zero(n, n);
  for (Index p = 0; p < n / 2; ++p) {
    const double angle = angles[static_cast<std::size_t>(p)];
    R.block(2 * p, 2 * p, 2, 2) << std::cos(angle), -std::sin(angle), std::sin(angle),
        std::cos(angle);
  }
  Trials trials;
  for (Index i = 0; i < count; ++i) {
    Matrix X(n, steps);
    X.col(0) = random_matrix(n, 1, seed + static_cast<std::uint64_t>(i));
    for (Index t = 1; t < steps; ++t) X.col(t) = R * X.col(t - 1);
    trials.push_back(X);
  }
  return trials;
}

Trials embedded(const Trials& trials, const Matrix& Q) {
  Trials result;
  for (const Matrix& X : trials) result.emplace_back(Q * X);
  return result;
}

TEST(Jpca, OfPureRotationsFindsFrequenciesAndPlanesExactly) {
  const Trials plain = rotations({0.7, 0.2, 0.05}, 40, 12, 1);
  const Matrix Q = random_rotation(10, 99).leftCols(6);
  const Jpca result = jpca(embedded(plain, Q), {.components = 6});
  EXPECT_NEAR(result.skew_r2, 1, 1e-12);
  EXPECT_NEAR(result.full_r2, 1, 1e-12);
  EXPECT_LT((result.skew + result.skew.transpose()).norm(), 1e-15);
  const double known[] = {0.7, 0.2, 0.05};
  for (Index p = 0; p < 3; ++p) {
    EXPECT_NEAR(result.frequencies(p), known[p], 1e-9);
    const Vector angles =
        principal_angles(result.planes.middleCols(2 * p, 2), Q.middleCols(2 * p, 2));
    EXPECT_LT(angles.maxCoeff(), 1e-8);
  }
  EXPECT_NEAR(result.explained.sum(), 1, 1e-12);
}

TEST(Jpca, TrajectoriesTurnFromTheFirstAxisToTheSecond) {
  for (const double direction : {0.3, -0.3}) {
    const Trials trials = rotations({direction}, 8, 5, 3);
    const Jpca result = jpca(trials, {.components = 2});
    EXPECT_NEAR(result.frequencies(0), 0.3, 1e-12);
    for (const Matrix& y : project(trials, result)) {
      for (Index t = 1; t < y.cols(); ++t) {
        EXPECT_GT(y(0, t - 1) * y(1, t) - y(1, t - 1) * y(0, t), 0);
      }
    }
  }
}

TEST(Jpca, PlanesOfOneFrequencyAreOrthogonal) {
  const Trials trials = rotations({0.4, 0.4, 0.1}, 30, 10, 5);
  const Jpca result = jpca(trials, {.components = 6});
  EXPECT_NEAR(result.frequencies(1), 0.4, 1e-9);
  EXPECT_LT((result.planes.transpose() * result.planes - Matrix::Identity(6, 6)).norm(), 1e-12);
}

TEST(Jpca, TheForwardDerivativeOfThePaperSeesTheContractionOfItsChords) {
  // x_{t+1} - x_t = (R - I) x_t: skew part sin a, symmetric part cos a - 1.
  const double angle = 0.5;
  const Trials trials = rotations({angle}, 60, 20, 7);
  const Jpca result = jpca(
      trials, {.components = 2, .center_conditions = false, .derivative = JpcaDerivative::forward});
  EXPECT_NEAR(result.frequencies(0), std::sin(angle), 1e-2);  // The mean is not quite zero.
  EXPECT_NEAR(result.full_r2, 1, 1e-2);
  const double skew = std::sin(angle) * std::sin(angle), chord = 2 - 2 * std::cos(angle);
  EXPECT_NEAR(result.skew_r2, skew / chord, 1e-2);
}

TEST(Jpca, SkewFitIsNoWorseThanAnyOtherSkewMatrix) {
  const Trials trials{random_matrix(4, 50, 11), random_matrix(4, 50, 12)};
  const Jpca result = jpca(trials, {.components = 4});
  Matrix X(4, 98), dX(4, 98);
  Index column = 0;
  for (const Matrix& trial : trials) {
    const Matrix y =
        result.basis.transpose() * ((trial - result.condition_mean).colwise() - result.mean);
    dX.middleCols(column, 49) = y.rightCols(49) - y.leftCols(49);
    X.middleCols(column, 49) = (y.rightCols(49) + y.leftCols(49)) / 2;
    column += 49;
  }
  const auto error = [&](const Matrix& M) { return (dX - M * X).squaredNorm(); };
  EXPECT_NEAR(result.skew_r2, 1 - error(result.skew) / dX.squaredNorm(), 1e-13);
  for (Index i = 0; i < 4; ++i) {
    for (Index j = 0; j < i; ++j) {
      for (const double step : {1e-3, -1e-3}) {
        Matrix other = result.skew;
        other(i, j) += step;
        other(j, i) -= step;
        EXPECT_GT(error(other), error(result.skew));
      }
    }
  }
  EXPECT_LE(result.skew_r2, result.full_r2);
}

TEST(Jpca, RefusesWhatItCannotDo) {
  const Matrix X = random_matrix(3, 10, 13);
  EXPECT_THROW((void)jpca(Trials{X}, {.components = 4}), std::invalid_argument);
  EXPECT_THROW((void)jpca(Trials{X}, {.components = 1}), std::invalid_argument);
  EXPECT_THROW((void)jpca(Trials{X, X.leftCols(9)}, {.components = 2}), std::invalid_argument);
  EXPECT_THROW((void)jpca(Trials{X.leftCols(1), X.leftCols(1)},
                          {.components = 2, .center_conditions = false}),
               std::invalid_argument);
  EXPECT_THROW((void)jpca(Trials{X, X}, {.components = 2}),
               std::invalid_argument);  // Nothing left.
  EXPECT_NO_THROW(
      (void)jpca(Trials{X, X.leftCols(9)}, {.components = 2, .center_conditions = false}));
}

}  // namespace
}  // namespace nullcline::representation
