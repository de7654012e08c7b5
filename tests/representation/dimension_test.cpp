// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dimension.hpp"

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

/// Points drawn evenly from a flat torus of d dimensions in 2 d: no edge, no varying density.
Matrix torus(Index d, Index count, std::uint64_t seed) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_noise});
  Matrix X(2 * d, count);
  for (Index i = 0; i < count; ++i) {
    for (Index k = 0; k < d; ++k) {
      const double angle = 2 * std::numbers::pi * stream.uniform();
      X.block(2 * k, i, 2, 1) << std::cos(angle), std::sin(angle);
    }
  }
  return X;
}

TEST(Dimension, OfKnownVariancesHasTheRatioAndThresholdsOfThem) {
  // A cross of points: variances in the ratio 9 : 4 : 1, exactly.
  Matrix X = Matrix::Zero(3, 6);
  X.diagonal() << 3, 2, 1;
  X.rightCols(3) = -X.leftCols(3);
  const Dimension result = dimension(
      Trials{X}, {.thresholds = {0.5, 9.0 / 14, 0.9, 1.0}, .surrogates = 0, .max_points = 0});
  EXPECT_NEAR(result.participation_ratio, 14.0 * 14 / (81 + 16 + 1), 1e-13);
  EXPECT_EQ(result.at_threshold, (std::vector<Index>{1, 1, 2, 3}));
  EXPECT_EQ(result.parallel, -1);
  EXPECT_EQ(result.two_nn.points, 0);
}

TEST(Dimension, ByNeighborsIsThatOfTheManifoldWhateverItLiesIn) {
  for (const Index d : {1, 2, 3}) {
    const Matrix X = random_rotation(12, 3).leftCols(2 * d) * torus(d, 1500, 20);
    const Dimension result = dimension(Trials{X}, {.surrogates = 0});
    const double known = static_cast<double>(d);
    EXPECT_EQ(result.two_nn.points, 1500);
    // Four standard errors of 1350 ratios, 1 / sqrt(1350) each.
    EXPECT_NEAR(result.two_nn.value, known, 4 * known / std::sqrt(1350.0));
    // Curvature over 20 neighbors adds some percent in three dimensions.
    EXPECT_NEAR(result.mle.value, known, known * (0.02 * known + 4 / std::sqrt(1500.0)));
    EXPECT_LT(result.two_nn.low, result.two_nn.value);
    EXPECT_GT(result.two_nn.high, result.two_nn.value);
  }
}

TEST(Dimension, IntervalsCoverTheTruthAboutAsOftenAsTheySay) {
  int two_nn = 0, mle = 0;
  const int draws = 40;
  for (int seed = 0; seed < draws; ++seed) {
    const Matrix X = torus(2, 300, 100 + static_cast<std::uint64_t>(seed));
    const Dimension result = dimension(Trials{X}, {.surrogates = 0, .mle_first = 5, .mle_last = 8});
    two_nn += result.two_nn.low <= 2 && 2 <= result.two_nn.high;
    mle += result.mle.low <= 2 && 2 <= result.mle.high;
  }
  EXPECT_GE(two_nn, 33);  // Binomial(40, 0.95) falls below once in 1000.
  EXPECT_GE(mle, 33);
}

TEST(Dimension, OfTheIntervalOfTwoNnIsThatOfChiSquared) {
  // With r kept: d 2 S ~ chi2(2 r); quantiles of chi2(180) are 144.741 and 219.044 (tables).
  const Dimension result =
      dimension(Trials{torus(1, 100, 5)}, {.surrogates = 0, .mle_first = 2, .mle_last = 4});
  EXPECT_NEAR(result.two_nn.low / result.two_nn.value, 144.741 / 180, 2e-4);
  EXPECT_NEAR(result.two_nn.high / result.two_nn.value, 219.044 / 180, 2e-4);
}

