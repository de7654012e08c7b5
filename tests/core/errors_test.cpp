// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/errors.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nullcline {
namespace {

TEST(Error, SaysWhereItStandsAndWhatWasFound) {
  const Error error("study.toml", "training.steps", "-3", "a whole number at least 1");
  EXPECT_STREQ(error.what(),
               "study.toml: training.steps: found -3, expected a whole number at least 1");
  EXPECT_EQ(error.path(), "study.toml");
  EXPECT_EQ(error.field(), "training.steps");
  EXPECT_EQ(error.found(), "-3");
  EXPECT_EQ(error.expected(), "a whole number at least 1");
}

TEST(Error, LeavesOutEmptyParts) {
  EXPECT_STREQ(Error("", "", "3", "4").what(), "found 3, expected 4");
  EXPECT_STREQ(Error("", "seed", "3", "").what(), "seed: found 3");
  EXPECT_STREQ(Error("net.h5", "", "", "a file").what(), "net.h5: expected a file");
}

TEST(Error, CanCarryAMessageOfItsOwn) {
  const Error error = Error::because("net.h5", "", "the disk is full");
  EXPECT_STREQ(error.what(), "net.h5: the disk is full");
  EXPECT_EQ(error.found(), "");
}

TEST(Error, CanBeToldOfItsFileLater) {
  EXPECT_STREQ(Error("", "seed", "x", "a whole number").at("a.toml").what(),
               "a.toml: seed: found x, expected a whole number");
  EXPECT_STREQ(Error::because("", "", "ends too early").at("a.npz").what(),
               "a.npz: ends too early");
  EXPECT_EQ(Error("", "seed", "x", "y").at("a.toml").expected(), "y");
}

TEST(Require, ThrowsOnlyWhenTheConditionFails) {
  EXPECT_NO_THROW(require(true, "never"));
  EXPECT_THROW(require(false, "always"), std::invalid_argument);
}

TEST(EditDistance, CountsInsertionsDeletionsAndReplacements) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);  // Levenshtein's textbook example
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("same", "same"), 0u);
}

TEST(EditDistance, IsAMetric) {
  const std::vector<std::string> words = {"", "a", "tau", "taus", "seed", "steps", "stpes"};
  for (const auto& a : words) {
    for (const auto& b : words) {
      EXPECT_EQ(edit_distance(a, b), edit_distance(b, a));
      EXPECT_EQ(edit_distance(a, b) == 0, a == b);
      for (const auto& c : words) {
        EXPECT_LE(edit_distance(a, c), edit_distance(a, b) + edit_distance(b, c));
      }
    }
  }
}

TEST(NearestWord, FindsTheMisspelledOneAndNothingFarAway) {
  const std::vector<std::string> known = {"steps", "seed", "learning_rate"};
  EXPECT_EQ(nearest_word("stpes", known), "steps");
  EXPECT_EQ(nearest_word("learnig_rate", known), "learning_rate");
  EXPECT_EQ(nearest_word("activation", known), "");
}

}  // namespace
}  // namespace nullcline
