// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/settings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "nullcline/core/errors.hpp"

namespace nullcline {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double not_a_number = std::numeric_limits<double>::quiet_NaN();

const Schema schema = {
    {"steps", std::int64_t{100}, "Training steps.", 1},
    {"rate", 0.001, "Learning rate.", 0, 1},
    {"clip", infinity, "Largest norm of a gradient; inf: any.", 0},
    {"bias", 0.5, "Anything finite."},
    {"noise", true, "Whether there is noise."},
    {"activation", std::string("tanh"), "Of each unit.", -infinity, infinity, {"tanh", "relu"}},
    {"title", std::string(), "Any text."},
    {"coherences", std::vector<double>{-0.5, 0.5}, "Of the conditions.", -1, 1},
    {"metrics",
     std::vector<std::string>{"cka"},
     "To compare by.",
     -infinity,
     infinity,
     {"cka", "svcca"}},
};

/// The message with which `given` is refused.
std::string refusal(const std::map<std::string, Value>& given, const std::string& where = "") {
  try {
    const Settings settings(schema, given, where);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Settings, AreTheDefaultsWhereNothingIsGiven) {
  const Settings settings(schema);
  EXPECT_EQ(settings.integer("steps"), 100);
  EXPECT_EQ(settings.number("rate"), 0.001);
  EXPECT_EQ(settings.number("clip"), infinity);
  EXPECT_TRUE(settings.flag("noise"));
  EXPECT_EQ(settings.text("activation"), "tanh");
  EXPECT_EQ(settings.numbers("coherences"), (std::vector<double>{-0.5, 0.5}));
  EXPECT_EQ(settings.texts("metrics"), (std::vector<std::string>{"cka"}));
  EXPECT_EQ(settings.values().size(), schema.size());
}

TEST(Settings, TakeWhatIsGiven) {
  const Settings settings(schema, {{"steps", std::int64_t{7}},
                                   {"noise", false},
                                   {"activation", std::string("relu")},
                                   {"metrics", std::vector<std::string>{"svcca", "cka"}}});
  EXPECT_EQ(settings.integer("steps"), 7);
  EXPECT_FALSE(settings.flag("noise"));
  EXPECT_EQ(settings.text("activation"), "relu");
  EXPECT_EQ(settings.texts("metrics").size(), 2u);
  EXPECT_EQ(settings.number("rate"), 0.001);
}

TEST(Settings, TakeAWholeNumberWhereADoubleIsWanted) {
  const Settings settings(schema, {{"rate", std::int64_t{1}}});
  EXPECT_EQ(settings.number("rate"), 1.0);
  EXPECT_TRUE(std::holds_alternative<double>(settings.values().at("rate")));
}

TEST(Settings, TakeAnEmptyListForEitherList) {
  const Settings settings(
      schema, {{"coherences", std::vector<std::string>{}}, {"metrics", std::vector<double>{}}});
  EXPECT_TRUE(settings.numbers("coherences").empty());
  EXPECT_TRUE(settings.texts("metrics").empty());
}

TEST(Settings, NameTheNearestKnownSetting) {
  EXPECT_EQ(refusal({{"stpes", std::int64_t{1}}}),
            "stpes: unknown setting 'stpes', did you mean 'steps'?");
  EXPECT_EQ(refusal({{"stpes", std::int64_t{1}}}, "training"),
            "training.stpes: unknown setting 'stpes', did you mean 'steps'?");
}

TEST(Settings, NameAllKnownSettingsWhenNoneIsNear) {
  EXPECT_NE(refusal({{"temperature_of_the_room", 1.0}}).find("known are: steps, rate, clip"),
            std::string::npos);
  try {
    const Settings settings(Schema{}, {{"x", 1.0}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "x: unknown setting 'x', there are none here");
  }
}

TEST(Settings, RefuseAWrongType) {
  EXPECT_EQ(refusal({{"steps", std::string("many")}}, "training"),
            "training.steps: found \"many\" (a text), expected a whole number");
  EXPECT_EQ(refusal({{"steps", 2.0}}), "steps: found 2.0 (a number), expected a whole number");
  EXPECT_EQ(refusal({{"noise", std::int64_t{1}}}),
            "noise: found 1 (a whole number), expected true or false");
  EXPECT_NE(refusal({{"rate", true}}), "accepted");
  EXPECT_NE(refusal({{"coherences", 0.5}}), "accepted");
  EXPECT_NE(refusal({{"coherences", std::vector<std::string>{"0.5"}}}), "accepted");
  EXPECT_NE(refusal({{"metrics", std::vector<double>{1}}}), "accepted");
  EXPECT_NE(refusal({{"title", std::int64_t{3}}}), "accepted");
}

TEST(Settings, StateTheRangeThatAValueLeaves) {
  EXPECT_EQ(refusal({{"steps", std::int64_t{0}}}),
            "steps: found 0, expected a whole number at least 1");
  EXPECT_EQ(refusal({{"rate", 1.5}}), "rate: found 1.5, expected a number between 0 and 1");
  EXPECT_EQ(refusal({{"coherences", std::vector<double>{0, 2}}}),
            "coherences: found [0.0, 2.0], expected a list of numbers, each between -1 and 1");
}

TEST(Settings, TakeTheEndsOfARange) {
  EXPECT_EQ(refusal({{"steps", std::int64_t{1}}}), "accepted");
  EXPECT_EQ(refusal({{"rate", 0.0}}), "accepted");
  EXPECT_EQ(refusal({{"rate", 1.0}}), "accepted");
}

TEST(Settings, RefuseNumbersThatAreNotFinite) {
  EXPECT_EQ(refusal({{"bias", infinity}}), "bias: found inf, expected a finite number");
  EXPECT_NE(refusal({{"bias", not_a_number}}), "accepted");
  EXPECT_NE(refusal({{"rate", not_a_number}}), "accepted");
  EXPECT_NE(refusal({{"coherences", std::vector<double>{not_a_number}}}), "accepted");
}

TEST(Settings, TakeAnInfinityOnlyWhereItIsTheDefault) {
  EXPECT_EQ(refusal({{"clip", infinity}}), "accepted");
  EXPECT_EQ(refusal({{"clip", 1.0}}), "accepted");
  EXPECT_NE(refusal({{"clip", -infinity}}), "accepted");
  EXPECT_NE(refusal({{"clip", not_a_number}}), "accepted");
}

TEST(Settings, ListTheChoicesOfAText) {
  EXPECT_EQ(refusal({{"activation", std::string("rleu")}}),
            "activation: found \"rleu\", expected one of \"tanh\", \"relu\"; "
            "did you mean \"relu\"?");
  EXPECT_NE(refusal({{"metrics", std::vector<std::string>{"cka", "dsa"}}}), "accepted");
  EXPECT_EQ(refusal({{"title", std::string("anything")}}), "accepted");
}

TEST(Settings, CutLongValuesInMessages) {
  EXPECT_LT(refusal({{"steps", std::vector<double>(1000, 0.123)}}).size(), 200u);
}

TEST(Settings, RefuseASchemaWithANameTwiceOrAnImpossibleDefault) {
  EXPECT_THROW(Settings({{"a", 1.0, ""}, {"a", 2.0, ""}}), std::invalid_argument);
  EXPECT_THROW(Settings({{"a", 1.0, "", 2.0}}), std::invalid_argument);
}

TEST(Settings, RefuseToBeReadByAWrongNameOrType) {
  const Settings settings(schema);
  EXPECT_THROW(settings.number("nothing"), std::invalid_argument);
  EXPECT_THROW(settings.number("steps"), std::invalid_argument);
  EXPECT_THROW(settings.flag("title"), std::invalid_argument);
}

TEST(ToString, WritesTomlLiterals) {
  EXPECT_EQ(to_string(true), "true");
  EXPECT_EQ(to_string(std::int64_t{-3}), "-3");
  EXPECT_EQ(to_string(2.0), "2.0");
  EXPECT_EQ(to_string(-0.0), "-0.0");
  EXPECT_EQ(to_string(1e300), "1e+300");
  EXPECT_EQ(to_string(-infinity), "-inf");
  EXPECT_EQ(to_string(not_a_number), "nan");
  EXPECT_EQ(to_string(std::vector<double>{1, 0.1}), "[1.0, 0.1]");
  EXPECT_EQ(to_string(std::vector<std::string>{"a", "b"}), "[\"a\", \"b\"]");
  EXPECT_EQ(to_string(std::vector<double>{}), "[]");
}

TEST(ToString, EscapesWhatTomlDoesNotTakeInAString) {
  EXPECT_EQ(to_string(std::string("a \"b\" \\ \n\t\x01\x7f")),
            "\"a \\\"b\\\" \\\\ \\n\\t\\u0001\\u007F\"");
  EXPECT_EQ(to_string(std::string("\xcf\x84")), "\"\xcf\x84\"");  // UTF-8 stays
}

TEST(ToString, OfADoubleReadsBackAsTheSameBits) {
  double x = 1e-308;
  while (x < 1e308) {
    for (const double value : {x, -x, std::nextafter(x, infinity)}) {
      EXPECT_EQ(std::strtod(to_string(value).c_str(), nullptr), value);
    }
    x *= 1234.56789;
  }
  const double smallest = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(std::strtod(to_string(smallest).c_str(), nullptr), smallest);
}

TEST(TypeName, IsPlainEnglish) {
  EXPECT_STREQ(type_name(true), "true or false");
  EXPECT_STREQ(type_name(std::int64_t{1}), "a whole number");
  EXPECT_STREQ(type_name(1.0), "a number");
  EXPECT_STREQ(type_name(std::string()), "a text");
  EXPECT_STREQ(type_name(std::vector<double>()), "a list of numbers");
  EXPECT_STREQ(type_name(std::vector<std::string>()), "a list of texts");
}

}  // namespace
}  // namespace nullcline
