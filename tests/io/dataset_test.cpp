// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/dataset.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "nullcline/io/detail/text.hpp"
#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

using testing::error_of;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(RequireFinite, NamesTheArrayAndTheFirstIndex) {
  Dataset dataset;
  dataset.arrays["bias"] = {{2}, std::vector<float>{0, 1}};
  dataset.arrays["count"] = Array::integers({1, 2});
  dataset.arrays["recurrent"] = {{2, 2, 2}, std::vector<double>{0, 1, 2, 3, 4, 5, nan, nan}};
  EXPECT_EQ(error_of([&] { require_finite(dataset, "net.h5"); }),
            "net.h5: array 'recurrent'[1, 1, 0]: found nan, expected a finite number");
  dataset.arrays["recurrent"] = Array::scalar(-std::numeric_limits<double>::infinity());
  EXPECT_EQ(error_of([&] { require_finite(dataset, "net.h5"); }),
            "net.h5: array 'recurrent': found -inf, expected a finite number");
  dataset.arrays["recurrent"] = Array::scalar(1);
  EXPECT_EQ(error_of([&] { require_finite(dataset, "net.h5"); }), "");
}

TEST(ObjectionToName, IsNoneForNamesOfPyTorchAndOfPeople) {
  for (const char* name : {"weight_hh_l0", "rnn.weight_hh_l0", "a/b/c", "größe µ", "a b", "..."}) {
    EXPECT_EQ(objection_to_name(name), "") << name;
  }
}

TEST(ObjectionToName, LimitsLengthAndDepth) {
  EXPECT_EQ(objection_to_name(std::string(1000, 'a')), "");
  EXPECT_NE(objection_to_name(std::string(1001, 'a')), "");
  std::string deep = "a";
  for (int part = 1; part < 32; ++part) deep += "/a";
  EXPECT_EQ(objection_to_name(deep), "");
  EXPECT_NE(objection_to_name(deep + "/a"), "");
}

/// Well-formed UTF-8 passes, everything else is replaced byte by byte (Unicode 15, table 3-7).
TEST(Printable, LetsThroughUnicodeAndNoControlCharacter) {
  using detail::printable;
  EXPECT_EQ(printable("größe µ 神経 \xf0\x9f\xa7\xa0"), "größe µ 神経 \xf0\x9f\xa7\xa0");
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f"), "a?b?[31m?");
  EXPECT_EQ(printable("\xc2\x85"), "??");            // U+0085, a control character.
  EXPECT_EQ(printable("\xc0\x80"), "??");            // Overlong.
  EXPECT_EQ(printable("\xe0\x9f\xbf"), "???");       // Overlong.
  EXPECT_EQ(printable("\xed\xa0\x80"), "???");       // A surrogate.
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????");  // Beyond U+10FFFF.
  EXPECT_EQ(printable("\xe7\xa5"), "??");            // Cut short.
  EXPECT_EQ(printable(std::string(300, 'x')), std::string(200, 'x') + "...");
  EXPECT_EQ(printable("ßßß", 3), "ß...");
}

}  // namespace
}  // namespace nullcline::io
