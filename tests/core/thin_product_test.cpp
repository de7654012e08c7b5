// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/thin_product.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/core/random_matrix.hpp"

namespace nullcline {
namespace {

template <class Real>
class ThinProduct : public ::testing::Test {};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(ThinProduct, Reals);

/// R with columns `ld` apart and NaN between them, which nothing may read.
template <class Real>
MatrixX<Real> padded(const MatrixX<Real>& R, Index ld) {
  MatrixX<Real> A = MatrixX<Real>::Constant(ld, R.cols(), std::numeric_limits<Real>::quiet_NaN());
  A.topRows(R.rows()) = R;
  return A;
}

TYPED_TEST(ThinProduct, IsTheProductForAllShapes) {
  using Real = TypeParam;
  for (Index rows = 1; rows <= thin_rows; ++rows) {
    for (const Index n : {1, 7, 8, 16, 31, 64, 65, 130}) {
      for (const Index columns : {1, 3, 4, 9}) {
        const auto D = random_matrix<Real>(n, rows, 1), R = random_matrix<Real>(n, columns, 2);
        const auto spaced = padded<Real>(R, n + 3);
        MatrixX<Real> Z(rows, columns);
        multiply_thin<Real>(D, spaced.data(), n + 3, columns, Z.data());
        const Matrix exact = D.transpose().template cast<double>() * R.template cast<double>();
        EXPECT_LE((Z.template cast<double>() - exact).cwiseAbs().maxCoeff(), tolerance<Real>(n))
            << rows << " x " << n << " x " << columns;
      }
    }
  }
}

TYPED_TEST(ThinProduct, AColumnDoesNotDependOnItsNeighbours) {
  using Real = TypeParam;
  const auto D = random_matrix<Real>(50, 3, 1), R = random_matrix<Real>(50, 7, 2);
  MatrixX<Real> all(3, 7), one(3, 1);
  multiply_thin<Real>(D, R.data(), 50, 7, all.data());
  for (Index j = 0; j < 7; ++j) {
    multiply_thin<Real>(D, R.col(j).data(), 50, 1, one.data());
    EXPECT_EQ(all.col(j), one) << "column " << j;
  }
}

TYPED_TEST(ThinProduct, AddsTheOuterProductAndTouchesNothingElse) {
  using Real = TypeParam;
  for (Index rows = 1; rows <= thin_rows; ++rows) {
    for (const Index n : {1, 7, 16, 31, 64, 130}) {
      const Index columns = 37, ld = n + 5;
      const auto E = random_matrix<Real>(rows, columns, 1), R = random_matrix<Real>(n, columns, 2);
      const auto before = random_matrix<Real>(ld, rows, 3);
      MatrixX<Real> G = before;
      const auto spaced = padded<Real>(R, ld);
      add_thin_outer_product<Real>(E.data(), spaced.data(), ld, columns, G.topRows(n));
      const Matrix exact = R.template cast<double>() * E.transpose().template cast<double>() +
                           before.topRows(n).template cast<double>();
      EXPECT_LE((G.topRows(n).template cast<double>() - exact).cwiseAbs().maxCoeff(),
                2 * tolerance<Real>(columns))
          << rows << " x " << n;
      EXPECT_EQ(G.bottomRows(5), before.bottomRows(5));
    }
  }
}

TYPED_TEST(ThinProduct, BothInOnePassAreEachByItself) {
  using Real = TypeParam;
  for (Index rows = 1; rows <= thin_rows; ++rows) {
    for (const Index n : {1, 7, 16, 31, 64, 130}) {
      for (const Index columns : {1, 2, 5, 8}) {
        const Index ld = n + 3;
        const auto D = random_matrix<Real>(n, rows, 1), R = random_matrix<Real>(n, columns, 2);
        const auto E = random_matrix<Real>(rows, columns, 3);
        const auto before = random_matrix<Real>(ld, rows, 4);
        const auto spaced = padded<Real>(R, ld);
        MatrixX<Real> G = before, expected_G = before, expected_Z(rows, columns);
        MatrixX<Real> Z = MatrixX<Real>::Ones(columns + 2, rows);
        multiply_thin_both<Real>(D, E.data(), spaced.data(), ld, columns, Z.topRows(columns),
                                 G.topRows(n));
        multiply_thin<Real>(D, spaced.data(), ld, columns, expected_Z.data());
        add_thin_outer_product<Real>(E.data(), spaced.data(), ld, columns, expected_G.topRows(n));
        EXPECT_LE((Z.topRows(columns) - expected_Z.transpose()).cwiseAbs().maxCoeff(),
                  tolerance<Real>(n));
        EXPECT_LE((G - expected_G).cwiseAbs().maxCoeff(), 2 * tolerance<Real>(columns))
            << rows << " x " << n << " x " << columns;
        EXPECT_EQ(G.bottomRows(3), before.bottomRows(3));
        EXPECT_EQ(Z.bottomRows(2), MatrixX<Real>::Ones(2, rows));
      }
    }
  }
}

}  // namespace
}  // namespace nullcline
