// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dpca_selection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

struct Data {
  std::vector<Matrix> trials;
  Labels labels;
};

/// `repeats` trials of each of 3 conditions: one axis of time, one of the condition, and noise.
Data planted(Index n, Index repeats, double noise, double gain = 1) {
  constexpr Index T = 10;
  const Matrix axes = random_rotation(n, 1).leftCols(2);
  Data data{{}, Labels(1, 3 * repeats)};
  for (Index i = 0; i < 3 * repeats; ++i) {
    Matrix X = noise * random_matrix(n, T, 100 + static_cast<std::uint64_t>(i));
    for (Index t = 0; t < T; ++t) {
      X.col(t) += axes.col(0) * std::sin(0.7 * static_cast<double>(t)) +
                  axes.col(1) * gain * (static_cast<double>(i % 3) - 1);
    }
    data.trials.push_back(X);
    data.labels(0, i) = i % 3;
  }
  return data;
}

TEST(DpcaRidge, WithoutNoiseIsTheSmallest) {
  const Data data = planted(6, 4, 0);
  const DpcaRidge found =
      dpca_ridge(data.trials, data.labels, {.ridges = {1e-6, 1e-2, 1}, .repeats = 2});
  EXPECT_EQ(found.best, 1e-6);
  EXPECT_LT(found.errors(0), 1e-9);
  // Of a signal of two orthogonal directions with parts v of the variance, a ridge m leaves
  // v / (v + m^2): what is missing is sum v (m^2 / (v + m^2))^2.
  const auto parts = marginalize(data.trials, data.labels).marginalizations;
  for (const Index i : {1, 2}) {
    const double penalty = std::pow(found.ridges[static_cast<std::size_t>(i)], 2);
    double missing = 0;
    for (const Marginalization& part : parts) {
      missing += part.variance * std::pow(penalty / (part.variance + penalty), 2);
    }
    EXPECT_NEAR(found.errors(i), missing, 1e-9);
  }
}

TEST(DpcaRidge, GrowsWithTheNoise) {
  double last = 0;
  for (const double noise : {0.05, 0.5, 2.0}) {
    const Data data = planted(20, 4, noise);
    const DpcaRidge found = dpca_ridge(data.trials, data.labels, {.repeats = 4});
    EXPECT_GT(found.best, last) << "noise " << noise;
    last = found.best;
    EXPECT_EQ(found.ridges.size(), 26u);
    EXPECT_EQ(found.standard_error.size(), 26);
  }
}

TEST(DpcaRidge, StopsWhenAskedTo) {
  const Data data = planted(6, 4, 1);
  const DpcaRidge found = dpca_ridge(
      data.trials, data.labels,
      {.ridges = {0.1, 1}, .repeats = 50, .progress = [](double done) { return done < 0.05; }});
  EXPECT_TRUE(found.canceled);
  EXPECT_EQ(found.errors.size(), 2);
}

TEST(SplitHalf, WithoutNoiseIsTheWhole) {
  const Data data = planted(6, 2, 0);
  const SplitHalf found = dpca_split_half(data.trials, data.labels, {.splits = 3});
  const auto parts = marginalize(data.trials, data.labels).marginalizations;
  for (Index p = 0; p < 2; ++p) {
    EXPECT_NEAR(found.variance(p), parts[static_cast<std::size_t>(p)].variance, 1e-12);
    EXPECT_NEAR(found.reliability(p), 1, 1e-12);
  }
}

TEST(SplitHalf, TakesTheNoiseOutOfTheVariances) {
  // 160 trials of a condition leave noise of 4 / 160 on each of 20 units, about as much as the
  // signal, 29 parts of which 20 are of the condition. Of halves, 1.2 of 16.8 is one deviation.
  const Data clean = planted(20, 1, 0, 0.3), noisy = planted(20, 160, 2, 0.3);
  const Dpca signal = marginalize(clean.trials, clean.labels);
  const auto& truth = signal.marginalizations;
  const auto raw = marginalize(noisy.trials, noisy.labels).marginalizations;
  const SplitHalf found = dpca_split_half(noisy.trials, noisy.labels, {.splits = 10});
  EXPECT_EQ(found.splits, 10);
  EXPECT_NEAR(found.variance.sum(), 1, 1e-12);
  for (Index p = 0; p < 2; ++p) {
    const auto i = static_cast<std::size_t>(p);
    EXPECT_LT(std::abs(found.variance(p) - truth[i].variance),
              0.5 * std::abs(raw[i].variance - truth[i].variance));
    // Halves of 80 trials: noise of 4 / 80 in 20 units times 9 directions of time, or 20 others.
    const double numbers = 20 * (p == 0 ? 9 : 20), power = signal.parts[i].squaredNorm();
    EXPECT_NEAR(found.reliability(p), power / (power + numbers * 4 / 80), 2 / std::sqrt(numbers));
  }
}

TEST(SplitHalf, WantsTwoTrialsOfEachCondition) {
  Data data = planted(6, 2, 1);
  data.trials.pop_back();
  data.labels.conservativeResize(1, 5);
  EXPECT_THROW((void)dpca_split_half(data.trials, data.labels), std::invalid_argument);
  EXPECT_THROW((void)dpca_ridge(data.trials, data.labels), std::invalid_argument);
  EXPECT_THROW((void)dpca_split_half(data.trials, data.labels, {.splits = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
