// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "nullcline/core/errors.hpp"
#include "nullcline/geometry/comparison.hpp"
#include "nullcline/io/npz.hpp"
#include "nullcline/study/analyses/geometry.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::study {
namespace {

namespace fs = std::filesystem;

const std::string warped = R"(
name = "warped"
seed = 3
[populations.gru]
networks = 2
task = { name = "decision_d", dimensions = 1, duration = 0.2, settling = 0.05 }
cell = { name = "gru", units = 6 }
training = { trainable = ["all"], steps = 2, batch = 4 }
[populations.rate]
networks = 1
task = { name = "decision_d", dimensions = 1, duration = 0.2, settling = 0.05 }
cell = { name = "leaky_rate", units = 8, activation = "tanh" }
training = { trainable = ["all"], steps = 2, batch = 4 }
[joins.warps]
grid = [3]
times = 2
permutations = 19
mds_starts = 1
)";

class WarpsJoin : public ::testing::Test {
 protected:
  WarpsJoin() : root_(fs::temp_directory_path() / ("warps_" + std::to_string(getpid()))) {
    fs::create_directories(root_);
  }
  ~WarpsJoin() override { fs::remove_all(root_); }

  static Study study(const std::vector<std::string>& overrides = {}) {
    return parse_study(warped, "warped", {.overrides = overrides});
  }

  fs::path root_;
};

TEST_F(WarpsJoin, HasTheDistancesOfTheMetricsAndTheSpreadOfEachPopulation) {
  const RunResult result = run(study(), root_);
  ASSERT_TRUE(result.failures.empty()) << result.failures.front();
  const auto joins = joins_of(study(), root_);
  ASSERT_EQ(joins.size(), 2u);
  EXPECT_EQ(joins[0].part, "affine_invariant");
  const io::Dataset found = io::read_npz(joins[0].file);
  const Matrix D = found.arrays.at("distances").as_matrix();
  ASSERT_EQ(D.rows(), 6);  // three trained, then three untrained

  // By the metrics of the networks themselves, at the end of the trial.
  const Study own = study();
  const Population& population = own.populations[0];
  const auto task = tasks::task_kind("decision_d").make(population.task.settings, 0.01);
  const ManifoldGrid grid = manifold_grid(task->input_manifolds()[0], {3}, 100);
  const auto networks = networks_of(study(), root_);
  const auto metric = [&](std::size_t i, const char* stage) {
    const auto network = training::load_network(networks[i].file, stage);
    return warp_of(network, grid.points, {.steps = {grid.points.steps}, .curvature = false}).metric;
  };
  const Vector apart =
      geometry::metric_distances(metric(0, "parameters"), metric(2, "initial")).affine_invariant;
  EXPECT_NEAR(D(0, 5), geometry::over_points(apart.transpose(), 9, {0.5}).quantiles(0, 0), 1e-9);

  // Of two networks the spread is half of their distance; one network has none.
  const Vector two =
      geometry::metric_distances(metric(0, "parameters"), metric(1, "parameters")).affine_invariant;
  const Array& spread = found.arrays.at("dispersion/gru/trained");
  EXPECT_EQ(spread.shape, (std::vector<Index>{2, 3, 1}));
  EXPECT_NEAR(std::get<std::vector<double>>(spread.data)[4],
              geometry::over_points(two.transpose(), 9, {0.5}).quantiles(0, 0) / 2, 1e-9);
  EXPECT_TRUE(found.arrays.contains("mean/0/gru/untrained"));
  EXPECT_FALSE(found.arrays.contains("dispersion/rate/trained"));
  EXPECT_EQ(found.attributes["metrics"]["compared"], 6);
}

TEST_F(WarpsJoin, RefusesTasksWithoutAManifoldOrWithAnother) {
  const auto refused = [](const std::string& text) {
    try {
      (void)parse_study(text, "warped");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto replaced = [](std::string text, const std::string& old, const std::string& by) {
    for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + by.size())) {
      text.replace(at, old.size(), by);
    }
    return text;
  };
  // The two populations under other conditions; both with intervals, which have no manifold.
  const std::string task = R"(task = { name = "decision_d", dimensions = 1, duration = 0.2)";
  std::string one = warped;
  one.insert(one.find(task) + task.size(), ", highest = 2");
  EXPECT_NE(refused(one).find("conditions"), std::string::npos) << refused(one);
  const std::string intervals =
      replaced(warped, task + ", settling = 0.05 }", R"(task = { name = "ready_set_go" })");
  EXPECT_NE(refused(intervals).find("no input manifold"), std::string::npos) << refused(intervals);
}

TEST_F(WarpsJoin, RefusesSettingsThatDoNotFitBeforeAnythingIsTrained) {
  const auto refused = [](const std::vector<std::string>& overrides) {
    try {
      (void)study(overrides);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refused({"joins.warps.grid=[3, 3, 3]"}).find("joins.warps: found grid: 3 x 3 x 3"),
            std::string::npos)
      << refused({"joins.warps.grid=[3, 3, 3]"});
  EXPECT_NE(refused({"joins.warps.steps=[1, 21]"}).find("joins.warps: found steps"),
            std::string::npos)
      << refused({"joins.warps.steps=[1, 21]"});
  // Of 3600 points at two times, 129 bytes each, for six networks: 5.6 MB.
  const std::string much = refused({"joins.warps.grid=[60]", "joins.warps.memory=0.005"});
  EXPECT_NE(much.find("joins.warps.memory: found 0.005, expected 0.00557 GB"), std::string::npos)
      << much;
  EXPECT_EQ(refused({"joins.warps.grid=[60]", "joins.warps.memory=0.006"}), "");
  EXPECT_NE(refused({"analyses.geometry.grid=[5, 5, 5]"}).find("analyses.geometry: found grid"),
            std::string::npos)
      << refused({"analyses.geometry.grid=[5, 5, 5]"});
  EXPECT_NE(refused({"analyses.geometry.steps=[21]"}).find("task of gru"), std::string::npos)
      << refused({"analyses.geometry.steps=[21]"});
}

TEST_F(WarpsJoin, TellsItsProgressInOrderAndStopsWhenAsked) {
  ASSERT_TRUE(run(study(), root_).failures.empty());
  const Study own = study();
  const auto networks = networks_of(own, root_);
  const std::string part = "affine_invariant";
  const auto join = [&](const auto& progress) {
    return join_kind("warps").run(
        {own, networks, own.joins[0].settings, part, Threads{1}, progress});
  };
  std::vector<std::string> stages;
  double last = 0;
  (void)join([&](double fraction, const std::string& now) {
    EXPECT_GE(fraction, last);
    last = fraction;
    if (stages.empty() || stages.back() != now) stages.push_back(now);
    return true;
  });
  EXPECT_EQ(stages, (std::vector<std::string>{"metrics", "pairs", "populations", "map"}));
  EXPECT_NEAR(last, 1, 1e-12);
  for (const std::string& stage : stages) {
    const io::Dataset found = join([&](double, const std::string& now) { return now != stage; });
    EXPECT_TRUE(found.arrays.empty()) << stage;
  }
}

}  // namespace
}  // namespace nullcline::study
