// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/packed_product.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/core/random_matrix.hpp"

namespace nullcline {
namespace {

template <class Real>
class PackedProduct : public ::testing::Test {};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(PackedProduct, Reals);

TYPED_TEST(PackedProduct, IsTheProductForAllShapesAroundTheTiles) {
  using Real = TypeParam;
  for (const Index m : {1, 3, 8, 16, 17, 33, 100}) {
    for (const Index k : {1, 2, 7, 64}) {
      for (const Index n : {1, 5, 6, 7, 12, 13, 64}) {
        const auto A = random_matrix<Real>(m, k, 1), B = random_matrix<Real>(k, n, 2);
        PackedMatrix<Real> packed;
        packed.pack(A);
        MatrixX<Real> C = MatrixX<Real>::Constant(m, n, std::numeric_limits<Real>::quiet_NaN());
        multiply_packed(packed, B.data(), 1, k, n, C.data(), m, false);
        const Matrix exact = A.template cast<double>() * B.template cast<double>();
        EXPECT_LE((C.template cast<double>() - exact).cwiseAbs().maxCoeff(), tolerance<Real>(k))
            << m << " x " << k << " x " << n;
        // Accumulating doubles it, up to the rounding of the sum.
        multiply_packed(packed, B.data(), 1, k, n, C.data(), m, true);
        EXPECT_LE((C.template cast<double>() - 2 * exact).cwiseAbs().maxCoeff(),
                  3 * tolerance<Real>(k));
      }
    }
  }
}

TYPED_TEST(PackedProduct, TakesTransposesOfBothFactors) {
  using Real = TypeParam;
  const auto A = random_matrix<Real>(21, 34, 1), B = random_matrix<Real>(19, 21, 2);
  PackedMatrix<Real> packed;
  packed.pack(A, true);
  MatrixX<Real> C(34, 19);
  multiply_packed(packed, B.data(), 19, 1, 19, C.data(), 34, false);
  const Matrix exact =
      A.transpose().template cast<double>() * B.transpose().template cast<double>();
  EXPECT_LE((C.template cast<double>() - exact).cwiseAbs().maxCoeff(), tolerance<Real>(21));
}

TYPED_TEST(PackedProduct, GivesTheSameBitsForColumnsAloneAndTogether) {
  using Real = TypeParam;
  const auto A = random_matrix<Real>(37, 50, 1), B = random_matrix<Real>(50, 64, 2);
  PackedMatrix<Real> packed;
  packed.pack(A);
  MatrixX<Real> together(37, 64), alone(37, 64);
  multiply_packed(packed, B.data(), 1, 50, 64, together.data(), 37, false);
  for (Index j = 0; j < 64; ++j) {
    multiply_packed(packed, B.col(j).data(), 1, 50, 1, alone.col(j).data(), 37, false);
  }
  EXPECT_EQ(together, alone);
}

TYPED_TEST(PackedProduct, LeavesWhatLiesBetweenColumnsAlone) {
  using Real = TypeParam;
  const auto A = random_matrix<Real>(17, 5, 1), B = random_matrix<Real>(5, 9, 2);
  PackedMatrix<Real> packed;
  packed.pack(A);
  MatrixX<Real> C = MatrixX<Real>::Constant(20, 9, 7);
  multiply_packed(packed, B.data(), 1, 5, 9, C.data(), 20, false);
  EXPECT_TRUE((C.bottomRows(3).array() == 7).all());
}

}  // namespace
}  // namespace nullcline
