// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/compare_all.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <stdexcept>

#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;

/// Networks of many sizes that share some of what they do.
std::vector<Matrix> networks(Index count, Index samples = 300) {
  std::vector<Matrix> all;
  for (Index i = 0; i < count; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const Index units = 3 + (5 * i) % 11;
    all.emplace_back(random_matrix(units, 4, seed) * random_matrix(4, samples, 99) +
                     0.3 * random_matrix(units, samples, seed + 500));
  }
  return all;
}

bool same_bits(const Matrix& A, const Matrix& B) {
  return A.size() == B.size() &&
         ((A.array() == B.array()) || (A.array().isNaN() && B.array().isNaN())).all();
}

TEST(CompareAll, AgreesWithComparingEachPair) {
  const std::vector<Matrix> all = networks(5, 40);
  for (const MetricInfo& metric : similarity_metrics()) {
    const Matrix D = compare_all(population_of(all), metric.name).distances;
    for (Index i = 0; i < 5; ++i) {
      for (Index j = 0; j < 5; ++j) {
        if (i == j) continue;
        const double one =
            compare(all[static_cast<std::size_t>(i)], all[static_cast<std::size_t>(j)], metric.name)
                .distance;
        const bool single = metric.name == "cca" || metric.name == "svcca";
        EXPECT_NEAR(D(i, j), one, single ? 1e-6 : 1e-11 * (1 + one)) << metric.name;
      }
    }
    EXPECT_EQ(D.diagonal().norm(), 0);
  }
}

TEST(CompareAll, HasTheSameBitsForAnyThreadsAndMemory) {
  const std::vector<Matrix> all = networks(60);
  for (const char* name : {"svcca", "cka", "procrustes", "matching"}) {
    const PopulationDistances plain = compare_all(population_of(all), name, {.threads = {1}});
    EXPECT_EQ(plain.plan.blocks, 1);
    EXPECT_TRUE(same_bits(plain.distances,
                          compare_all(population_of(all), name, {.threads = {2}}).distances));
    const double less = 0.8 * plain.plan.bytes;
    const PopulationDistances blocked =
        compare_all(population_of(all), name, {.memory = less, .threads = {1}});
    EXPECT_GT(blocked.plan.blocks, 1) << name;
    EXPECT_LE(blocked.plan.bytes, less) << name;
    EXPECT_TRUE(same_bits(plain.distances, blocked.distances)) << name;
  }
}

TEST(CompareAll, LoadsNoMoreThanItsPlanSays) {
  const std::vector<Matrix> all = networks(60);
  Population population = population_of(all);
  std::atomic<int> loads = 0;
  const auto data = population.data;
  population.data = [&](Index i) {
    ++loads;
    return data(i);
  };
  (void)compare_all(population, "svcca");
  EXPECT_EQ(loads, 60);
}

TEST(CompareAll, StopsWhenAskedAndGoesOnFromWhatIsKnown) {
  const std::vector<Matrix> all = networks(60);
  PopulationOptions options{.threads = {1}};
  const Matrix whole = compare_all(population_of(all), "matching", options).distances;
  options.progress = [](double fraction) { return fraction < 0.3; };
  const PopulationDistances part = compare_all(population_of(all), "matching", options);
  EXPECT_TRUE(part.cancelled);
  EXPECT_TRUE(part.distances.hasNaN());
  options.progress = {};
  options.known = part.distances;
  const PopulationDistances rest = compare_all(population_of(all), "matching", options);
  EXPECT_FALSE(rest.cancelled);
  EXPECT_TRUE(same_bits(rest.distances, whole));
  // All known: nothing is loaded.
  Population nothing = population_of(all);
  nothing.data = [](Index) -> Matrix { throw std::logic_error("loaded"); };
  options.known = whole;
  EXPECT_TRUE(same_bits(compare_all(nothing, "matching", options).distances, whole));
}

TEST(CompareAll, LeavesOutNetworksThatDoNotVary) {
  std::vector<Matrix> all = networks(5);
  all[2].setConstant(0.3);
  for (const char* name : {"svcca", "cka_unbiased", "matching", "procrustes_shape"}) {
    const Matrix D = compare_all(population_of(all), name).distances;
    for (Index i = 0; i < 5; ++i) {
      for (Index j = 0; j < 5; ++j) EXPECT_EQ(std::isnan(D(i, j)), i == 2 || j == 2) << name;
    }
  }
}

TEST(CompareAll, TellsWhatMemoryItNeeds) {
  const Population large{std::vector<Index>(1000, 128), 5000, {}};
  const PopulationPlan plan = plan_comparison(large, "svcca", {.threads = {2}});
  EXPECT_EQ(plan.pairs, 499500);
  EXPECT_EQ(plan.blocks, 1);
  EXPECT_GT(plan.bytes, 1000 * 128 * 5000 * 4.0);
  EXPECT_LT(plan.bytes, 3e9);
  const PopulationPlan small = plan_comparison(large, "svcca", {.memory = 1e9, .threads = {2}});
  EXPECT_LE(small.bytes, 1e9);
  EXPECT_GT(small.blocks, 1);
  EXPECT_THROW((void)plan_comparison(large, "svcca", {.memory = 1e6}), std::invalid_argument);
}

TEST(CompareAll, RejectsWhatDoesNotFit) {
  std::vector<Matrix> all = networks(3);
  all[1] = all[1].leftCols(7).eval();
  EXPECT_THROW((void)compare_all(population_of(all), "cca"), std::invalid_argument);
  EXPECT_THROW((void)compare_all(population_of(std::vector<Matrix>{all[0]}), "cca"),
               std::invalid_argument);
  EXPECT_THROW((void)compare_all(population_of(networks(3)), "nothing"), std::invalid_argument);
  EXPECT_THROW((void)compare_all(population_of(networks(3)), "cca", {.known = Matrix::Zero(2, 2)}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
