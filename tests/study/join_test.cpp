// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/join.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/io/npz.hpp"
#include "nullcline/representation/similarity/compare_all.hpp"
#include "nullcline/study/catalog.hpp"
#include "nullcline/study/joins/label_tests.hpp"
#include "nullcline/study/joins/objects.hpp"
#include "nullcline/study/report.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::study {
namespace {

namespace fs = std::filesystem;

const std::string joined = R"(
name = "joined"
seed = 3
[populations.tanh]
networks = 3
task = { name = "perception", duration = 0.4, settling = 0.1 }
cell = { name = "leaky_rate", units = 8, activation = "tanh" }
training = { steps = 3, batch = 4 }
[populations.relu]
networks = 2
task = { name = "perception", duration = 0.4, settling = 0.1 }
cell = { name = "leaky_rate", units = 6, activation = "relu" }
training = { steps = 3, batch = 4 }
[joins.similarity]
metrics = ["svcca", "dsa"]
trials = 2
delays = 3
rank = 3
starts = 2
permutations = 19
mds_starts = 1
)";

class JoinTest : public ::testing::Test {
 protected:
  JoinTest() : root_(fs::temp_directory_path() / ("join_" + std::to_string(getpid()))) {
    fs::create_directories(root_);
  }
  ~JoinTest() override { fs::remove_all(root_); }

  static Study study(const std::vector<std::string>& overrides = {}) {
    return parse_study(joined, "joined", {.overrides = overrides});
  }
  static std::string bytes(const StudiedJoin& join) { return io::read_file(join.file, 1 << 26); }

  fs::path root_;
};

