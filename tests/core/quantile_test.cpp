// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/quantile.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nullcline {
namespace {

TEST(Quantile, LiesBetweenOrderStatistics) {
  const Vector values{{1, 2, 4, 8}};
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 1), 8);
  EXPECT_EQ(quantile(values, 0.5), 3);             // numpy.quantile: 3.0
  EXPECT_DOUBLE_EQ(quantile(values, 0.9), 6.8);    // numpy.quantile: 6.8
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 1.75);  // numpy.quantile: 1.75
  EXPECT_EQ(quantile(Vector{{3}}, 0.7), 3);
}

TEST(Quantile, OfNothingIsMisuse) {
  EXPECT_THROW((void)quantile(Vector(), 0.5), std::invalid_argument);
  EXPECT_THROW((void)quantile(Vector{{1}}, 1.5), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
