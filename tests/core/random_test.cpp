// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/random.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "nullcline/core/detail/philox.hpp"

namespace nullcline {
namespace {

constexpr std::uint32_t key[2] = {0x243f6a88u, 0x85a308d3u};

TEST(Philox, OfThePaperGivesItsKnownAnswers) {
  // The known-answer test of Random123 1.14 (kat_vectors, philox4x32 10) for counter and key 0.
  const auto words = r123::Philox4x32()({{0, 0, 0, 0}}, {{0, 0}});
  EXPECT_EQ(words[0], 0x6627e8d5u);
  EXPECT_EQ(words[1], 0xe169c58du);
  EXPECT_EQ(words[2], 0xbc57ac4cu);
  EXPECT_EQ(words[3], 0x9b00dbd8u);
}

TEST(Normals, OfVectorCodeHaveTheBitsOfTheScalarCode) {
  std::vector<float> vector(64 * 100), scalar(vector.size());
  const std::uint64_t far = (std::uint64_t{1} << 40) + 16 * 7;  // past 32 bits of blocks
  for (const std::uint64_t block : {std::uint64_t{0}, far}) {
    detail::normals_vector(key, 3, block, 100, 1.5f, vector.data());
    detail::normals_scalar(key, 3, block, 100, 1.5f, scalar.data());
    EXPECT_EQ(std::memcmp(vector.data(), scalar.data(), vector.size() * sizeof(float)), 0);
  }
}

TEST(Normals, OfSingleAndDoublePrecisionAreTheSameNumbers) {
  std::vector<float> single(64 * 256);
  std::vector<double> precise(single.size());
  detail::normals_vector(key, 9, 0, 256, 1, single.data());
  detail::normals_double(key, 9, 0, 256, 1, precise.data());
  for (std::size_t i = 0; i < single.size(); ++i) {
    // Twelve roundings or so, at |z| < 6.8; near u = 1 the radius sqrt(-2 log u) amplifies
    // eps(u) to sqrt(eps(u)).
    EXPECT_NEAR(single[i], precise[i], 4e-4 * (std::abs(precise[i]) < 0.02) + 4e-6);
  }
}

TEST(Normals, HaveTheMomentsOfTheNormalDistribution) {
  constexpr std::size_t count = std::size_t{1} << 20;
  std::vector<float> z(count);
  RandomStream({1, 2, Purpose::trials, 3}).fill_normal(std::span<float>(z));
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0, tail = 0, neighbours = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = z[i];
    m1 += x;
    m2 += x * x;
    m3 += x * x * x;
    m4 += x * x * x * x;
    tail += std::abs(x) > 3 ? 1 : 0;
    neighbours += x * static_cast<double>(z[(i + 16) % count]);
  }
  const auto n = static_cast<double>(count);
  const double error = 5 / std::sqrt(n);  // five standard errors of a mean of variance 1
  EXPECT_NEAR(m1 / n, 0, error);
  EXPECT_NEAR(m2 / n, 1, error * std::sqrt(2));
  EXPECT_NEAR(m3 / n, 0, error * std::sqrt(15));
  EXPECT_NEAR(m4 / n, 3, error * std::sqrt(96));
  const double p = std::erfc(3 / std::sqrt(2.0));
  EXPECT_NEAR(tail / n, p, error * std::sqrt(p));
  EXPECT_NEAR(neighbours / n, 0, error);  // the two of a Box-Muller pair are 16 apart
}

TEST(RandomStream, WithTheSameAddressGivesTheSameNumbers) {
  RandomStream a({5, 6, Purpose::trials, 7}), b({5, 6, Purpose::trials, 7});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.word(), b.word());
}

TEST(RandomStream, DiffersWhenAnyPartOfTheAddressDiffers) {
  const auto first = [](const StreamAddress& address) { return RandomStream(address).word(); };
  const StreamAddress base{5, 6, Purpose::trials, 7};
  EXPECT_NE(first(base), first({4, 6, Purpose::trials, 7}));
  EXPECT_NE(first(base), first({5, 5, Purpose::trials, 7}));
  EXPECT_NE(first(base), first({5, 6, Purpose::test_trials, 7}));
  EXPECT_NE(first(base), first({5, 6, Purpose::trials, 8}));
  EXPECT_NE(first(base), first({5 + (std::uint64_t{1} << 40), 6, Purpose::trials, 7}));
}

TEST(RandomStream, FillsDoNotDependOnWhatFollowsAndGoOnBehindOneAnother) {
  std::vector<float> whole(200), part(70);
  RandomStream({1, 1, Purpose::trials, 1}).fill_normal(std::span<float>(whole));
  RandomStream stream({1, 1, Purpose::trials, 1});
  stream.fill_normal(std::span<float>(part));
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
  // The next fill starts at the next group of 64: 70 values used two.
  std::vector<float> rest(64);
  stream.fill_normal(std::span<float>(rest));
  EXPECT_TRUE(std::equal(rest.begin(), rest.end(), whole.begin() + 128));
}

TEST(RandomStream, UniformsAreInsideTheUnitIntervalAndEven) {
  RandomStream stream({1, 1, Purpose::trials, 1});
  std::vector<int> bins(10);
  for (int i = 0; i < 100'000; ++i) {
    const double u = stream.uniform();
    ASSERT_GT(u, 0);
    ASSERT_LT(u, 1);
    ++bins[static_cast<std::size_t>(u * 10)];
  }
  for (const int bin : bins) EXPECT_NEAR(bin, 10'000, 5 * std::sqrt(9'000));
}

TEST(RandomStream, BelowCoversItsRangeEvenly) {
  RandomStream stream({1, 1, Purpose::trials, 1});
  std::vector<int> bins(7);
  for (int i = 0; i < 70'000; ++i) ++bins.at(stream.below(7));
  for (const int bin : bins) EXPECT_NEAR(bin, 10'000, 5 * std::sqrt(10'000 * 6 / 7.0));
  EXPECT_EQ(stream.below(1), 0u);
}

}  // namespace
}  // namespace nullcline
