// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca_selection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "nullcline/representation/cross_covariance.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;

/// Independent AR(1)s with coefficients a, turned.
Matrix ar1_data(const Vector& a, Index samples, std::uint64_t seed) {
  const Matrix noise = random_matrix(a.size(), samples, seed);
  Matrix X = noise;
  for (Index t = 1; t < samples; ++t) X.col(t) += a.cwiseProduct(X.col(t - 1));
  return testing::random_rotation(a.size(), 99) * X;
}

Vector two_of_six() { return Vector{{0.95, 0.9, 0, 0, 0, 0}}; }

TEST(DcaCurve, IsTheSumOverTheMostPredictableOfIndependentProcesses) {
  const Vector a{{0.9, 0.8, 0.7, 0.5, 0.1}};
  const auto process = testing::var1(a.asDiagonal(), Matrix::Identity(5, 5), 6);
  const auto curve = dca_curve(process, {.dim = 5, .window = 3, .starts = 2, .ridge = 0});
  ASSERT_EQ(curve.size(), 5u);
  double expected = 0;
  for (Index d = 0; d < 5; ++d) {
    expected -= 0.5 * std::log(1 - a(d) * a(d));
    EXPECT_NEAR(curve[static_cast<std::size_t>(d)].predictive_information, expected, 1e-9);
  }
}

TEST(DcaCurve, NeverFallsAndEndsAtTheRank) {
  const Matrix X = ar1_data(Vector{{0.9, 0.6, 0.3}}, 400, 1);
  const std::vector<Matrix> trials = {random_matrix(5, 3, 2) * X};
  const auto curve = dca_curve(trials, {.dim = 5, .window = 2, .starts = 1});
  ASSERT_EQ(curve.size(), 3u);
  EXPECT_LE(curve[0].predictive_information, curve[1].predictive_information);
  EXPECT_LE(curve[1].predictive_information, curve[2].predictive_information);
}

TEST(Dca, GroupsItsStartsByTheMaximumThatTheyReached) {
  const auto process =
      testing::var1(testing::stable_matrix(12, 0.97, 3), testing::positive_matrix(12, 4), 8);
  const Dca result = dca(process, {.dim = 2, .window = 4, .starts = 12});
  ASSERT_FALSE(result.maxima.empty());
  Index starts = 0;
  double last = result.predictive_information;
  for (const DcaMaximum& maximum : result.maxima) {
    starts += maximum.starts;
    EXPECT_LE(maximum.predictive_information, last);
    last = maximum.predictive_information;
    EXPECT_LT((principal_angles(maximum.projection, result.projection) - maximum.angles).norm(),
              1e-7);
  }
  EXPECT_EQ(starts, 18);  // Two, twelve, and four exchanges.
  EXPECT_LT(result.maxima[0].angles.maxCoeff(), 1e-7);
  for (const DcaAttempt& attempt : result.attempts) {
    ASSERT_GE(attempt.maximum, 0);
    EXPECT_NEAR(attempt.predictive_information,
                result.maxima[static_cast<std::size_t>(attempt.maximum)].predictive_information,
                1e-2);
  }
}

TEST(DcaCrossValidation, FindsTheDimensionOfAProcessInNoise) {
  std::vector<Matrix> trials;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    trials.push_back(ar1_data(two_of_six(), 600 + static_cast<Index>(seed), seed));
  }
  const auto result = dca_cross_validation(
      trials, {.max_dim = 4, .windows = {1, 3}, .folds = 5, .dca = {.starts = 2}});
  EXPECT_TRUE(result.by_trials);
  EXPECT_EQ(result.dim, 2);
  EXPECT_EQ(result.window, 1);  // An AR(1) needs no more.
  double known = 0;
  for (Index d = 0; d < 4; ++d) {
    if (d < 2) known -= 0.5 * std::log(1 - two_of_six()(d) * two_of_six()(d));
    EXPECT_NEAR(result.held_out(0, d), known, 4 * result.standard_error(0, d)) << "d " << d + 1;
  }
  for (Index d = 1; d < 4; ++d) EXPECT_GE(result.fitted(0, d), result.fitted(0, d - 1));
}

