// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/hash.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

namespace nullcline {
namespace {

/// The inverse of splitmix64's finalizer, which leaves plain FNV-1a.
std::uint64_t unmixed(std::uint64_t z) {
  const auto unshift = [](std::uint64_t y, int shift) {
    std::uint64_t x = y;
    for (int known = shift; known < 64; known += shift) x = y ^ (x >> shift);
    return x;
  };
  const auto inverse = [](std::uint64_t odd) {  // modulo 2^64, by Newton's iteration
    std::uint64_t x = odd;
    for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
    return x;
  };
  z = unshift(z, 31) * inverse(0x94d049bb133111ebu);
  z = unshift(z, 27) * inverse(0xbf58476d1ce4e5b9u);
  return unshift(z, 30);
}

TEST(Hash64, IsFnv1aUnderTheMixing) {
  // Test vectors of Fowler, Noll and Vo, fnv64a.
  EXPECT_EQ(unmixed(hash64("")), 0xcbf29ce484222325u);
  EXPECT_EQ(unmixed(hash64("a")), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(unmixed(hash64("foobar")), 0x85944171f73967e8u);
}

TEST(Hash64, HasNoCollisionAmongManyShortTexts) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100'000; ++i) seen.insert(hash64("seed = " + std::to_string(i)));
  EXPECT_EQ(seen.size(), 100'000u);
}

TEST(Hash64, ChangesHalfOfTheBitsWithOneLetter) {
  int changed = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = std::to_string(i);
    changed += std::popcount(hash64(text + "a") ^ hash64(text + "b"));
  }
  // The mean of 1000 binomials (64, 1/2) is 32 +- 4 / sqrt(1000); five of these.
  EXPECT_NEAR(changed / 1000.0, 32, 5 * 4 / std::sqrt(1000.0));
}

TEST(Hash64, ReadsEveryByte) {
  EXPECT_NE(hash64(std::string("a\0b", 3)), hash64(std::string("a\0c", 3)));
  EXPECT_NE(hash64("\xff"), hash64("\x7f"));
}

TEST(Hex, HasSixteenDigits) {
  EXPECT_EQ(hex(0), "0000000000000000");
  EXPECT_EQ(hex(0x0123456789abcdefu), "0123456789abcdef");
  EXPECT_EQ(hex(~std::uint64_t{0}), "ffffffffffffffff");
}

}  // namespace
}  // namespace nullcline
