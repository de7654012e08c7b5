// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/run.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/study/catalog.hpp"
#include "nullcline/study/report.hpp"

namespace nullcline::study {
namespace {

namespace fs = std::filesystem;

const std::string small = R"(
name = "small"
seed = 3
[populations.perception]
networks = 3
task = { name = "perception", duration = 0.4, settling = 0.1 }
cell = { name = "leaky_rate", units = 12 }
training = { steps = 40, batch = 8, checkpoint_every = 7 }
[populations.decision]
networks = 1
task = { name = "decision", duration = 0.4, settling = 0.1, grid = 3 }
cell = { name = "leaky_rate", units = 16, activation = "tanh" }
training = { steps = 20, batch = 8 }
[analyses]
training = {}
outputs = { trials = 3 }
pca = { trials = 3 }
dca = { trials = 3, starts = 2, dim = 2, window = 2 }
fixed_points = { states = 4, mixes = 4, noisy = 2, trials = 2 }
connectivity = {}
)";

class RunTest : public ::testing::Test {
 protected:
  RunTest() : root_(fs::temp_directory_path() / ("run_" + std::to_string(getpid()))) {
    fs::create_directories(root_);
  }
  ~RunTest() override { fs::remove_all(root_); }

  static Study study(const StudyOptions& options = {}) {
    return parse_study(small, "small", options);
  }

  /// Without analyses.
  static Study trained_only(const StudyOptions& options) {
    return parse_study(small.substr(0, small.find("[analyses]")), "small", options);
  }

  /// Every .h5 file below a result directory with its bytes.
  static std::map<std::string, std::string> results(const fs::path& directory) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (entry.path().extension() != ".h5") continue;
      files[fs::relative(entry.path(), directory)] = io::read_file(entry.path(), 1 << 26);
    }
    return files;
  }

  fs::path root_;
};

TEST_F(RunTest, LeavesOneFileANetworkAndOneAnAnalysisAndACatalogOfThem) {
  const RunResult result = run(study(), root_ / "a");
  EXPECT_EQ(result.networks, 4);
  EXPECT_EQ(result.trained, 4);
  EXPECT_EQ(result.analyzed, 4 * 6);
  EXPECT_TRUE(result.failures.empty()) << result.failures.front();
  EXPECT_EQ(results(root_ / "a").size(), 4u + 24u);
  EXPECT_TRUE(fs::is_empty(root_ / "a" / "checkpoints"));
  const auto rows = Catalog(root_ / "a" / "catalog.sqlite").rows();
  EXPECT_EQ(rows.size(), 28u);
  for (const auto& row : rows) EXPECT_EQ(row.state, "done") << row.kind;
  for (const auto& network : networks_of(study(), root_ / "a")) {
    EXPECT_TRUE(fs::exists(network.file));
    EXPECT_EQ(network.analyses.size(), 6u);
    for (const auto& [name, file] : network.analyses) EXPECT_TRUE(fs::exists(file)) << name;
  }
}

TEST_F(RunTest, GivesTheSameBytesForAnyThreadsAndShards) {
  run(study(), root_ / "one", {.threads = Threads{1}, .progress = {}});
  run(study(), root_ / "many", {.threads = Threads{8}, .progress = {}});
  for (const Index shard : {1, 0}) {
    run(study(), root_ / "shards",
        {.threads = Threads{2}, .shard = shard, .shards = 2, .progress = {}});
  }
  const auto expected = results(root_ / "one");
  EXPECT_EQ(results(root_ / "many"), expected);
  EXPECT_EQ(results(root_ / "shards"), expected);
}

