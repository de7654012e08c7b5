// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/detail/scaled_blocks.hpp"

#include <gtest/gtest.h>

namespace nullcline::cells::detail {
namespace {

TEST(SumScaledBlocks, IsTheSumEntryByEntry) {
  const Index n = 11, columns = 3;  // whole vectors and a rest
  Matrix M(2 * n, columns), expected(n, columns), sum(n, columns);
  for (Index i = 0; i < M.size(); ++i) M.data()[i] = static_cast<double>(i % 7 - 3);
  const Vector a = Vector::LinSpaced(n, 1, 11), b = Vector::LinSpaced(n, -5, 5);
  const Vector f = Vector::LinSpaced(columns, 2, 4);
  for (Index j = 0; j < columns; ++j) {
    for (Index i = 0; i < n; ++i) expected(i, j) = f(j) * (a(i) * M(i, j) + b(i) * M(n + i, j));
  }
  sum_scaled_blocks({{M.data(), a.data()}, {M.data() + n, b.data()}}, M.rows(), f, sum);
  EXPECT_EQ(sum, expected);  // whole numbers, without rounding
  sum_scaled_blocks({}, M.rows(), f, sum);
  EXPECT_TRUE(sum.isZero(0));
}

}  // namespace
}  // namespace nullcline::cells::detail
