// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dpca.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;
using Trials = std::vector<Matrix>;

struct Planted {
  Trials trials;
  Labels labels;  // (2, trials)
  Matrix axes;    // (n, 4): time, stimulus, choice, interaction
};

/// Two variables of 3 and 2 levels with one axis each, one for time, one for their interaction.
Planted planted(double noise, std::uint64_t seed) {
  const Index n = 8, T = 12;
  Planted data{{}, Labels(2, 12), random_rotation(n, seed).leftCols(4)};
  Index trial = 0;
  for (Index repeat = 0; repeat < 2; ++repeat) {
    for (Index s = 0; s < 3; ++s) {
      for (Index c = 0; c < 2; ++c, ++trial) {
        Matrix X = noise * random_matrix(n, T, seed + 100 + static_cast<std::uint64_t>(trial));
        for (Index t = 0; t < T; ++t) {
          const double time = static_cast<double>(t), stimulus = static_cast<double>(s) - 1,
                       choice = 2 * static_cast<double>(c) - 1;
          X.col(t) += data.axes.col(0) * std::sin(0.5 * time) +
                      data.axes.col(1) * stimulus * (1 + 0.1 * time) +
                      data.axes.col(2) * 0.7 * choice * time / 6 +
                      data.axes.col(3) * 0.5 * choice * (stimulus * stimulus - 2.0 / 3);
        }
        data.trials.push_back(X.colwise() + Vector::Constant(n, 3.0));
        data.labels.col(trial) << 10 * s, c;
      }
    }
  }
  return data;
}

TEST(Dpca, PartsAreOrthogonalAndAddUpToTheData) {
  Planted data = planted(1, 1);
  for (const bool merged : {true, false}) {
    const Dpca result = dpca(data.trials, data.labels, {.merge_time = merged});
    ASSERT_EQ(result.parts.size(), merged ? 4u : 7u);
    Matrix sum = Matrix::Zero(result.averages.rows(), result.averages.cols());
    double squares = 0, shares = 0;
    for (std::size_t i = 0; i < result.parts.size(); ++i) {
      sum += result.parts[i];
      squares += result.parts[i].squaredNorm();
      shares += result.marginalizations[i].variance;
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_LT((result.parts[i] * result.parts[j].transpose()).norm(),
                  1e-13 * result.averages.squaredNorm());
      }
    }
    EXPECT_LT((sum - result.averages).norm(), 1e-13 * sum.norm());
    EXPECT_NEAR(squares, result.averages.squaredNorm(), 1e-12 * squares);
    EXPECT_NEAR(shares, 1, 1e-13);
  }
}

TEST(Dpca, AnEntryIsTheSumOverSubsetsOfTheAnalysisOfVariance) {
  const Planted data = planted(1, 2);
  const Dpca result = dpca(data.trials, data.labels, {.merge_time = false});
  // X_{01} of stimulus s = 2, choice 1: <X>_{sc} - <X>_s - <X>_c + <X> (no time).
  const auto mean_where = [&](auto chosen) {
    Vector sum = Vector::Zero(8);
    double count = 0;
    for (Index c = 0; c < 6; ++c) {
      if (!chosen(result.conditions(0, c), result.conditions(1, c))) continue;
      sum += result.averages.middleCols(c * 12, 12).rowwise().sum();
      count += 12;
    }
    return Vector(sum / count);
  };
  const Vector expected = mean_where([](auto s, auto c) { return s == 20 && c == 1; }) -
                          mean_where([](auto s, auto) { return s == 20; }) -
                          mean_where([](auto, auto c) { return c == 1; });
  std::size_t interaction = 0;
  while (name_of(result.marginalizations[interaction]) != "0 x 1") ++interaction;
  EXPECT_LT((result.parts[interaction].col(5 * 12 + 7) - expected).norm(), 1e-13);
}