TEST_F(RunTest, AnalysesOfTheDynamicsGiveTheSameBytesForAnyThreads) {
  const Study dynamics = parse_study(R"(
name = "dynamics"
seed = 5
[populations.untrained]
networks = 3
task = { name = "perception", duration = 0.4, settling = 0.1 }
cell = { name = "leaky_rate", units = 6, activation = "tanh", gain = 4 }
training = { steps = 0 }
[analyses]
fixed_points = { complete = true, max_starts = 256 }
lyapunov = { orbits = 1, transient = 100, steps = 400 }
connections = { max_starts = 256, samples = 16, max_steps = 2000 }
continuation = { max_starts = 256 }
local_information = {}
linear_models = { orbits = 8 }
overlap = {}
)",
                                     "dynamics");
  const RunResult one = run(dynamics, root_ / "one", {.threads = Threads{1}, .progress = {}});
  EXPECT_EQ(one.analyzed, 3 * 7);
  EXPECT_TRUE(one.failures.empty()) << one.failures.front();
  run(dynamics, root_ / "two", {.threads = Threads{2}, .progress = {}});
  EXPECT_EQ(results(root_ / "two"), results(root_ / "one"));
}

TEST_F(RunTest, StoppedAndContinuedGivesTheSameBytes) {
  run(study(), root_ / "whole", {.threads = Threads{1}, .progress = {}});
  for (const int calls : {5, 20, 33, 40}) {
    int left = calls;
    const auto stop = [&](const RunProgress&) { return --left > 0; };
    const RunResult first =
        run(study(), root_ / "parts", {.threads = Threads{1}, .progress = stop});
    EXPECT_TRUE(first.cancelled);
  }
  const RunResult last = run(study(), root_ / "parts");
  EXPECT_FALSE(last.cancelled);
  EXPECT_EQ(results(root_ / "parts"), results(root_ / "whole"));
}

TEST_F(RunTest, ComputesNothingTwice) {
  run(study(), root_ / "a");
  const RunResult again = run(study(), root_ / "a");
  EXPECT_EQ(again.trained, 0);
  EXPECT_EQ(again.analyzed, 0);
  EXPECT_EQ(again.reused, 4 + 24);
  // Another analysis setting costs that analysis alone; more networks cost those.
  const RunResult changed =
      run(study({.overrides = {"analyses.pca.dim=2"}, .quick = false}), root_ / "a");
  EXPECT_EQ(changed.trained, 0);
  EXPECT_EQ(changed.analyzed, 4);
  const RunResult more =
      run(study({.overrides = {"populations.perception.networks=4"}, .quick = false}), root_ / "a");
  EXPECT_EQ(more.trained, 1);
}

TEST_F(RunTest, ProgressGrowsToOne) {
  double last = 0;
  run(study(), root_ / "a", {.threads = Threads{2}, .progress = [&](const RunProgress& progress) {
                               EXPECT_GE(progress.fraction, last);
                               last = progress.fraction;
                               EXPECT_EQ(progress.networks, 4);
                               return true;
                             }});
  EXPECT_NEAR(last, 1, 1e-9);
}

TEST_F(RunTest, NotesADivergedNetworkAndFinishesTheOthers) {
  const RunResult result = run(study({.overrides = {"populations.decision.cell.gain=1e6",
                                                    "populations.decision.cell.activation=relu"},
                                      .quick = false}),
                               root_ / "a");
  const auto diverged =
      std::find_if(result.failures.begin(), result.failures.end(), [](const std::string& line) {
        return line.find("network: the loss of step 1 is not finite") != std::string::npos;
      });
  ASSERT_NE(diverged, result.failures.end());
  EXPECT_EQ(diverged->rfind("decision 1", 0), 0u);
  EXPECT_EQ(result.trained, 4);
  for (const auto& network : networks_of(study(), root_ / "a")) {
    if (network.population != "perception") continue;
    EXPECT_TRUE(fs::exists(network.analyses.back().second));
  }
}

TEST_F(RunTest, KeepsTheLastCheckpointOfATrainingThatDiverged) {
  const Study wild = trained_only(
      {.overrides = {"populations.*.training.optimizer=sgd",
                     "populations.*.training.learning_rate=1e5", "populations.*.training.steps=400",
                     "populations.*.training.checkpoint_every=1"},
       .quick = false});
  const RunResult result = run(wild, root_ / "a");
  EXPECT_FALSE(result.failures.empty());
  EXPECT_FALSE(fs::is_empty(root_ / "a" / "checkpoints"));
  for (const auto& row : Catalog(root_ / "a" / "catalog.sqlite").rows()) {
    if (row.kind != "network" || row.state != "failed") continue;
    EXPECT_EQ(row.metrics["status"], "diverged");
    const auto file = io::read_hdf5(root_ / "a" / "networks" / (row.id + ".h5"));
    EXPECT_TRUE(file.arrays.at("parameters/recurrent").as_matrix().allFinite());
  }
}

