// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

using testing::error_of;

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "[";
  for (int i = 0; i < depth; ++i) text += "]";
  return text;
}

TEST(ParseJson, ReadsWhatFormatJsonWrites) {
  const Json document = testing::sample().attributes;
  EXPECT_EQ(parse_json(format_json(document), "file"), document);
}

TEST(ParseJson, KeepsEveryBitOfANumber) {
  for (const double value : {0.1, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, -0.0}) {
    const auto copy = parse_json(format_json(Json(value)), "file").get<double>();
    EXPECT_EQ(copy, value);
    EXPECT_EQ(std::signbit(copy), std::signbit(value));
  }
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(parse_json(format_json(Json(largest)), "file").get<std::int64_t>(), largest);
}

TEST(ParseJson, SaysWhereAndWhyItRefuses) {
  EXPECT_EQ(
      error_of([] { parse_json("{\"a\": nul}", "file", "attributes"); }),
      "file: attributes: not JSON: parse error at line 1, column 10: syntax error while parsing "
      "value - invalid literal; last read: '\"a\": nul}'");
}

TEST(ParseJson, RefusesWhatIsNoJsonInOneLine) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[1,]"), std::string("nan"),
        std::string("1e999"), std::string("\"\xff\""), std::string("\"\xc0\x80\""),
        std::string("\"\n\""), std::string("\"\\ud800\""), std::string("{\"a\":1}\0x", 9),
        "\"" + std::string(100'000, 'x'), std::string(100'000, '\xff')}) {
    EXPECT_NE(error_of([&] { parse_json(text, "file"); }), "") << text.substr(0, 20);
  }
}

TEST(ParseJson, RefusesWhatIsNestedTooDeeplyWithoutRecursion) {
  EXPECT_NO_THROW(parse_json(nested(max_json_depth), "file"));
  const std::string refusal = "file: found JSON nested more deeply, expected at most 100 levels";
  EXPECT_EQ(error_of([] { parse_json(nested(max_json_depth + 1), "file"); }), refusal);
  EXPECT_EQ(error_of([] { parse_json(nested(1'000'000), "file"); }), refusal);
  EXPECT_EQ(error_of([] { parse_json(std::string(1'000'000, '['), "file"); }), refusal);
}

TEST(FormatJson, RefusesWhatCouldNotBeReadAgain) {
  EXPECT_THROW(format_json(Json("\xff")), std::invalid_argument);
  Json deep;
  for (int i = 0; i <= max_json_depth; ++i) deep = Json::array({deep});
  EXPECT_THROW(format_json(deep), std::invalid_argument);
  EXPECT_EQ(format_json(parse_json(nested(max_json_depth), "file")), nested(max_json_depth));
}

TEST(FormatJson, WritesNullForWhatJsonHasNot) {
  EXPECT_EQ(format_json(Json(std::numeric_limits<double>::quiet_NaN())), "null");
}

}  // namespace
}  // namespace nullcline::io
