// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/curriculum.hpp"

#include <gtest/gtest.h>

#include "nullcline/core/errors.hpp"

namespace nullcline::training {
namespace {

Settings perception() { return Settings(tasks::task_kind("perception").schema); }

Curriculum curriculum(const std::vector<std::string>& entries) {
  return Curriculum(entries, "perception", perception(),
                    task_maker("perception", perception(), 0.01));
}

double number(const Curriculum& c, const char* name, Index k) {
  return std::get<double>(c.values(k).at(name));
}

TEST(Curriculum, StepsAtAStep) {
  const auto c = curriculum({"duration = 2.0 from 500"});
  EXPECT_TRUE(c.values(499).empty());
  EXPECT_EQ(number(c, "duration", 500), 2);
  EXPECT_FALSE(c.settled(499));
  EXPECT_TRUE(c.settled(500));
}

TEST(Curriculum, RampsLinearly) {
  const auto c = curriculum({"duration = 1.0 -> 2.0 from 100 over 1000 steps"});
  EXPECT_EQ(number(c, "duration", 0), 1);
  EXPECT_EQ(number(c, "duration", 100), 1);
  EXPECT_DOUBLE_EQ(number(c, "duration", 350), 1.25);
  EXPECT_EQ(number(c, "duration", 1100), 2);
  EXPECT_EQ(number(c, "duration", 99999), 2);
  EXPECT_FALSE(c.settled(1099));
  EXPECT_TRUE(c.settled(1100));
}

TEST(Curriculum, RoundsWholeNumbersOnTheWay) {
  const auto c = curriculum({"switches = 0 -> 3 over 30"});
  EXPECT_EQ(std::get<std::int64_t>(c.values(4).at("switches")), 0);
  EXPECT_EQ(std::get<std::int64_t>(c.values(5).at("switches")), 1);  // 0.5, away from zero
  EXPECT_EQ(std::get<std::int64_t>(c.values(30).at("switches")), 3);
}

TEST(Curriculum, LaterEntriesCountOnceTheyHaveStarted) {
  const auto c =
      curriculum({"duration = 1.0 -> 2.0 over 10", "duration = 3.0 -> 4.0 from 20 over 10"});
  EXPECT_EQ(number(c, "duration", 5), 1.5);
  EXPECT_EQ(number(c, "duration", 19), 2);
  EXPECT_EQ(number(c, "duration", 20), 3);
  EXPECT_EQ(number(c, "duration", 30), 4);
}

TEST(Curriculum, StagesBeginWhenTheyAreTold) {
  auto c = curriculum({"duration = 2.0 when reached",
                       "input_noise = 0.1 -> 0.3 and duration = 3.0 -> 4.0 when reached over 10"});
  EXPECT_TRUE(c.values(1000).empty());
  EXPECT_TRUE(c.stages_left());
  c.begin_stage(40);
  EXPECT_EQ(number(c, "duration", 40), 2);
  EXPECT_EQ(c.values(40).size(), 1u);
  EXPECT_TRUE(c.stages_left());
  c.begin_stage(60);
  EXPECT_FALSE(c.stages_left());
  EXPECT_FALSE(c.settled(65));
  EXPECT_DOUBLE_EQ(number(c, "duration", 65), 3.5);
  EXPECT_DOUBLE_EQ(number(c, "input_noise", 65), 0.2);
  auto again =
      curriculum({"duration = 2.0 when reached",
                  "input_noise = 0.1 -> 0.3 and duration = 3.0 -> 4.0 when reached over 10"});
  again.restore(c.begun());
  EXPECT_EQ(again.values(65), c.values(65));
}

TEST(Curriculum, RefusesWhatItDoesNotUnderstandAndWhatTheTaskDoesNot) {
  for (const char* entry :
       {"", "duration", "duration 2.0", "duration = ", "duration = long", "duration = 1 -> 2",
        "duration = 2 from", "duration = 2 from -1", "duration = 2 from 1.5", "duration = 2 when",
        "duration = 2 from 5 when reached", "duration = 2 sometime", "switches = 1.5",
        "length = 2.0", "levels = 1", "duration = 0.2", "duration = 1 and", "duration = inf",
        "duration = nan"}) {
    try {
      curriculum({entry});
      ADD_FAILURE() << "accepted: " << entry;
    } catch (const Error& error) {
      EXPECT_EQ(error.field(), "training.curriculum") << entry;
    }
  }
}

}  // namespace
}  // namespace nullcline::training
