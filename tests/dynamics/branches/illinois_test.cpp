// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/illinois.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace nullcline::dynamics::detail {
namespace {

TEST(FindSignChange, FindsTheZeroInFewEvaluations) {
  int evaluations = 0;
  const auto f = [&](double x) -> std::optional<double> {
    ++evaluations;
    return x * x * x - 2;
  };
  const Zero zero = find_sign_change(f, {0, -2, 2, 6}, 1e-14, 1e-15);
  EXPECT_NEAR(zero.at, std::cbrt(2.0), 1e-14);
  EXPECT_FALSE(zero.jumps);
  EXPECT_LE(evaluations, 25);
}

TEST(FindSignChange, FindsAZeroThatFalsePositionCreepsTo) {
  const auto f = [](double x) -> std::optional<double> { return std::pow(x, 9); };
  const Zero zero = find_sign_change(f, {-0.3, std::pow(-0.3, 9), 2, 512}, 1e-12, 0);
  EXPECT_LE(std::abs(zero.at), 1e-12);
  EXPECT_FALSE(zero.jumps);
}

TEST(FindSignChange, TellsAJump) {
  const auto f = [](double x) -> std::optional<double> { return x < 0.3 ? -1.0 : 2.0; };
  const Zero zero = find_sign_change(f, {0, -1, 1, 2}, 1e-12, 1e-13);
  EXPECT_TRUE(zero.jumps);
  EXPECT_LE(zero.low, 0.3);
  EXPECT_GE(zero.high, 0.3);
  EXPECT_LE(zero.high - zero.low, 1e-12);
}

TEST(FindSignChange, EndsWhereThereIsNoValue) {
  const auto f = [](double x) -> std::optional<double> {
    return std::abs(x - 0.5) < 0.1 ? std::nullopt : std::optional<double>(x - 0.5);
  };
  const Zero zero = find_sign_change(f, {0, -0.5, 0.8, 0.3}, 1e-12, 1e-13);
  EXPECT_EQ(zero.at, 0.8);
  EXPECT_FALSE(zero.jumps);
}

}  // namespace
}  // namespace nullcline::dynamics::detail
