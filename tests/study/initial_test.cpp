// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/initial.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/study/job.hpp"
#include "nullcline/study/run.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::study {
namespace {

namespace fs = std::filesystem;

const std::string start_elsewhere = R"(
name = "starts"
seed = 3
[populations.source]
networks = 2
task = { name = "flip_flop", bits = 1, duration = 0.3 }
cell = { name = "leaky_rate", units = 12, activation = "tanh" }
training = { steps = 4, batch = 4 }
[populations.plain]
networks = 2
task = { name = "flip_flop", bits = 2, duration = 0.3 }
cell = { name = "leaky_rate", units = 12, activation = "tanh" }
training = { steps = 0 }
stream = "pairs"
[populations.from_source]
networks = 2
task = { name = "flip_flop", bits = 2, duration = 0.3 }
cell = { name = "leaky_rate", units = 12, activation = "tanh" }
training = { steps = 0 }
initial = { from = "source" }
stream = "pairs"
[populations.from_shuffled]
networks = 2
task = { name = "flip_flop", bits = 2, duration = 0.3 }
cell = { name = "leaky_rate", units = 12, activation = "tanh" }
training = { steps = 0 }
initial = { from = "source", shuffled = true }
stream = "pairs"
)";

std::string replaced(const std::string& what, const std::string& by) {
  std::string text = start_elsewhere;
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

class StartsTest : public ::testing::Test {
 protected:
  StartsTest() : root_(fs::temp_directory_path() / ("starts_" + std::to_string(getpid()))) {
    fs::create_directories(root_);
  }
  ~StartsTest() override { fs::remove_all(root_); }

  static cells::Network load(const Study& study, const fs::path& out, const std::string& population,
                             const std::string& when) {
    return training::load_network(
        out / "networks" / (network_job(study, population_of(study, population), 1).id + ".h5"),
        when);
  }

  fs::path root_;
};

std::multiset<double> entries(const Matrix& A) {
  return {A.reshaped().begin(), A.reshaped().end()};
}

TEST_F(StartsTest, ANetworkStartsWithTheTrainedWeightsOfItsNumberAndItsOwnInputs) {
  const Study study = parse_study(start_elsewhere, "");
  run(study, root_, {.threads = Threads{2}, .progress = {}});
  const Matrix trained = load(study, root_, "source", "parameters").parameter("recurrent");
  const auto plain = load(study, root_, "plain", "initial");
  const auto from = load(study, root_, "from_source", "initial");
  const auto shuffled = load(study, root_, "from_shuffled", "initial");
  EXPECT_NE(load(study, root_, "source", "initial").parameter("recurrent"), trained);
  EXPECT_EQ(from.parameter("recurrent"), trained);
  EXPECT_NE(plain.parameter("recurrent"), trained);
  // One stream: what is not taken from the source is the same.
  for (const char* name : {"input", "bias", "readout"}) {
    EXPECT_EQ(from.parameter(name), plain.parameter(name)) << name;
    EXPECT_EQ(shuffled.parameter(name), plain.parameter(name)) << name;
  }
  EXPECT_NE(shuffled.parameter("recurrent"), trained);
  EXPECT_EQ(entries(shuffled.parameter("recurrent")), entries(trained));
  EXPECT_TRUE(shuffled.parameter("recurrent").diagonal().isZero(0));
}

TEST_F(StartsTest, ShardsGiveTheSameFilesAsOneRun) {
  const Study study = parse_study(start_elsewhere, "");
  run(study, root_ / "one", {.threads = Threads{1}, .progress = {}});
  for (const Index shard : {1, 0}) {
    run(study, root_ / "shards",
        {.threads = Threads{2}, .shard = shard, .shards = 2, .progress = {}});
  }
  for (const StudiedNetwork& network : networks_of(study, root_ / "one")) {
    const fs::path other = root_ / "shards" / "networks" / network.file.filename();
    EXPECT_EQ(io::read_file(network.file, 1 << 24), io::read_file(other, 1 << 24));
  }
}

TEST_F(StartsTest, StoppedAndContinuedGivesTheSameFilesAsOneRun) {
  const Study study = parse_study(start_elsewhere, "");
  run(study, root_ / "whole", {.threads = Threads{1}, .progress = {}});
  for (const int calls : {6, 12, 18}) {
    int left = calls;
    const auto stop = [&](const RunProgress&) { return --left > 0; };
    const auto part = run(study, root_ / "parts", {.threads = Threads{1}, .progress = stop});
    EXPECT_TRUE(part.cancelled);
  }
  EXPECT_FALSE(run(study, root_ / "parts").cancelled);
  for (const StudiedNetwork& network : networks_of(study, root_ / "whole")) {
    const fs::path other = root_ / "parts" / "networks" / network.file.filename();
    EXPECT_EQ(io::read_file(network.file, 1 << 24), io::read_file(other, 1 << 24));
  }
}

TEST(StartOfATraining, IsPartOfItsJob) {
  const auto id = [](const std::string& text, const char* population) {
    const Study study = parse_study(text, "");
    return network_job(study, population_of(study, population), 0).id;
  };
  const std::string changed = replaced("steps = 4", "steps = 5");  // of the source
  EXPECT_NE(id(changed, "from_source"), id(start_elsewhere, "from_source"));
  EXPECT_EQ(id(changed, "plain"), id(start_elsewhere, "plain"));
  EXPECT_NE(id(start_elsewhere, "from_shuffled"), id(start_elsewhere, "from_source"));
  const Study study = parse_study(start_elsewhere, "");
  EXPECT_EQ(network_job(study, study.populations[2], 1).source,
            network_job(study, study.populations[0], 1).id);
}

TEST(StartOfATraining, ReadsBackAsItself) {
  const Study study = parse_study(start_elsewhere, "");
  EXPECT_EQ(to_json(parse_study(to_toml(study), "")), to_json(study));
}

Population with_initial(const std::string& cell, const std::string& initial) {
  return parse_study(
             "name = \"x\"\nseed = 1\n[populations.a]\nnetworks = 1\n"
             "task = { name = \"flip_flop\" }\ncell = { " +
                 cell + " }\ninitial = { " + initial + " }\n",
             "")
      .populations[0];
}

TEST(SlowDirections, AreEigenvectorsOfWeightsThatAreOtherwiseSmall) {
  const std::string cell =
      "name = \"leaky_rate\", units = 30, self_connections = true, gain = 1e-6";
  const auto network = initial_network(
      with_initial(cell, "slow_directions = 3, slow_eigenvalue = 0.9"), nullptr, 1, 2);
  const Svd W = svd(network.parameter("recurrent"));
  for (Index i = 0; i < 3; ++i) EXPECT_NEAR(W.values(i), 0.9, 1e-5);
  EXPECT_LT(W.values(3), 1e-5);
  EXPECT_LT(
      (W.U.leftCols(3) * W.U.leftCols(3).transpose() * W.V.leftCols(3) - W.V.leftCols(3)).norm(),
      1e-5);
  const auto other = initial_network(
      with_initial(cell, "slow_directions = 3, slow_eigenvalue = 0.9"), nullptr, 1, 3);
  EXPECT_GT((other.parameter("recurrent") - network.parameter("recurrent")).norm(), 0.1);
}

TEST(SlowDirections, LeaveADiagonalThatIsKeptAtZero) {
  const auto network = initial_network(
      with_initial("name = \"leaky_rate\", units = 8, gain = 0", "slow_directions = 2"), nullptr, 1,
      2);
  EXPECT_TRUE(network.parameter("recurrent").diagonal().isZero(0));
  EXPECT_GT(network.parameter("recurrent").norm(), 0.5);
}

/// The error that a study gives, as one line.
std::string message(const std::string& toml) {
  try {
    parse_study(toml, "s.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(StartOfATraining, ThatIsNotPossibleIsRefusedBeforeAnyWork) {
  const auto expect = [](const std::string& toml, const std::vector<std::string>& parts) {
    const std::string text = message(toml);
    for (const auto& part : parts) EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const std::string from = "{ from = \"source\" }";
  expect(replaced(from, "{ from = \"surce\" }"), {"from_source.initial.from", "surce", "source"});
  expect(replaced(from, "{ from = \"from_source\" }"), {"from_source.initial.from", "plain"});
  expect(replaced(from, "{ from = \"from_shuffled\" }"), {"from_source.initial.from"});
  expect(replaced(from, "{ shuffled = true }"), {"from_source.initial.shuffled"});
  expect(replaced(from, "{ from = \"source\", parameters = [\"input\"] }"),
         {"from_source.initial.parameters", "(12, 1)", "(12, 2)"});
  expect(replaced(from, "{ from = \"source\", parameters = [\"gates\"] }"), {"'gates'"});
  expect(replaced(from, "{ slow_directions = 13 }"), {"initial.slow_directions", "13"});
  expect(replaced("initial = " + from, ""), {"populations.from_source", "plain"});
  std::string few = start_elsewhere;
  few.replace(few.find("networks = 2"), 12, "networks = 1");
  expect(few, {"from_source.networks", "2", "at most the 1 of source"});
}

TEST(StartOfATraining, RefusesSlowDirectionsWhereWeightsAreNotFree) {
  for (const char* cell : {"name = \"leaky_rate\", structure = \"low_rank\"", "name = \"gru\"",
                           "name = \"leaky_rate\", structure = \"dale\""}) {
    EXPECT_THROW(with_initial(cell, "slow_directions = 2"), Error) << cell;
  }
}

}  // namespace
}  // namespace nullcline::study
