// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/basins.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/latent_bits.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

/// P(X <= hits) of a binomial X, term by term.
double binomial_cdf(Index hits, Index trials, double p) {
  double sum = 0, binomial = 1;
  for (Index i = 0; i <= hits; ++i) {
    const auto k = static_cast<double>(i), n = static_cast<double>(trials);
    sum += binomial * std::pow(p, k) * std::pow(1 - p, n - k);
    binomial *= (n - k) / (k + 1);
  }
  return sum;
}

TEST(ClopperPearson, HasClosedFormsAtBothEnds) {
  // No hit: high = 1 - (alpha / 2)^(1 / n); "rule of three".
  for (const Index n : {1, 10, 1000}) {
    const double high = 1 - std::pow(0.025, 1 / static_cast<double>(n));
    const ConfidenceInterval none = clopper_pearson(0, n), all = clopper_pearson(n, n);
    EXPECT_EQ(none.low, 0);
    EXPECT_NEAR(none.high, high, 1e-14);
    EXPECT_NEAR(all.low, 1 - high, 1e-14);
    EXPECT_EQ(all.high, 1);
  }
  const ConfidenceInterval nothing = clopper_pearson(0, 0);
  EXPECT_EQ(nothing.low, 0);
  EXPECT_EQ(nothing.high, 1);
}

TEST(ClopperPearson, LeavesHalfOfTheErrorOnEachSide) {
  for (const double confidence : {0.5, 0.95, 0.999}) {
    for (const Index hits : {1, 5, 17, 39}) {
      const ConfidenceInterval interval = clopper_pearson(hits, 40, confidence);
      const double tail = (1 - confidence) / 2;
      EXPECT_NEAR(1 - binomial_cdf(hits - 1, 40, interval.low), tail, 1e-12);
      EXPECT_NEAR(binomial_cdf(hits, 40, interval.high), tail, 1e-12);
    }
  }
}

TEST(ClopperPearson, CoversInAtLeastTheNominalPartOfAllExperiments) {
  // Exactly: the probability under p of the counts whose interval has p in it.
  for (const double p : {0.01, 0.1, 0.37, 0.5, 0.93}) {
    double covered = 0;
    for (Index hits = 0; hits <= 30; ++hits) {
      const ConfidenceInterval interval = clopper_pearson(hits, 30, 0.9);
      if (interval.low > p || p > interval.high) continue;
      covered += binomial_cdf(hits, 30, p) - (hits > 0 ? binomial_cdf(hits - 1, 30, p) : 0);
    }
    EXPECT_GE(covered, 0.9);
  }
}

TEST(ClopperPearson, WorksForManyTrials) {
  // The normal approximation holds to about 1 / trials here.
  const Index n = 1000000;
  const ConfidenceInterval interval = clopper_pearson(n / 4, n);
  const double half = 1.959963984540054 * std::sqrt(0.25 * 0.75 / static_cast<double>(n));
  EXPECT_NEAR(interval.low, 0.25 - half, 2e-6);
  EXPECT_NEAR(interval.high, 0.25 + half, 2e-6);
}

TEST(Basins, OfABistableUnitAreThePartsOfTheBox) {
  // tanh(2 x) from a box (-1, 3): a quarter to the left. Repeated: how often it is covered.
  const AnalyticMap map = tanh_map(Matrix::Ones(1, 1), 2 * Matrix::Ones(1, 1), Vector::Zero(1));
  const double b = stored_bit(2);
  const Landmarks landmarks = landmarks_at(map, (Matrix(1, 3) << -b, 0, b).finished());
  const Index repeats = 200;
  Index covered = 0, hits = 0;
  for (Index seed = 0; seed < repeats; ++seed) {
    const Matrix starts = box_starts(Vector::Constant(1, -1), Vector::Constant(1, 3), 40,
                                     static_cast<std::uint64_t>(seed));
    const Basins basins = sample_basins(map, starts, landmarks);
    ASSERT_EQ(basins.landmarks.size(), 3u);
    EXPECT_EQ(basins.landmarks[0].orbits + basins.landmarks[2].orbits, 40);
    EXPECT_EQ(basins.landmarks[0].orbits, (starts.array() < 0).count());
    const BasinShare& left = basins.landmarks[0];
    EXPECT_EQ(left.fraction, static_cast<double>(left.orbits) / 40);
    covered += left.interval.low <= 0.25 && 0.25 <= left.interval.high;
    hits += left.orbits;
  }
  // Coverage is at least 95 %: of 200 repeats 190 +- 3.1; and 8000 starts have 2000 +- 39 hits.
  EXPECT_GE(covered, 190 - 4 * 3.1);
  EXPECT_NEAR(static_cast<double>(hits), 2000, 4 * 39);
}