TEST(Dimension, ParallelAnalysisFindsThePlantedComponents) {
  const Matrix noise = random_matrix(20, 600, 7), signal = random_matrix(3, 600, 8);
  const Matrix X = noise + 3 * random_rotation(20, 9).leftCols(3) * signal;
  const Dimension result = dimension(Trials{X.leftCols(200), X.rightCols(400)}, {.max_points = 0});
  EXPECT_EQ(result.parallel, 3);
  const Dimension nothing = dimension(Trials{noise}, {.max_points = 0});
  EXPECT_LE(nothing.parallel, 1);  // Once in 20 the first component of noise is beyond.
  EXPECT_EQ(result.null_variances.size(), 20);
}

TEST(Dimension, ShufflesKeepCorrelationsInTime) {
  // Independent slow waves: their components would all beat white noise of the same variance.
  Matrix X(6, 400);
  for (Index i = 0; i < 6; ++i) {
    for (Index t = 0; t < 400; ++t) {
      X(i, t) = std::sin(0.01 * static_cast<double>((i + 2) * t) + static_cast<double>(i));
    }
  }
  const Dimension result = dimension(Trials{X}, {.max_points = 0});
  EXPECT_GT(result.null_variances(0), 1.02 * X.squaredNorm() / 400 / 6);
  EXPECT_LE(result.parallel, 2);
}

TEST(Dimension, NeighborsInTimeCanBeLeftOut) {
  // Trials of two steps that hardly move: the nearest neighbor is the other step.
  const Matrix X = torus(2, 1000, 10);
  Trials trials;
  for (Index i = 0; i < 1000; ++i) {
    trials.emplace_back(4, 2);
    trials.back() << X.col(i), X.col(i) + 1e-6 * random_matrix(4, 1, static_cast<std::uint64_t>(i));
  }
  EXPECT_LT(dimension(trials, {.surrogates = 0}).mle.value, 1);
  EXPECT_NEAR(dimension(trials, {.surrogates = 0, .exclude = 1}).mle.value, 2, 0.2);
}

TEST(Dimension, EqualPointsCountOnceAndManyAreThinned) {
  const Matrix X = torus(1, 400, 11);
  const DimensionOptions options{.surrogates = 0};
  const Dimension once = dimension(Trials{X}, options), twice = dimension(Trials{X, X}, options);
  EXPECT_EQ(twice.two_nn.points, 400);
  EXPECT_EQ(once.two_nn.value, twice.two_nn.value);
  EXPECT_EQ(dimension(Trials{X}, {.surrogates = 0, .max_points = 100}).two_nn.points, 100);
}

TEST(Dimension, ThreadsDoNotChangeABit) {
  const Matrix X = torus(2, 300, 13);
  const Dimension one = dimension(Trials{X}, {.threads = {1}}),
                  two = dimension(Trials{X}, {.threads = {2}});
  EXPECT_EQ(one.mle.value, two.mle.value);
  EXPECT_EQ(one.null_variances, two.null_variances);
}

TEST(Dimension, OfConstantDataIsNothing) {
  const Dimension result = dimension(Trials{Matrix::Ones(3, 50)});
  EXPECT_EQ(result.participation_ratio, 0);
  EXPECT_EQ(result.two_nn.points, 0);
  EXPECT_EQ(result.parallel, 0);
}

TEST(Dimension, RefusesOptionsOutOfRange) {
  const Trials X{random_matrix(2, 30, 14)};
  EXPECT_THROW((void)dimension(X, {.thresholds = {0}}), std::invalid_argument);
  EXPECT_THROW((void)dimension(X, {.quantile = 1}), std::invalid_argument);
  EXPECT_THROW((void)dimension(X, {.two_nn_kept = 0}), std::invalid_argument);
  EXPECT_THROW((void)dimension(X, {.mle_first = 1}), std::invalid_argument);
  EXPECT_THROW((void)dimension(X, {.exclude = 29}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
