// SPDX-License-Identifier: Apache-2.0
#include "nullcline/report/detail/encode.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "mock_document.hpp"

namespace nullcline::report::detail {
namespace {

using io::Json;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Document with_array(const Array& array) {
  Document document;
  document.groups.resize(1);
  document.groups[0].networks.resize(1);
  document.groups[0].networks[0].results["a"].arrays["x"] = array;
  return document;
}

Json array_in(const Document& document) {
  return Json::parse(encode(document))["groups"][0]["networks"][0]["results"]["a"]["arrays"]["x"];
}

/// The other direction, written apart from the code under test.
std::string bytes_of(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(digits.find(c));
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes.push_back(static_cast<char>((bits >> have) & 0xff));
    }
  }
  return bytes;
}

std::vector<float> floats_of(const Json& array) {
  const std::string bytes = bytes_of(array["data"].get<std::string>());
  std::vector<float> values;
  for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) {
    std::uint32_t bits = 0;
    for (std::size_t k = 4; k-- > 0;) bits = bits << 8 | static_cast<unsigned char>(bytes[i + k]);
    values.push_back(std::bit_cast<float>(bits));
  }
  return values;
}

TEST(Base64, IsThatOfTheStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, KeepsEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  EXPECT_EQ(bytes_of(base64(bytes)), bytes);
}

TEST(Encode, GivesDoublesAsTheNearestFloats) {
  const Json array = array_in(with_array({{2, 2}, std::vector<double>{1.0, -0.1, 1e-13, 3e38}}));
  EXPECT_EQ(array["shape"], Json({2, 2}));
  EXPECT_EQ(array["dtype"], "f4");
  EXPECT_EQ(floats_of(array), (std::vector<float>{1.0f, -0.1f, 1e-13f, 3e38f}));
}

TEST(Encode, KeepsNotANumberAndInfinitiesInArrays) {
  const auto values =
      floats_of(array_in(with_array({{4}, std::vector<double>{nan, infinity, -infinity, -0.0}})));
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[1], std::numeric_limits<float>::infinity());
  EXPECT_EQ(values[2], -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(values[3] == 0 && std::signbit(values[3]));
}

TEST(Encode, NamesNumbersThatJsonDoesNotHave) {
  Document document;
  document.study = {{"a", nan}, {"deep", {{"b", Json::array({infinity, -infinity, 1.5})}}}};
  const Json study = Json::parse(encode(document))["study"];
  EXPECT_EQ(study["a"], Json({{"number", "nan"}}));
  EXPECT_EQ(study["deep"]["b"][0], Json({{"number", "inf"}}));
  EXPECT_EQ(study["deep"]["b"][1], Json({{"number", "-inf"}}));
  EXPECT_EQ(study["deep"]["b"][2], 1.5);
}

TEST(Encode, WritesIntegersLittleEndianInFourBytesWhereTheyFit) {
  const Json small = array_in(with_array(Array::integers({1, -2, 0x01020304})));
  EXPECT_EQ(small["dtype"], "i4");
  EXPECT_EQ(bytes_of(small["data"]), std::string("\1\0\0\0\xfe\xff\xff\xff\4\3\2\1", 12));
  const Json large = array_in(with_array(Array::integers({std::int64_t{1} << 40})));
  EXPECT_EQ(large["dtype"], "f8");
  EXPECT_EQ(bytes_of(large["data"]), std::string("\0\0\0\0\0\0\x70\x42", 8));  // 2^40
}

TEST(Encode, KeepsBytesAsTheyAre) {
  const Json array = array_in(with_array({{3}, std::vector<std::uint8_t>{0, 127, 255}}));
  EXPECT_EQ(array["dtype"], "u1");
  EXPECT_EQ(bytes_of(array["data"]), std::string("\0\x7f\xff", 3));
}

TEST(Encode, RejectsAnArrayThatDoesNotFillItsShape) {
  EXPECT_THROW(encode(with_array({{2, 3}, std::vector<double>(5)})), std::invalid_argument);
}

TEST(Encode, KeepsSeedsOfSixtyFourBits) {
  Document document;
  document.groups.resize(1);
  document.groups[0].networks.resize(1);
  document.groups[0].networks[0].seed = std::numeric_limits<std::uint64_t>::max();
  const Json whole = Json::parse(encode(document));
  EXPECT_EQ(whole["groups"][0]["networks"][0]["seed"], "18446744073709551615");
}

TEST(Encode, LetsNoTextEndTheScriptElement) {
  const std::string hostile =
      "</script><script>alert(1)</script><!-- \xe2\x80\xa8 \xe2\x80\xa9 &\"";
  const std::string text = encode(mock_document({.networks = 1, .text = hostile}));
  EXPECT_EQ(text.find('<'), std::string::npos);
  for (const char c : text) ASSERT_LT(static_cast<unsigned char>(c), 0x80);
  EXPECT_EQ(Json::parse(text)["title"], "Mock study" + hostile);
}

TEST(Encode, ReplacesTextThatIsNotUtf8) {
  Document document;
  document.title =
      "a\xff"
      "b";
  EXPECT_EQ(Json::parse(encode(document))["title"],
            "a\xef\xbf\xbd"
            "b");
}

}  // namespace
}  // namespace nullcline::report::detail
