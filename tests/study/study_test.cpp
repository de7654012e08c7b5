// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/study.hpp"

#include <gtest/gtest.h>

#include "nullcline/core/errors.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::study {
namespace {

const std::string good = R"(
name = "example"
seed = 7
[populations.second]
networks = 2
task = { name = "perception", duration = 1 }
cell = { name = "leaky_rate", units = 20 }
[populations.first]
networks = 3
task = { name = "decision" }
cell = { name = "leaky_rate", activation = "tanh" }
training = { steps = 10, trainable = ["recurrent", "bias"] }
[analyses]
pca = { dim = 2 }
[quick]
"populations.*.networks" = 1
"populations.first.training.steps" = 5
)";

/// The error that a study gives, as one line.
std::string message(const std::string& toml, const StudyOptions& options = {}) {
  try {
    parse_study(toml, "study.toml", options);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

std::string replaced(const std::string& what, const std::string& by) {
  std::string text = good;
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

void expect_error(const std::string& toml, const std::vector<std::string>& parts) {
  const std::string text = message(toml);
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  EXPECT_EQ(text.rfind("study.toml: ", 0), 0u) << text;
  for (const auto& part : parts) EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Study, IsReadWithEverySettingResolved) {
  const Study study = parse_study(good, "study.toml");
  EXPECT_EQ(study.name, "example");
  EXPECT_EQ(study.seed, 7u);
  ASSERT_EQ(study.populations.size(), 2u);
  EXPECT_EQ(study.populations[0].name, "second");  // the order of the file
  EXPECT_EQ(study.populations[0].task.settings.number("duration"), 1.0);
  EXPECT_EQ(study.populations[0].training.integer("steps"), 1000);
  EXPECT_EQ(study.populations[1].cell.settings.text("activation"), "tanh");
  EXPECT_EQ(study.populations[1].training.texts("trainable").size(), 2u);
  ASSERT_EQ(study.analyses.size(), 1u);
  EXPECT_EQ(study.analyses[0].settings.integer("dim"), 2);
}

TEST(Study, QuickAndOverridesChangeWhatTheyName) {
  const Study quick = parse_study(good, "", {.overrides = {}, .quick = true});
  EXPECT_EQ(quick.populations[0].networks, 1);
  EXPECT_EQ(quick.populations[1].training.integer("steps"), 5);
  EXPECT_EQ(quick.populations[0].training.integer("steps"), 1000);
  const Study set = parse_study(
      good, "",
      {.overrides = {"populations.*.cell.activation=softplus", "seed=9"}, .quick = false});
  EXPECT_EQ(set.populations[0].cell.settings.text("activation"), "softplus");
  EXPECT_EQ(set.seed, 9u);
}

TEST(Study, QuickMayBeWrittenAsTables) {
  std::string text = good.substr(0, good.find("[quick]"));
  text += "[quick]\npopulations.first = { networks = 1, training = { steps = 5 } }\n";
  const Study quick = parse_study(text, "", {.overrides = {}, .quick = true});
  EXPECT_EQ(quick.populations[1].networks, 1);
  EXPECT_EQ(quick.populations[1].training.integer("steps"), 5);
  EXPECT_EQ(quick.populations[1].training.texts("trainable").size(), 2u);  // stays
}

TEST(Study, ThatIsResolvedReadsBackAsItself) {
  const Study study = parse_study(good, "study.toml");
  const std::string text = to_toml(study);
  const Study again = parse_study(text, "resolved.toml");
  EXPECT_EQ(to_json(again), to_json(study));
  EXPECT_EQ(to_toml(again), text);
  EXPECT_EQ(again.populations[0].name, "second");
}

TEST(Study, ThatIsWrongIsRefusedInOneLineWithKeyFoundAndExpected) {
  expect_error(replaced("networks = 2", "netwroks = 2"), {"populations.second.networks"});
  expect_error(replaced("seed = 7", "seed = 7\nsed = 8"), {"sed", "'seed'?"});
  expect_error(replaced("units = 20", "unit = 20"), {"populations.second.cell", "unit", "units"});
  expect_error(replaced("units = 20", "units = \"20\""), {"cell.units"});
  expect_error(replaced("units = 20", "units = 0"), {"cell.units", "0"});
  expect_error(replaced("units = 20", "units = 20.5"), {"cell.units"});
  expect_error(replaced("duration = 1", "duration = -1"), {"task.duration", "-1"});
  expect_error(replaced("duration = 1", "settling = 0.5"), {"populations.second.task.settling"});
  expect_error(replaced("steps = 10", "steps = 10, curriculum = [\"length = 2\"]"),
               {"populations.first.training.curriculum", "length"});
  expect_error(replaced("\"recurrent\", \"bias\"", "\"recurrnt\""),
               {"populations.first.training.trainable", "recurrnt"});
  expect_error(replaced("networks = 2", "networks = -2"), {"networks", "-2"});
  expect_error(replaced("\"perception\"", "\"perceptoin\""),
               {"task.name", "perceptoin", "decision"});
  expect_error(replaced("\"tanh\"", "\"than\""), {"cell.activation", "than"});
  expect_error(replaced("pca = { dim = 2 }", "pac = {}"), {"analyses", "pac", "'pca'"});
  expect_error(replaced("name = \"example\"", "name = \"../../etc\""), {"name", "../../etc"});
  expect_error(replaced("[populations.first]", "[populations.\"a b\"]"), {"a b"});
  expect_error(replaced("seed = 7", "seed = "), {"line 3"});
  expect_error(replaced("seed = 7", "seed = nan"), {"seed"});
  expect_error(replaced("seed = 7", "seed = 2020-01-01"), {"seed", "date"});
  expect_error("", {"name"});
  expect_error("name = 3\nseed = 1", {"name", "3"});
  expect_error("name = \"x\"\nseed = 1", {"populations"});
  expect_error("name = \"x\"\nseed = 1\npopulations = 4", {"populations", "4"});
}

TEST(Study, OverridesThatNameNothingAreRefused) {
  EXPECT_NE(message(good, {.overrides = {"seed"}, .quick = false}).find("KEY=VALUE"),
            std::string::npos);
  EXPECT_NE(
      message(good, {.overrides = {"populations.first.cell.unis=3"}, .quick = false}).find("units"),
      std::string::npos);
}

TEST(Study, DoesNotFollowDeepNestingIntoTheStack) {
  std::string deep = "name = \"x\"\nseed = ";
  deep += std::string(100'000, '[');
  EXPECT_NE(message(deep), "accepted");
}

TEST(ShippedStudies, AreAllGoodAndCanBeFoundByName) {
  ASSERT_FALSE(shipped_studies().empty());
  for (const ShippedStudy& shipped : shipped_studies()) {
    EXPECT_EQ(find_study(shipped.name).name, shipped.name);
    EXPECT_NO_THROW(find_study(shipped.name, {.overrides = {}, .quick = true}));
  }
  EXPECT_THROW(find_study("no_such_study"), Error);
}

TEST(Analyses, HaveNamesOfTheirOwnAndSchemasThatHold) {
  for (const AnalysisKind& kind : analysis_kinds()) {
    EXPECT_EQ(analysis_kind(kind.name).meaning, kind.meaning);
    EXPECT_NO_THROW(Settings(kind.schema));
  }
  EXPECT_THROW(analysis_kind("pcca"), Error);
}

}  // namespace
}  // namespace nullcline::study