TEST(DcaCrossValidation, OfWhiteNoiseFindsNothingToPredict) {
  const std::vector<Matrix> trials = {random_matrix(5, 300, 3)};
  const auto result = dca_cross_validation(
      trials, {.max_dim = 3, .windows = {1, 2}, .folds = 4, .dca = {.starts = 2}});
  EXPECT_FALSE(result.by_trials);
  EXPECT_GT(result.fitted.minCoeff(), 0);
  EXPECT_LT(result.held_out.maxCoeff(), 0.02);
  EXPECT_LT(result.held_out(1, 2), result.held_out(0, 0));  // The more parameters, the worse.
}

TEST(DcaCrossValidation, IsTheSameForAnyNumberOfThreadsAndCanBeStopped) {
  const std::vector<Matrix> trials = {ar1_data(two_of_six(), 300, 5)};
  DcaCrossValidationOptions options{.max_dim = 2, .windows = {2}, .folds = 3, .dca = {.starts = 1}};
  const auto one = dca_cross_validation(trials, options);
  options.dca.threads = {4};
  EXPECT_EQ(dca_cross_validation(trials, options).held_out, one.held_out);
  options.dca.threads = {1};
  options.progress = [](double) { return false; };
  EXPECT_TRUE(dca_cross_validation(trials, options).canceled);
}

TEST(DcaCrossValidation, RejectsWhatDoesNotFit) {
  const std::vector<Matrix> trials = {random_matrix(3, 40, 1)};
  EXPECT_THROW((void)dca_cross_validation(trials, {.max_dim = 4}), std::invalid_argument);
  EXPECT_THROW((void)dca_cross_validation(trials, {.max_dim = 1, .folds = 1}),
               std::invalid_argument);
  EXPECT_THROW((void)dca_cross_validation(trials, {.max_dim = 1, .windows = {}}),
               std::invalid_argument);
  EXPECT_THROW((void)dca_cross_validation(trials, {.max_dim = 1, .windows = {6}}),
               std::invalid_argument);
}

double autocovariance(const Matrix& X, Index i, Index j, Index lag) {
  double sum = 0;
  for (Index t = 0; t < X.cols(); ++t) sum += X(i, (t + lag) % X.cols()) * X(j, t);
  return sum;
}

TEST(Surrogate, KeepsWhatItSaysAndNothingElse) {
  for (const Index T : {64, 75}) {
    const Matrix X = ar1_data(Vector{{0.9, 0.8, -0.5}}, T, 6);
    const Matrix own = surrogate(X, Surrogate::independent_phases, 1);
    const Matrix common = surrogate(X, Surrogate::common_phases, 1);
    const double scale = X.squaredNorm();
    double changed = 0;
    for (Index i = 0; i < 3; ++i) {
      for (Index j = 0; j < 3; ++j) {
        for (const Index lag : {0, 1, 7}) {
          const double known = autocovariance(X, i, j, lag);
          EXPECT_NEAR(autocovariance(common, i, j, lag), known, 1e-12 * scale);
          const double difference = std::abs(autocovariance(own, i, j, lag) - known);
          if (i != j) {
            changed += difference;
          } else {
            EXPECT_LT(difference, 1e-12 * scale);
          }
        }
      }
    }
    EXPECT_GT(changed, 1e-3 * scale);
    EXPECT_LT((own.rowwise().mean() - X.rowwise().mean()).norm(), 1e-12);
    EXPECT_GT((common - X).norm(), 0.1 * X.norm());
  }
}