TEST(Dpca, RecoversAPlantedDecomposition) {
  const Planted data = planted(0, 3);
  const Dpca result = dpca(data.trials, data.labels, {.components = 2});
  const char* names[] = {"time", "0", "1", "0 x 1"};
  for (std::size_t p = 0; p < 4; ++p) {
    const Marginalization& each = result.marginalizations[p];
    EXPECT_EQ(name_of(each), names[p]);
    ASSERT_EQ(each.encoder.cols(), 1) << names[p];  // One axis was planted.
    EXPECT_NEAR(std::abs(each.encoder.col(0).dot(data.axes.col(static_cast<Index>(p)))), 1, 1e-9);
    EXPECT_NEAR(each.explained(0), each.variance, 1e-9);
    for (Index q = 0; q < 4; ++q) {
      EXPECT_NEAR(each.explained_by(0, q), q == static_cast<Index>(p) ? each.variance : 0, 1e-9);
    }
  }
}

TEST(Dpca, DemixesAxesThatAreNotOrthogonal) {
  Planted data = planted(0, 4);
  const Matrix shear = Matrix::Identity(8, 8) + 0.5 * random_matrix(8, 8, 5) / std::sqrt(8.0);
  for (Matrix& trial : data.trials) trial = shear * trial;
  const Dpca result = dpca(data.trials, data.labels, {.components = 1, .ridge = 0});
  const Matrix axes = shear * data.axes;
  for (std::size_t p = 0; p < 4; ++p) {
    const Marginalization& each = result.marginalizations[p];
    for (Index q = 0; q < 4; ++q) {  // A decoder sees its own axis alone.
      const double seen = each.decoder.col(0).dot(axes.col(q).normalized());
      EXPECT_NEAR(std::abs(seen), q == static_cast<Index>(p) ? 1 : 0, 1e-8);
    }
  }
}

TEST(Dpca, NoOtherDecoderOfThatRankFitsBetter) {
  const Planted data = planted(1, 6);
  const DpcaOptions options{.components = 2, .ridge = 0.1};
  const Dpca result = dpca(data.trials, data.labels, options);
  const Matrix& X = result.averages;
  const auto loss = [&](std::size_t p, const Matrix& F, const Matrix& Dt) {
    const Matrix B = F * Dt.transpose();
    return (result.parts[p] - B * X).squaredNorm() + 0.01 * X.squaredNorm() * B.squaredNorm();
  };
  for (std::size_t p = 0; p < 4; ++p) {
    const Marginalization& each = result.marginalizations[p];
    const double best = loss(p, each.encoder, each.decoder);
    for (std::uint64_t k = 0; k < 10; ++k) {
      const Matrix dF = 1e-3 * random_matrix(8, 2, 200 + k),
                   dD = 1e-3 * random_matrix(8, 2, 300 + k);
      EXPECT_GT(loss(p, each.encoder + dF, each.decoder), best);
      EXPECT_GT(loss(p, each.encoder, each.decoder + dD), best);
    }
  }
}

TEST(Dpca, UnequalNumbersOfTrialsAreAveragedFirst) {
  Planted data = planted(0.3, 7);
  const Dpca before = dpca(data.trials, data.labels);
  // The trial of a condition twice more, as copies of its average: nothing changes.
  data.trials.push_back((data.trials[0] + data.trials[6]) / 2);
  data.labels.conservativeResize(2, 13);
  data.labels.col(12) = data.labels.col(0);
  const Dpca after = dpca(data.trials, data.labels);
  EXPECT_EQ(after.trials[0], 3);
  EXPECT_LT((after.averages - before.averages).norm(), 1e-12);
}

TEST(Dpca, RefusesWhatIsNotBalanced) {
  Planted data = planted(1, 8);
  Labels labels = data.labels;
  labels.row(1).setZero();
  EXPECT_THROW((void)dpca(data.trials, labels), std::invalid_argument);  // One level.
  labels = data.labels;
  for (Index i = 0; i < 12; ++i) {
    if (labels(0, i) == 0) labels(1, i) = 0;  // Stimulus 0 never with choice 1.
  }
  EXPECT_THROW((void)dpca(data.trials, labels), std::invalid_argument);
  EXPECT_THROW((void)dpca(data.trials, data.labels.leftCols(11)), std::invalid_argument);
  EXPECT_THROW((void)dpca(data.trials, data.labels, {.components = 0}), std::invalid_argument);
  data.trials[3] = data.trials[3].leftCols(5).eval();
  EXPECT_THROW((void)dpca(data.trials, data.labels), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
