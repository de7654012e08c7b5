// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/trainer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::training {
namespace {

namespace fs = std::filesystem;

class TrainerTest : public ::testing::Test {
 protected:
  TrainerTest() : folder_(fs::temp_directory_path() / ("trainer_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    const auto& kind = tasks::task_kind("perception");
    task_ = kind.make(Settings(kind.schema, {{"duration", 0.3}, {"settling", 0.1}}), 0.01);
  }
  ~TrainerTest() override { fs::remove_all(folder_); }

  cells::Network start(std::uint64_t id = 0) const {
    RandomStream stream({1, id, Purpose::initial_weights, 0});
    return cells::make_network(
        "leaky_rate",
        Settings(cells::cell_kind("leaky_rate").schema, {{"units", std::int64_t{24}}}), 1, 1,
        stream);
  }
  template <class Real = float>
  Trainer<Real> trainer(std::map<std::string, Value> given = {}, std::uint64_t id = 0) const {
    given.try_emplace("steps", std::int64_t{40});
    given.try_emplace("batch", std::int64_t{8});
    return Trainer<Real>(start(id), *task_, Settings(training_schema(), given), 1, id);
  }
  static void run(auto& trainer) {
    while (trainer.status() == TrainingStatus::running) trainer.step();
  }

  fs::path folder_;
  std::unique_ptr<tasks::Task> task_;
};

TEST_F(TrainerTest, LowersTheLoss) {
  auto t = trainer({{"steps", std::int64_t{300}}, {"learning_rate", 0.005}});
  run(t);
  const auto& losses = t.losses();
  ASSERT_EQ(losses.size(), 300u);
  double first = 0, last = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    first += losses[i];
    last += losses[losses.size() - 1 - i];
  }
  EXPECT_LT(last, first / 2);
}

TEST_F(TrainerTest, TrainsTheParametersAskedForAndNoOthers) {
  auto t = trainer({{"trainable", std::vector<std::string>{"input", "readout_bias"}}});
  run(t);
  const auto before = start(), after = t.network();
  for (const auto& [name, A] : before.parameters) {
    const bool trained = name == "input" || name == "readout_bias";
    if (trained) {
      EXPECT_NE(after.parameter(name), A) << name;
    } else {
      EXPECT_EQ(after.parameter(name), A) << name;
    }
  }
}

TEST_F(TrainerTest, KeepsTheDiagonalAtZero) {
  auto t = trainer();
  run(t);
  EXPECT_TRUE((t.network().parameter("recurrent").diagonal().array() == 0).all());
}

TEST_F(TrainerTest, ContinuesFromACheckpointBitForBit) {
  auto whole = trainer();
  run(whole);
  for (const int stop : {0, 1, 17, 39}) {
    auto first = trainer();
    for (int i = 0; i < stop; ++i) first.step();
    const fs::path file = folder_ / "checkpoint.h5";
    io::write_hdf5(file, first.checkpoint());
    auto second = trainer();
    second.restore(io::read_hdf5(file), file);
    EXPECT_EQ(second.steps_taken(), stop);
    run(second);
    EXPECT_EQ(second.losses(), whole.losses());
    for (const auto& [name, A] : whole.network().parameters) {
      EXPECT_EQ(second.network().parameter(name), A) << name << " after " << stop;
    }
  }
}

TEST_F(TrainerTest, GivesTheSameBitsAloneAndBesideOthersOnAnyThreads) {
  auto alone = trainer({}, 3);
  run(alone);
  for (const int threads : {1, 2, 8}) {
    std::vector<Matrix> results(6);
    parallel_for(6, Threads{threads}, [&](Index i) {
      auto t = trainer({}, static_cast<std::uint64_t>(i));
      run(t);
      results[static_cast<std::size_t>(i)] = t.network().parameter("recurrent");
    });
    EXPECT_EQ(results[3], alone.network().parameter("recurrent"));
    EXPECT_NE(results[2], results[3]);
  }
}

TEST_F(TrainerTest, ReportsDivergenceWithTheParametersBeforeIt) {
  auto t = trainer({{"learning_rate", 1e5}, {"steps", std::int64_t{200}}});
  run(t);
  EXPECT_EQ(t.status(), TrainingStatus::diverged);
  EXPECT_LT(t.steps_taken(), 200);
  EXPECT_TRUE(t.network().parameter("recurrent").allFinite());
}

TEST_F(TrainerTest, InDoubleTakesTheStepsOfFloatAtFirst) {
  auto single = trainer<float>();
  auto precise = trainer<double>();
  single.step();
  precise.step();
  EXPECT_NEAR(single.losses()[0], precise.losses()[0], 1e-5 * precise.losses()[0]);
}

TEST_F(TrainerTest, RefusesAParameterThatThereIsNot) {
  EXPECT_THROW(trainer({{"trainable", std::vector<std::string>{"recurent"}}}), Error);
}

TEST_F(TrainerTest, RefusesACheckpointOfAnotherShapeOrPrecision) {
  auto t = trainer();
  io::Dataset checkpoint = t.checkpoint();
  auto precise = trainer<double>();
  EXPECT_THROW(precise.restore(checkpoint, "c.h5"), Error);
  checkpoint.arrays.erase("resume/adam_first/recurrent");
  EXPECT_THROW(t.restore(checkpoint, "c.h5"), Error);
  EXPECT_EQ(t.steps_taken(), 0);
}

TEST_F(TrainerTest, NetworkFilesRoundTripInBothFormats) {
  const cells::Network network = start();
  for (const char* name : {"n.h5", "n.npz"}) {
    save_network(folder_ / name, network);
    const cells::Network loaded = load_network(folder_ / name);
    EXPECT_EQ(loaded.cell, network.cell);
    EXPECT_EQ(loaded.settings.values(), network.settings.values());
    EXPECT_EQ(loaded.parameters, network.parameters);
  }
}

TEST_F(TrainerTest, NetworkFilesAtFaultAreRefusedByField) {
  io::Dataset good;
  put_network(good, start(), "parameters");
  const auto field = [](const io::Dataset& dataset) {
    try {
      get_network(dataset, "parameters", "n.h5");
    } catch (const Error& error) {
      EXPECT_EQ(error.path(), "n.h5");
      return error.field();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(field(good), "accepted");
  io::Dataset bad = good;
  bad.attributes.erase("cell");
  EXPECT_EQ(field(bad), "attributes.cell");
  bad = good;
  bad.attributes["cell"]["name"] = 3;
  EXPECT_EQ(field(bad), "attributes.cell.name");
  bad = good;
  bad.attributes["cell"]["settings"]["tau"] = "long";
  EXPECT_EQ(field(bad), "attributes.cell.settings.tau");
  bad = good;
  bad.attributes["cell"]["settings"]["units"] = 25;
  EXPECT_NE(field(bad), "accepted");
  bad = good;
  bad.arrays["parameters/recurrent"] = Array::scalar(1);
  EXPECT_EQ(field(bad), "parameters/recurrent");
}

}  // namespace
}  // namespace nullcline::training
