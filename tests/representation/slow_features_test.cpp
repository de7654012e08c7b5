// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/slow_features.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using Trials = std::vector<Matrix>;
constexpr double tau = 2 * std::numbers::pi;

/// sqrt(2) cos of so many whole cycles in `steps`: uncorrelated, of variance 1.
Matrix waves(const std::vector<double>& cycles, Index steps) {
  Matrix X(static_cast<Index>(cycles.size()), steps);
  for (Index i = 0; i < X.rows(); ++i) {
    for (Index t = 0; t < steps; ++t) {
      X(i, t) =
          std::sqrt(2.0) * std::cos(tau * cycles[static_cast<std::size_t>(i)] *
                                    (static_cast<double>(t) + 0.5) / static_cast<double>(steps));
    }
  }
  return X;
}

TEST(SlowFeatures, UnmixesWavesTheSlowestFirst) {
  const Index steps = 2000;
  const Matrix S = waves({3, 17, 40, 90}, steps);
  const Matrix X = (random_matrix(4, 4, 1) * S).colwise() + Vector::Constant(4, 2.5);
  const SlowFeatures result = slow_features(Trials{X});
  const Matrix Y = project(X, result);
  const double cycles[] = {3, 17, 40, 90};
  for (Index i = 0; i < 4; ++i) {
    EXPECT_NEAR(std::abs(Y.row(i).dot(S.row(i))) / static_cast<double>(steps), 1, 1e-3);
    // |e^{iw} - 1|^2; the sum over steps lacks one of 2000.
    EXPECT_NEAR(result.deltas(i), 2 - 2 * std::cos(tau * cycles[i] / static_cast<double>(steps)),
                3e-3 * result.deltas(i));
  }
  EXPECT_LT((Y * Y.transpose() / static_cast<double>(steps) - Matrix::Identity(4, 4)).norm(),
            1e-10);
  const Matrix dY = Y.rightCols(steps - 1) - Y.leftCols(steps - 1);
  const Matrix D = dY * dY.transpose() / static_cast<double>(steps - 1);
  EXPECT_LT((D - Matrix(result.deltas.asDiagonal())).norm(), 1e-10);
}

TEST(SlowFeatures, DoNotChangeUnderInvertibleMaps) {
  const Matrix X = random_matrix(3, 3, 2) * waves({1, 8, 30}, 400), A = random_matrix(3, 3, 3);
  const SlowFeatures one = slow_features(Trials{X}), two = slow_features(Trials{A * X});
  EXPECT_LT((one.deltas - two.deltas).norm(), 1e-10);
}

TEST(SlowFeatures, OfSecondDegreeFindTheSlowDriverOfWiskottsExample) {
  // x1 = sin t + cos^2 11 t, x2 = cos 11 t: only x1 - x2^2 = sin t is slow.
  const Index steps = 2000;
  Matrix X(2, steps);
  Vector driver(steps);
  for (Index t = 0; t < steps; ++t) {
    const double phase = tau * static_cast<double>(t) / static_cast<double>(steps);
    driver(t) = std::sin(phase);
    X(1, t) = std::cos(11 * phase);
    X(0, t) = driver(t) + X(1, t) * X(1, t);
  }
  const SlowFeatures result = slow_features(Trials{X}, {.dim = 1, .degree = 2});
  const Vector y = project(X, result).row(0).transpose();
  EXPECT_NEAR(std::abs(y.dot(driver)) / (y.norm() * driver.norm()), 1, 1e-6);
  const SlowFeatures linear = slow_features(Trials{X}, {.dim = 1});
  EXPECT_GT(linear.deltas(0), 10 * result.deltas(0));
}

TEST(SlowFeatures, StepsBetweenTrialsDoNotCount) {
  const Matrix X = waves({2, 9}, 100);
  Matrix far = X;
  far.colwise() += Vector::Constant(2, 50.0);
  // The jump would make up most of D; within trials both change alike.
  const SlowFeatures result = slow_features(Trials{X, far});
  const double within = (X.rightCols(99) - X.leftCols(99)).squaredNorm();
  EXPECT_LT(result.deltas.sum(), within);
  EXPECT_LT(result.deltas(0), 1e-3);  // The difference of the trials never changes.
}

TEST(SlowFeatures, OfDataOfLowRankAreAsManyAsDirections) {
  const Matrix X = random_matrix(5, 2, 4) * waves({2, 9}, 100);
  const SlowFeatures result = slow_features(Trials{X});
  EXPECT_EQ(result.rank, 2);
  EXPECT_EQ(result.weights.cols(), 2);
  EXPECT_THROW((void)slow_features(Trials{X}, {.dim = 3}), std::invalid_argument);
}

TEST(SlowFeatures, RefusesWhatItCannotDo) {
  const Matrix X = random_matrix(3, 10, 5);
  EXPECT_THROW((void)slow_features(Trials{X}, {.degree = 3}), std::invalid_argument);
  EXPECT_THROW((void)slow_features(Trials{X.leftCols(1)}), std::invalid_argument);
  EXPECT_THROW((void)slow_features(Trials{Matrix::Ones(3, 5)}), std::invalid_argument);
  EXPECT_THROW((void)slow_features(Trials{random_matrix(100, 5, 6)}, {.degree = 2}),
               std::invalid_argument);
  EXPECT_THROW((void)project(random_matrix(2, 4, 1), slow_features(Trials{X})),
               std::invalid_argument);
}

TEST(QuadraticExpansion, HasEveryProductOnce) {
  const Matrix X = (Matrix(2, 1) << 3, 5).finished();
  EXPECT_EQ(quadratic_expansion(X), (Matrix(5, 1) << 3, 5, 9, 15, 25).finished());
}

}  // namespace
}  // namespace nullcline::representation