TEST_F(RunTest, StopsAtTheCriterionAfterTheStagesOfItsCurriculum) {
  const Study planned = trained_only(
      {.overrides = {"populations.*.training.evaluate_every=5",
                     "populations.*.training.evaluate_trials=8",
                     "populations.*.training.criterion=1e6", "populations.*.training.stop=true",
                     "populations.*.training.curriculum=[\"duration = 0.5 when reached\"]"},
       .quick = false});
  double last = 0;
  const RunResult result = run(planned, root_ / "a", {.progress = [&](const RunProgress& now) {
                                 last = now.fraction;
                                 return true;
                               }});
  EXPECT_TRUE(result.failures.empty());
  EXPECT_NEAR(last, 1, 1e-9);
  for (const auto& row : Catalog(root_ / "a" / "catalog.sqlite").rows()) {
    if (row.kind != "network") continue;
    EXPECT_EQ(row.state, "done");
    EXPECT_EQ(row.metrics["status"], "criterion");
    EXPECT_EQ(row.metrics["steps"], 10);  // a stage at 5, the end at 10
    EXPECT_TRUE(row.metrics["score"].is_number());
  }
}

TEST_F(RunTest, NamesAFileThatIsDamagedAndKeepsTheOthers) {
  run(study(), root_ / "a");
  const auto file = networks_of(study(), root_ / "a")[1].file;
  fs::resize_file(file, fs::file_size(file) / 2);
  try {
    run(study(), root_ / "a");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.path(), file.string());
  }
  EXPECT_EQ(results(root_ / "a").size(), 28u);
}

TEST_F(RunTest, NamesADirectoryThatCannotBeMade) {
  std::ofstream(root_ / "file") << "text";
  EXPECT_THROW(run(study(), root_ / "file" / "below"), Error);
}

TEST_F(RunTest, CatalogThatWasDeletedIsWrittenAgain) {
  run(study(), root_ / "a");
  fs::remove(root_ / "a" / "catalog.sqlite");
  run(study(), root_ / "a");
  const auto rows = Catalog(root_ / "a" / "catalog.sqlite").rows();
  EXPECT_EQ(rows.size(), 28u);
  for (const auto& row : rows) EXPECT_FALSE(row.metrics.is_null());
}

TEST_F(RunTest, ReportDocumentHoldsEveryNetworkWithItsResults) {
  run(study(), root_ / "a");
  const auto document = document_of(root_ / "a");
  ASSERT_EQ(document.groups.size(), 2u);
  EXPECT_EQ(document.groups[0].name, "perception");
  ASSERT_EQ(document.groups[0].networks.size(), 3u);
  const auto& network = document.groups[0].networks[0];
  EXPECT_EQ(network.status, "done");
  EXPECT_TRUE(network.metrics.contains("error"));
  EXPECT_EQ(network.results.size(), 6u);
  EXPECT_THROW(document_of(root_ / "nowhere"), Error);
}

TEST_F(RunTest, ReportShowsTheMetricsOfThePresentSettingsAlone) {
  run(study(), root_ / "a");
  const auto first = document_of(root_ / "a").groups[0].networks[0].metrics;
  const Study changed = study({.overrides = {"analyses.dca.ridge=0.5"}, .quick = false});
  run(changed, root_ / "a");
  const auto second = document_of(root_ / "a").groups[0].networks[0].metrics;
  run(study(), root_ / "a");  // back again: all is there, and the first results count
  EXPECT_NE(second["predictive_information"], first["predictive_information"]);
  EXPECT_EQ(document_of(root_ / "a").groups[0].networks[0].metrics, first);
}

}  // namespace
}  // namespace nullcline::study
