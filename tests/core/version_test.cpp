// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/version.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace nullcline {
namespace {

TEST(Version, IsThreeNumbers) {
  EXPECT_TRUE(std::regex_match(std::string(version()), std::regex("\\d+\\.\\d+\\.\\d+")));
}

}  // namespace
}  // namespace nullcline