TEST(Basins, OfALinearSinkAreAll) {
  const AnalyticMap map = linear_map(0.5 * Matrix::Identity(3, 3), Vector::Zero(3));
  const Basins basins =
      sample_basins(map, random_matrix(3, 500, 1.0, 1), landmarks_at(map, Matrix::Zero(3, 1)));
  EXPECT_EQ(basins.landmarks[0].fraction, 1);
  EXPECT_EQ(basins.landmarks[0].interval.high, 1);
  EXPECT_NEAR(basins.landmarks[0].interval.low, std::pow(0.025, 1.0 / 500), 1e-12);
  EXPECT_EQ(basins.escaped.orbits, 0);
}

TEST(Basins, CountAttractorsThatWereNotGivenApart) {
  const AnalyticMap map = tanh_map(Matrix::Ones(1, 1), 2 * Matrix::Ones(1, 1), Vector::Zero(1));
  const double b = stored_bit(2);
  const Basins basins = sample_basins(map, random_matrix(1, 100, 1.0, 1),
                                      landmarks_at(map, Matrix::Constant(1, 1, b)));
  ASSERT_EQ(basins.landmarks.size(), 2u);
  ASSERT_EQ(basins.orbits.new_points.cols(), 1);
  EXPECT_NEAR(basins.orbits.new_points(0, 0), -b, 1e-11);
  EXPECT_EQ(basins.landmarks[0].orbits + basins.landmarks[1].orbits, 100);
  EXPECT_GT(basins.landmarks[1].orbits, 0);
}

TEST(Basins, CountWhatEndsNowhere) {
  const AnalyticMap map =
      scalar_map([](double x) { return x < 0   ? std::nan("")
                                       : x > 1 ? 2 * x
                                               : 4 * x * (1 - x); },
                 [](double) { return 1; }, [](double) { return 0; });
  const Matrix starts = (Matrix(1, 4) << 0.3, 1.5, -1, 1.7).finished();
  const Basins basins =
      sample_basins(map, starts, {Matrix(1, 0), {}, {}}, {.settle = {.max_steps = 100}});
  EXPECT_EQ(basins.undecided.orbits, 1);
  EXPECT_EQ(basins.escaped.orbits, 2);
  EXPECT_EQ(basins.not_finite.orbits, 1);
  EXPECT_EQ(basins.escaped.fraction, 0.5);
}

TEST(Basins, AreTheSameForTwoThreadsAndStopWhenAsked) {
  const LatentBits bits(10, 3, 1.5);
  const Matrix starts = random_matrix(10, 500, 1.0, 9);
  BasinOptions options;
  const Basins one = sample_basins(bits.map, starts, bits.landmarks, options);
  options.settle.threads = {2};
  const Basins two = sample_basins(bits.map, starts, bits.landmarks, options);
  EXPECT_EQ(one.orbits.states, two.orbits.states);
  EXPECT_EQ(one.orbits.landmark, two.orbits.landmark);
  options.settle.progress = [](double) { return false; };
  EXPECT_GT(sample_basins(bits.map, starts, bits.landmarks, options).cancelled, 0);
}

TEST(BoxStarts, AreTheSameForAnyCountAndInTheBox) {
  const Vector low = (Vector(2) << -1, 5).finished(), high = (Vector(2) << 1, 5).finished();
  const Matrix many = box_starts(low, high, 200, 3, 4), few = box_starts(low, high, 10, 3, 4);
  EXPECT_EQ(few, many.leftCols(10));
  EXPECT_NE(many, box_starts(low, high, 200, 4, 4));
  EXPECT_NE(many, box_starts(low, high, 200, 3, 5));
  EXPECT_LE(many.row(0).cwiseAbs().maxCoeff(), 1);
  EXPECT_EQ(many.row(1).minCoeff(), 5);
  EXPECT_NEAR(many.row(0).mean(), 0, 4 / std::sqrt(3.0 * 200));
}

TEST(Basins, RejectBadArguments) {
  EXPECT_THROW(clopper_pearson(3, 2), std::invalid_argument);
  EXPECT_THROW(clopper_pearson(-1, 2), std::invalid_argument);
  EXPECT_THROW(clopper_pearson(1, 2, 1), std::invalid_argument);
  EXPECT_THROW(box_starts(Vector::Ones(2), Vector::Ones(3), 1), std::invalid_argument);
  EXPECT_THROW(box_starts(Vector::Ones(2), Vector::Zero(2), 1), std::invalid_argument);
  const AnalyticMap map = henon_map();
  EXPECT_THROW(sample_basins(map, Matrix::Zero(3, 1), {Matrix(2, 0), {}, {}}),
               std::invalid_argument);
  EXPECT_THROW(sample_basins(map, Matrix::Zero(2, 1), {Matrix(2, 0), {}, {}}, {.confidence = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
