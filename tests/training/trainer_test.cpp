// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/trainer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/training/backpropagation.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::training {
namespace {

namespace fs = std::filesystem;

class TrainerTest : public ::testing::Test {
 protected:
  TrainerTest() : folder_(fs::temp_directory_path() / ("trainer_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    task_ = tasks::task_kind("perception").make(task_settings(), 0.01);
  }
  static Settings task_settings() {
    return Settings(tasks::task_kind("perception").schema, {{"duration", 0.3}, {"settling", 0.1}});
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
  // Of five networks: one alone may start near its target or far from it.
  double first = 0, last = 0;
  for (std::uint64_t id = 0; id < 5; ++id) {
    auto t = trainer({{"steps", std::int64_t{300}}, {"learning_rate", 0.005}}, id);
    run(t);
    const auto& losses = t.losses();
    ASSERT_EQ(losses.size(), 300u);
    for (std::size_t i = 0; i < 20; ++i) {
      first += losses[i];
      last += losses[losses.size() - 1 - i];
    }
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

struct Plan {
  const char* name;
  std::map<std::string, Value> settings;
};

class Resumed : public TrainerTest, public ::testing::WithParamInterface<Plan> {
 protected:
  template <class Real>
  Trainer<Real> planned() const {
    auto given = GetParam().settings;
    given.try_emplace("steps", std::int64_t{24});
    given.try_emplace("batch", std::int64_t{4});
    given.try_emplace("trainable", std::vector<std::string>{"all"});
    return Trainer<Real>(start(), "perception", task_settings(), Settings(training_schema(), given),
                         1, 0);
  }

  template <class Real>
  void expect_the_same_when_resumed() {
    auto whole = planned<Real>();
    run(whole);
    ASSERT_NE(whole.status(), TrainingStatus::diverged);
    for (const int stop : {0, 1, 11, 19}) {
      auto first = planned<Real>();
      for (int i = 0; i < stop; ++i) first.step();
      if (first.status() != TrainingStatus::running) continue;
      const fs::path file = folder_ / "checkpoint.h5";
      io::write_hdf5(file, first.checkpoint());
      auto second = planned<Real>();
      second.restore(io::read_hdf5(file), file);
      EXPECT_EQ(second.steps_taken(), stop);
      run(second);
      EXPECT_EQ(second.losses(), whole.losses());
      EXPECT_EQ(second.penalties(), whole.penalties());
      EXPECT_EQ(second.status(), whole.status());
      ASSERT_EQ(second.scores().size(), whole.scores().size());
      for (std::size_t i = 0; i < whole.scores().size(); ++i) {
        EXPECT_EQ(second.scores()[i].value, whole.scores()[i].value);
      }
      for (const auto& [name, A] : whole.network().parameters) {
        EXPECT_EQ(second.network().parameter(name), A) << name << " after " << stop;
      }
    }
  }
};

using Texts = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    Plans, Resumed,
    ::testing::Values(
        Plan{"adam", {}}, Plan{"adamw", {{"optimizer", "adamw"}, {"weight_decay", 0.1}}},
        Plan{"sgd", {{"optimizer", "sgd"}, {"momentum", 0.9}, {"nesterov", true}, {"clip", 0.5}}},
        Plan{"rmsprop", {{"optimizer", "rmsprop"}, {"momentum", 0.5}}},
        Plan{"lbfgs", {{"optimizer", "lbfgs"}, {"history", std::int64_t{5}}}},
        Plan{"fixed", {{"trials", "fixed"}, {"schedule", "cosine"}}},
        Plan{"penalties",
             {{"l1", 1e-3},
              {"l1_method", "proximal"},
              {"l2", 1e-3},
              {"nuclear", 1e-3},
              {"activity", 0.1},
              {"rate_of_change", 0.1},
              {"schedule", "exponential"},
              {"decay", 0.99}}},
        Plan{"pruned", {{"density", 0.2}, {"prune_at", std::int64_t{8}}}},
        Plan{"segments", {{"segments", std::int64_t{4}}}},
        Plan{"scored", {{"evaluate_every", std::int64_t{3}}}},
        Plan{"stopped", {{"evaluate_every", std::int64_t{5}}, {"stop", true}, {"criterion", 1e3}}},
        Plan{"curriculum",
             {{"evaluate_every", std::int64_t{4}},
              {"criterion", 1e3},
              {"curriculum", Texts{"duration = 0.3 -> 0.5 over 10", "input_noise = 0.1 from 7",
                                   "duration = 0.6 when reached",
                                   "switches = 2 and duration = 0.4 when reached"}}}},
        Plan{"ridge", {{"method", "ridge"}, {"steps", std::int64_t{20}}}},
        Plan{"force", {{"method", "force"}, {"feedback", 1.0}, {"batch", std::int64_t{1}}}}),
    [](const auto& named) { return named.param.name; });

TEST_P(Resumed, TakesTheSameStepsBitForBitInFloat) { expect_the_same_when_resumed<float>(); }
TEST_P(Resumed, TakesTheSameStepsBitForBitInDouble) { expect_the_same_when_resumed<double>(); }

/// Alone, and as one of 100 on one, two and eight threads.
TEST_F(TrainerTest, GivesTheSameBitsAloneAndInAPopulationOfAHundred) {
  constexpr Index population = 100;
  const auto trained = [&](Index i) {
    auto t =
        trainer<float>({{"steps", std::int64_t{12}}, {"clip", 1.0}}, static_cast<std::uint64_t>(i));
    run(t);
    return t.network().parameter("recurrent");
  };
  std::vector<Matrix> alone(population);
  for (Index i = 0; i < population; ++i) alone[static_cast<std::size_t>(i)] = trained(i);
  for (const int threads : {1, 2, 8}) {
    std::vector<Matrix> together(population);
    parallel_for(population, Threads{threads},
                 [&](Index i) { together[static_cast<std::size_t>(i)] = trained(i); });
    EXPECT_EQ(together, alone) << threads;
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

TEST_F(TrainerTest, ReportsDivergenceWithItsStepAndTheParametersOfTheLastFiniteLoss) {
  const std::map<std::string, Value> wild = {
      {"optimizer", "sgd"}, {"learning_rate", 1e5}, {"steps", std::int64_t{200}}};
  auto t = trainer(wild);
  run(t);
  EXPECT_EQ(t.status(), TrainingStatus::diverged);
  ASSERT_GT(t.steps_taken(), 0);
  ASSERT_LT(t.steps_taken(), 200);
  EXPECT_TRUE(std::isfinite(t.losses().back()));
  EXPECT_TRUE(t.network().parameter("recurrent").allFinite());
  // One step short of the last finite loss is where those parameters were reached.
  auto again = trainer(wild);
  for (Index k = 1; k < t.steps_taken(); ++k) again.step();
  EXPECT_EQ(again.network().parameter("recurrent"), t.network().parameter("recurrent"));
  // And so it is when the training was interrupted right before it diverges.
  auto before = trainer(wild), resumed = trainer(wild);
  for (Index k = 0; k < t.steps_taken(); ++k) before.step();
  EXPECT_EQ(before.status(), TrainingStatus::running);
  resumed.restore(before.checkpoint(), "c.h5");
  run(resumed);
  EXPECT_EQ(resumed.status(), TrainingStatus::diverged);
  EXPECT_EQ(resumed.network().parameter("recurrent"), t.network().parameter("recurrent"));
}

TEST_F(TrainerTest, StopsWhenTheCriterionIsReached) {
  const std::map<std::string, Value> settings = {{"steps", std::int64_t{3000}},
                                                 {"learning_rate", 0.01},
                                                 {"trainable", Texts{"all"}},
                                                 {"evaluate_every", std::int64_t{20}},
                                                 {"evaluate_trials", std::int64_t{64}},
                                                 {"criterion", 0.3},
                                                 {"stop", true}};
  auto t = trainer(settings);
  run(t);
  EXPECT_EQ(t.status(), TrainingStatus::criterion);
  ASSERT_FALSE(t.scores().empty());
  EXPECT_EQ(t.scores().back().step, t.steps_taken());
  EXPECT_LE(t.scores().back().value, 0.3);
  for (std::size_t i = 0; i + 1 < t.scores().size(); ++i) EXPECT_GT(t.scores()[i].value, 0.3);
  t.step();
  EXPECT_EQ(t.scores().back().step, t.steps_taken());
}

TEST_F(TrainerTest, IsNotChangedByBeingScored) {
  auto plain = trainer(), scored = trainer({{"evaluate_every", std::int64_t{7}}});
  run(plain);
  run(scored);
  EXPECT_EQ(scored.scores().size(), 5u);
  EXPECT_EQ(scored.network().parameters, plain.network().parameters);
}

TEST_F(TrainerTest, LbfgsLowersTheLossOfItsTrialsAtEveryStep) {
  auto t = trainer<double>({{"optimizer", "lbfgs"}, {"trainable", Texts{"all"}}});
  run(t);
  const auto& losses = t.losses();
  for (std::size_t k = 1; k < losses.size(); ++k) EXPECT_LE(losses[k], losses[k - 1]);
  EXPECT_LT(losses.back(), losses.front() / 5);
}

TEST_F(TrainerTest, RidgeFitsTheReadoutAndFindsItsLossOnNewTrials) {
  auto t = trainer<double>({{"method", "ridge"}, {"ridge", 1e-3}, {"steps", std::int64_t{10}}});
  run(t);
  EXPECT_LT(t.losses().back(), t.losses().front() / 5);
  const auto before = start(), after = t.network();
  for (const auto& [name, A] : before.parameters) {
    if (name == "readout" || name == "readout_bias") {
      EXPECT_NE(after.parameter(name), A);
    } else {
      EXPECT_EQ(after.parameter(name), A);
    }
  }
}

TEST_F(TrainerTest, ForceGivesANetworkWhoseFeedbackIsClosed) {
  double first = 0, last = 0;
  for (std::uint64_t id = 0; id < 5; ++id) {
    auto t =
        trainer<double>({{"method", "force"}, {"feedback", 0.5}, {"batch", std::int64_t{2}}}, id);
    run(t);
    EXPECT_EQ(t.status(), TrainingStatus::finished);
    first += t.losses().front();
    last += t.losses().back();
    EXPECT_NE(t.network().parameter("recurrent"), start(id).parameter("recurrent"));
    cells::validate(t.network());
  }
  EXPECT_LT(last, first / 5);
}

TEST_F(TrainerTest, PrunedAndThresholdedWeightsAreExactlyZero) {
  auto pruned = trainer({{"density", 0.25}});
  run(pruned);
  const Index n = 24;
  EXPECT_EQ((pruned.network().parameter("recurrent").array() != 0).count(), n * n / 4);
  auto thresholded = trainer({{"l1", 0.5}, {"l1_method", "proximal"}, {"learning_rate", 0.01}});
  run(thresholded);
  const auto zeros = (thresholded.network().parameter("recurrent").array() == 0).count();
  EXPECT_GT(zeros, n * n / 2);
  EXPECT_LT(zeros, n * n);
}

TEST_F(TrainerTest, TrainsWhatTheTaskIsAtEachStepOfACurriculum) {
  const Settings settings(training_schema(), {{"steps", std::int64_t{6}},
                                              {"curriculum", Texts{"duration = 0.5 from 3"}}});
  const auto long_task = tasks::task_kind("perception")
                             .make(Settings(tasks::task_kind("perception").schema,
                                            {{"duration", 0.5}, {"settling", 0.1}}),
                                   0.01);
  Trainer<double> changing(start(), "perception", task_settings(), settings, 1, 0);
  for (int k = 0; k < 3; ++k) changing.step();
  const cells::Network here = changing.network();
  changing.step();
  // The loss of step 3 is that of the longer task's trials, drawn for that step.
  RandomStream stream({1, 0, Purpose::trials, 3}), noise({1, 0, Purpose::recurrent_noise, 3});
  Backpropagation<double> model(here);
  EXPECT_EQ(changing.losses()[3], model.loss(long_task->sample(stream, 64), &noise));
}

TEST_F(TrainerTest, RefusesSettingsThatContradictEachOther) {
  const auto field = [&](std::map<std::string, Value> settings) {
    try {
      trainer(settings);
    } catch (const Error& error) {
      return error.field();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(field({{"nesterov", true}}), "training.nesterov");
  EXPECT_EQ(field({{"stop", true}}), "training.stop");
  EXPECT_EQ(field({{"l2", 0.1}, {"penalized", Texts{"recurrnt"}}}), "training.penalized");
  EXPECT_EQ(field({{"l1", 0.1}, {"optimizer", "lbfgs"}}), "training.l1");
  EXPECT_EQ(field({{"l2", 0.1}, {"method", "ridge"}}), "training.l2");
  EXPECT_EQ(field({{"method", "force"}, {"loss", "binary_cross_entropy"}}), "training.method");
  EXPECT_EQ(field({{"curriculum", Texts{"duration = 1.0"}}}), "training.curriculum");
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