TEST_F(JoinTest, ComparesAllNetworksOfTheStudyAndTellsTheirLabels) {
  const RunResult result = run(study(), root_);
  EXPECT_EQ(result.joined, 2);
  EXPECT_TRUE(result.failures.empty()) << result.failures.front();
  const auto joins = joins_of(study(), root_);
  ASSERT_EQ(joins.size(), 2u);
  EXPECT_EQ(joins[0].part, "svcca");
  const io::Dataset found = io::read_npz(joins[0].file);
  const Matrix D = found.arrays.at("distances").as_matrix();
  ASSERT_EQ(D.rows(), 10);  // five trained, then five untrained
  EXPECT_EQ(found.attributes["objects"][3], "relu 1");
  EXPECT_EQ(found.attributes["objects"][8], "relu 1 before training");
  EXPECT_EQ(found.attributes["conditions"], 6);  // four of the task, two random ones

  // The distances are those of the states of the networks themselves.
  const auto networks = networks_of(study(), root_);
  const SharedConditions conditions =
      shared_conditions(study(), {&study().populations[0]}, 2, "joins.similarity");
  const Matrix X = states_of(networks[0], true, conditions);
  const Matrix Y = states_of(networks[4], false, conditions);
  EXPECT_EQ(X.rows(), 8);
  EXPECT_EQ(Y.rows(), 6);
  EXPECT_NEAR(D(0, 9), representation::compare(X, Y, "svcca").distance, 1e-6);

  std::vector<std::string> names;
  for (const io::Json& label : found.attributes["labels"]) names.push_back(label["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"population", "activation", "units", "stage"}));
  EXPECT_EQ(found.arrays.at("map").shape, (std::vector<Index>{10, 2}));
  EXPECT_EQ(found.arrays.at("order").size(), 10);
  EXPECT_FALSE(found.arrays.contains("bounds"));
  const io::Dataset dsa = io::read_npz(joins[1].file);
  const Matrix bounds = dsa.arrays.at("bounds").as_matrix();
  EXPECT_TRUE((bounds.array() <= dsa.arrays.at("distances").as_matrix().array() + 1e-12).all());

  const report::Document document = document_of(root_);
  EXPECT_EQ(document.joins.size(), 2u);
  EXPECT_TRUE(document.joins.contains("similarity/dsa"));
  int rows = 0;
  for (const CatalogRow& row : Catalog(root_ / "catalog.sqlite").rows()) {
    if (!row.kind.starts_with("similarity/")) continue;
    EXPECT_EQ(row.state, "done");
    EXPECT_TRUE(row.metrics.contains("stress_1"));
    ++rows;
  }
  EXPECT_EQ(rows, 2);
}

TEST_F(JoinTest, GivesTheSameBytesForAnyThreadsAndShards) {
  run(study(), root_ / "one", {.threads = Threads{1}, .progress = {}});
  RunOptions shard{.threads = Threads{2}, .shard = 1, .shards = 2, .progress = {}};
  const RunResult first = run(study({"joins.similarity.memory=0.01"}), root_ / "two", shard);
  EXPECT_TRUE(first.joins_wait);
  EXPECT_EQ(first.joined, 0);
  shard.shard = 0;
  const RunResult second = run(study({"joins.similarity.memory=0.01"}), root_ / "two", shard);
  EXPECT_FALSE(second.joins_wait);
  EXPECT_EQ(second.joined, 2);
  const auto one = joins_of(study(), root_ / "one"), two = joins_of(study(), root_ / "two");
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(bytes(one[i]), bytes(two[i]));
}

TEST_F(JoinTest, StopsWhenAskedAndComputesNoFinishedMetricAgain) {
  RunOptions options{.threads = Threads{1}, .progress = {}};
  options.progress = [](const RunProgress& now) {
    return now.now.find("similarity by dsa") == std::string::npos;
  };
  const RunResult stopped = run(study(), root_, options);
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_EQ(stopped.joined, 1);
  const auto joins = joins_of(study(), root_);
  EXPECT_TRUE(fs::exists(joins[0].file));
  EXPECT_FALSE(fs::exists(joins[1].file));
  const auto written = fs::last_write_time(joins[0].file);
  const RunResult rest = run(study(), root_);
  EXPECT_EQ(rest.joined, 1);
  EXPECT_EQ(rest.trained, 0);
  EXPECT_EQ(fs::last_write_time(joins[0].file), written);
  // Another metric leaves the others as they are; another setting does not.
  EXPECT_EQ(joins_of(study({"joins.similarity.metrics=[\"cka\",\"dsa\"]"}), root_)[1].id,
            joins[1].id);
  EXPECT_NE(joins_of(study({"joins.similarity.rank=2"}), root_)[1].id, joins[1].id);
  EXPECT_NE(joins_of(study({"populations.tanh.networks=4"}), root_)[0].id, joins[0].id);
}

TEST_F(JoinTest, StopsWithinItsMap) {
  RunOptions options{.threads = Threads{1}, .progress = {}};
  int maps = 0;
  options.progress = [&](const RunProgress& now) {
    const bool is_map = now.now.ends_with("map");
    maps += is_map ? 1 : 0;
    return !is_map;
  };
  const RunResult stopped = run(study(), root_, options);
  EXPECT_EQ(maps, 1);
  EXPECT_TRUE(stopped.cancelled);
  EXPECT_EQ(stopped.joined, 0);
  EXPECT_FALSE(fs::exists(joins_of(study(), root_)[0].file));
}

TEST_F(JoinTest, LeavesOutNetworksThatRanAway) {
  const Study only =
      study({"joins.similarity.metrics=[\"cka\"]", "joins.similarity.untrained=false"});
  run(only, root_);
  const auto networks = networks_of(only, root_);
  // Of rectified units that excite one another without bound.
  io::Dataset file = io::read_hdf5(networks[3].file);
  for (const char* name : {"parameters/recurrent", "parameters/bias"}) {
    for (double& entry : std::get<std::vector<double>>(file.arrays[name].data)) entry = 1e30;
  }
  io::write_hdf5(networks[3].file, file);
  file = io::read_hdf5(networks[0].file);
  file.attributes["status"] = "diverged";
  io::write_hdf5(networks[0].file, file);
  const StudiedJoin join = joins_of(only, root_)[0];
  fs::remove(join.file);
  EXPECT_EQ(run(only, root_).joined, 1);
  const io::Dataset found = io::read_npz(join.file);
  ASSERT_EQ(found.attributes["left_out"].size(), 2u);
  EXPECT_EQ(found.attributes["left_out"][0]["object"], "tanh 1");
  EXPECT_EQ(found.attributes["left_out"][0]["why"], "its training diverged");
  EXPECT_EQ(found.attributes["left_out"][1]["object"], "relu 1");
  const Matrix D = found.arrays.at("distances").as_matrix();
  for (Index i = 0; i < 5; ++i) {
    for (Index j = 0; j < 5; ++j) EXPECT_EQ(std::isnan(D(i, j)), i % 3 == 0 || j % 3 == 0);
  }
  EXPECT_EQ(found.arrays.at("order").size(), 3);
  EXPECT_TRUE(std::isnan(found.arrays.at("map").as_matrix()(3, 0)));
}

TEST_F(JoinTest, ThatFailsIsToldAndTheOthersGoOn) {
  const RunResult result = run(study({"joins.similarity.delays=50"}), root_);
  EXPECT_EQ(result.joined, 1);
  ASSERT_EQ(result.failures.size(), 1u);
  EXPECT_NE(result.failures[0].find("similarity by dsa"), std::string::npos) << result.failures[0];
  EXPECT_NE(result.failures[0].find("50 delays"), std::string::npos) << result.failures[0];
}

TEST_F(JoinTest, OfNetworksThatDoNotGoTogetherIsRefusedWhenTheStudyIsRead) {
  const auto complaint = [](const std::vector<std::string>& overrides) -> std::string {
    try {
      study(overrides);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  std::string message = complaint({"populations.relu.task.duration=0.5"});
  EXPECT_NE(message.find("joins.similarity"), std::string::npos) << message;
  EXPECT_NE(message.find("relu"), std::string::npos) << message;
  EXPECT_NE(message.find("50 steps"), std::string::npos) << message;
  EXPECT_EQ(
      complaint({"populations.relu.task.duration=0.5", "joins.similarity.populations=[\"tanh\"]"}),
      "");
  message = complaint({"joins.similarity.populations=[\"tan\"]"});
  EXPECT_NE(message.find("'tan'"), std::string::npos) << message;
  message = complaint({"joins.similarity.populations=[\"tanh\"]", "populations.tanh.networks=1",
                       "joins.similarity.untrained=false"});
  EXPECT_NE(message.find("one network"), std::string::npos) << message;
  message = complaint({"joins.similarity.metrics=[\"svca\"]"});
  EXPECT_NE(message.find("svcca"), std::string::npos) << message;
  message = complaint({"joins.similarty.trials=1"});
  EXPECT_NE(message.find("similarity"), std::string::npos) << message;
  EXPECT_EQ(to_toml(parse_study(to_toml(study()), "again")), to_toml(study()));
}

TEST(LabelTests, TellClustersFromNone) {
  // Networks on a line: label "a" in two far groups, "b" without order; untrained ones in one place
  // far away.
  std::vector<Object> objects = objects_of(8, true);
  Label a{"a", {"x", "y"}, {}}, b{"b", {"x", "y"}, {}},
      stage{"stage", {"trained", "untrained"}, {}};
  Vector place(16);
  for (Index i = 0; i < 16; ++i) {
    const Index k = i % 8;
    a.of.push_back(k / 4);
    b.of.push_back(k % 2);
    stage.of.push_back(i / 8);
    const double scatter = 0.1 * static_cast<double>((k * 5) % 8);
    place(i) = i < 8 ? 10.0 * static_cast<double>(k / 4) + scatter : 100 + scatter;
  }
  Matrix D(16, 16);
  for (Index i = 0; i < 16; ++i) D.col(i) = (place.array() - place(i)).abs();
  const io::Json tests = label_tests(D, objects, {a, b, stage}, {.permutations = 199, .seed = 1});
  ASSERT_EQ(tests.size(), 5u);
  EXPECT_EQ(tests[0]["label"], "a");
  EXPECT_EQ(tests[0]["objects"], "trained");
  EXPECT_EQ(tests[0]["count"], 8);
  EXPECT_GT(tests[0]["silhouette"].get<double>(), 0.9);
  EXPECT_EQ(tests[0]["accuracy"], 1);
  // 2 of the 70 ways to part eight into two fours are as good.
  EXPECT_NEAR(tests[0]["permanova_p"].get<double>(), 2.0 / 70, 0.04);
  EXPECT_EQ(tests[1]["objects"], "untrained");
  EXPECT_LT(tests[1]["silhouette"].get<double>(), 0.5);
  EXPECT_GT(tests[2]["permanova_p"].get<double>(), 0.3);
  EXPECT_EQ(tests[4]["label"], "stage");
  EXPECT_EQ(tests[4]["objects"], "all");
  EXPECT_LT(tests[4]["permanova_p"].get<double>(), 0.03);
}

TEST(LabelTests, SayWhereThereAreTooFewObjects) {
  const std::vector<Object> objects = objects_of(2, false);
  const Label each{"each", {"x", "y"}, {0, 1}};
  Matrix D(2, 2);
  D << 0, 1, 1, 0;
  const io::Json tests = label_tests(D, objects, {each}, {});
  ASSERT_EQ(tests.size(), 1u);
  EXPECT_EQ(tests[0]["status"], "too few objects");
  EXPECT_FALSE(tests[0].contains("permanova_p"));
}

}  // namespace
}  // namespace nullcline::study