TEST(Surrogate, OfShuffledTimeHoldsTheSameStepsInAnotherOrder) {
  const Matrix X = random_matrix(2, 50, 7), Y = surrogate(X, Surrogate::shuffled_time, 1);
  EXPECT_LT((X * X.transpose() - Y * Y.transpose()).norm(), 1e-12 * X.squaredNorm());
  EXPECT_GT((X - Y).norm(), 0.1);
  EXPECT_NE(surrogate(X, Surrogate::shuffled_time, 1, 2), Y);
  EXPECT_EQ(surrogate(X, Surrogate::shuffled_time, 1), Y);
}

TEST(DcaNull, TellsDynamicsFromNoiseAndCoupledUnitsFromUncoupledOnes) {
  const DcaOptions dca{.dim = 1, .window = 2, .starts = 1};
  const std::vector<Matrix> coupled = {ar1_data(two_of_six(), 400, 8)};
  for (const auto kind : {Surrogate::shuffled_time, Surrogate::independent_phases}) {
    const DcaNull null = dca_null(coupled, {.surrogate = kind, .count = 19, .dca = dca});
    EXPECT_EQ(null.p_value, 1.0 / 20) << name_of(kind);
    EXPECT_TRUE(std::is_sorted(null.values.begin(), null.values.end()));
  }
  // Common phases keep what PI is made of.
  const DcaNull same =
      dca_null(coupled, {.surrogate = Surrogate::common_phases, .count = 19, .dca = dca});
  EXPECT_NEAR(same.values.mean(), same.predictive_information, 0.1 * same.predictive_information);
}

TEST(DcaNull, OfNoiseHasPValuesThatAreNotSmall) {
  double sum = 0;
  for (std::uint64_t seed = 20; seed < 30; ++seed) {
    const std::vector<Matrix> noise = {random_matrix(3, 150, seed)};
    sum += dca_null(noise, {.surrogate = Surrogate::shuffled_time,
                            .count = 19,
                            .dca = {.dim = 1, .window = 1, .starts = 1, .seed = seed}})
               .p_value;
  }
  // The mean of ten uniform values: 0.5 +- 4 * 0.29 / sqrt 10.
  EXPECT_NEAR(sum / 10, 0.525, 0.37);
}

TEST(Surrogates, TurnedTrialsAreTheirColumnsFromSomewhereOnAroundTheCircle) {
  const Matrix X = random_matrix(3, 20, 5);
  std::vector<Index> shifts;
  for (std::uint64_t number = 0; number < 10; ++number) {
    const Matrix Y = turned(X, 1, number);
    ASSERT_EQ(Y.cols(), 20);
    Index shift = 0;
    while (shift < 20 && Y.col(0) != X.col(shift)) ++shift;
    ASSERT_LT(shift, 20);
    for (Index t = 0; t < 20; ++t) EXPECT_EQ(Y.col(t), X.col((t + shift) % 20)) << t;
    shifts.push_back(shift);
  }
  EXPECT_NE(std::count(shifts.begin(), shifts.end(), shifts[0]), 10);
  EXPECT_EQ(turned(X, 1, 3), turned(X, 1, 3));
}

TEST(DcaNull, OfIndependentUnitsInShortTrialsHasPValuesThatAreNotSmall) {
  const Matrix apart = testing::random_rotation(3, 99).transpose();
  double sum = 0;
  for (std::uint64_t set = 0; set < 20; ++set) {
    std::vector<Matrix> trials;
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
      trials.emplace_back(apart * ar1_data(Vector{{0.6, 0.3, -0.2}}, 20, 100 * set + trial));
    }
    sum += dca_null(trials, {.count = 19, .dca = {.dim = 1, .window = 2, .starts = 1, .seed = set}})
               .p_value;
  }
  // The mean of twenty uniform values: 0.525 +- 4 * 0.29 / sqrt 20.
  EXPECT_NEAR(sum / 20, 0.525, 0.26);
}

}  // namespace
}  // namespace nullcline::representation
