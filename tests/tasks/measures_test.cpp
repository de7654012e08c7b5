// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/trial_task.hpp"
#include "tests/tasks/tasks.hpp"

namespace nullcline::tasks {
namespace {

TEST(Shuffled, HasEveryNumberOnceBeforeAnyIsRepeated) {
  auto random = stream();
  const std::vector<Index> all = shuffled(7, 17, random);
  ASSERT_EQ(all.size(), 17u);
  for (const std::size_t start : {0u, 7u}) {
    std::set<Index> round(all.begin() + static_cast<std::ptrdiff_t>(start),
                          all.begin() + static_cast<std::ptrdiff_t>(start) + 7);
    EXPECT_EQ(round.size(), 7u);
    EXPECT_EQ(*round.rbegin(), 6);
  }
}

TEST(Shuffled, PutsEveryNumberFirstEquallyOften) {
  std::vector<double> first(4, 0);
  auto random = stream();
  for (int i = 0; i < 4000; ++i) first[static_cast<std::size_t>(shuffled(4, 1, random)[0])] += 1;
  for (const double count : first) EXPECT_NEAR(count, 1000, 5 * std::sqrt(4000 * 0.25 * 0.75));
}

/// Two trials of three steps; the first step of both is not scored.
Trials small() {
  Trials trials;
  trials.steps = 3;
  trials.batch = 2;
  trials.targets = Matrix(1, 6);
  trials.targets << 1, -1, 1, -1, 1, -1;
  trials.scored = Matrix(1, 6);
  trials.scored << 0, 0, 1, 1, 1, 1;
  return trials;
}

TEST(Measures, CountSidesAtScoredSteps) {
  Matrix outputs(1, 6);
  outputs << -9, 9, 2, -2, 0.1, 0.1;
  EXPECT_EQ(side_accuracy(small(), outputs, 0), 3.0 / 4);
  EXPECT_EQ(trial_accuracy(small(), outputs, 0), 1);
  outputs(0, 5) = 3;
  EXPECT_EQ(trial_accuracy(small(), outputs, 0), 1.0 / 2);
}

TEST(Measures, LeaveOutTargetsInTheMiddle) {
  Trials trials = small();
  trials.targets << 1, 0, 1, 0, 1, 0;
  Matrix outputs(1, 6);
  outputs << 1, 1, 1, 1, 1, 1;
  EXPECT_EQ(trial_accuracy(trials, outputs, 0), 1);
  EXPECT_EQ(side_accuracy(trials, outputs, 0), 1);
}

TEST(Measures, RefuseOutputsOfAnotherShape) {
  EXPECT_THROW(side_accuracy(small(), Matrix::Zero(1, 5), 0), std::invalid_argument);
  EXPECT_THROW(mean_angle(small(), Matrix::Zero(1, 6)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::tasks
