// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/tall_products.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "processes.hpp"

namespace nullcline::representation::detail {
namespace {

using testing::random_matrix;

TEST(TallProducts, AreTheProductsForAnyNumberOfColumns) {
  const Index n = 37;
  const double tolerance = static_cast<double>(n) * std::numeric_limits<double>::epsilon();
  for (const Index d : {1, 3, 4, 5, 8, 11}) {
    for (const Index K : {1, 4, 13}) {
      // Parts of larger matrices: columns that do not follow each other without gaps.
      const Matrix A = random_matrix(n + 2, d, 1), B = random_matrix(n + 3, K, 2);
      const Matrix exact = A.topRows(n).transpose() * B.topRows(n);
      const Matrix product = transposed_times(A.topRows(n), B.topRows(n));
      ASSERT_EQ(product.rows(), d);
      ASSERT_EQ(product.cols(), K);
      const double size = A.norm() * B.norm();
      EXPECT_LE((product - exact).cwiseAbs().maxCoeff(), tolerance * size) << d << " x " << K;

      const Matrix before = random_matrix(n, d, 3), right = random_matrix(K, d, 4);
      Matrix C = before;
      add_product(B.topRows(n), right, C);
      EXPECT_LE((C - (before + B.topRows(n) * right)).cwiseAbs().maxCoeff(),
                tolerance * (B.norm() * right.norm() + before.norm()))
          << d << " x " << K;
    }
  }
}

}  // namespace
}  // namespace nullcline::representation::detail
