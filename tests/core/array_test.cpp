// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/array.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <variant>
#include <vector>

namespace nullcline {
namespace {

/// Entries i + 10 j: none equal, none symmetric.
Matrix numbered(Index rows, Index cols) {
  return Matrix::NullaryExpr(rows, cols,
                             [](Index i, Index j) { return static_cast<double>(i + 10 * j); });
}

TEST(Array, OfAMatrixLiesInCOrder) {
  const Array array = Array::matrix(numbered(2, 3));
  EXPECT_EQ(array.shape, (std::vector<Index>{2, 3}));
  EXPECT_EQ(std::get<std::vector<double>>(array.data), (std::vector<double>{0, 10, 20, 1, 11, 21}));
}

TEST(Array, GivesBackMatrixVectorAndSequenceUnchanged) {
  const Matrix A = numbered(4, 6);
  EXPECT_EQ(Array::matrix(A).as_matrix(), A);
  EXPECT_EQ(Array::vector(A.col(2)).as_vector(), A.col(2));
  EXPECT_EQ(Array::sequence(A, 3, 2).as_columns(), A);
  const MatrixX<float> F = A.cast<float>();
  EXPECT_EQ(Array::matrix(F).as_matrix(), A);
  EXPECT_EQ(Array::sequence(F, 2, 3).as_columns(), A);
}

TEST(Array, OfASequenceKeepsEveryEntryInItsPlace) {
  // Entry (t, b, i) of the C-order array is state i of trial b at time t, column t B + b.
  const Index T = 3, B = 2, N = 4;
  const Matrix X = numbered(N, T * B);
  const Array array = Array::sequence(X, T, B);
  ASSERT_EQ(array.shape, (std::vector<Index>{T, B, N}));
  const auto& data = std::get<std::vector<double>>(array.data);
  for (Index t = 0; t < T; ++t) {
    for (Index b = 0; b < B; ++b) {
      for (Index i = 0; i < N; ++i) {
        EXPECT_EQ(data[static_cast<std::size_t>((t * B + b) * N + i)], X(i, t * B + b));
      }
    }
  }
}

TEST(Array, TakesBlocksOfLargerMatrices) {
  const Matrix A = numbered(5, 5);
  EXPECT_EQ(Array::matrix(A.block(1, 2, 3, 2)).as_matrix(), A.block(1, 2, 3, 2));
  EXPECT_EQ(Array::sequence(A.topRows(2), 5, 1).as_columns(), A.topRows(2));
}

TEST(Array, NamesItsTypeAsNumPyDoes) {
  EXPECT_EQ(Array::matrix(MatrixX<float>(1, 1)).dtype(), "float32");
  EXPECT_EQ(Array::scalar(1).dtype(), "float64");
  EXPECT_EQ(Array::integers({1, 2}).dtype(), "int64");
  EXPECT_EQ((Array{{1}, std::vector<std::uint8_t>{7}}).dtype(), "uint8");
}

TEST(Array, ReadsAnyTypeAsDouble) {
  EXPECT_EQ(Array::integers({3, -4}).as_vector(), Vector({{3.0, -4.0}}));
  EXPECT_EQ((Array{{2}, std::vector<std::uint8_t>{0, 255}}).as_vector(), Vector({{0.0, 255.0}}));
}

TEST(Array, WritesItsShapeAsPythonDoes) {
  EXPECT_EQ(Array::scalar(1).shape_text(), "()");
  EXPECT_EQ(Array::integers({1, 2}).shape_text(), "(2,)");
  EXPECT_EQ(Array::matrix(Matrix::Zero(3, 4)).shape_text(), "(3, 4)");
}

TEST(Array, MayBeEmptyOrAScalar) {
  EXPECT_EQ(Array::scalar(2).size(), 1);
  const Array empty = Array::matrix(Matrix(0, 3));
  EXPECT_EQ(empty.size(), 0);
  EXPECT_EQ(empty.as_matrix().cols(), 3);
  EXPECT_EQ(Array::sequence(Matrix(4, 0), 0, 7).as_columns().rows(), 4);
  EXPECT_EQ(Array::vector(Vector(0)).as_vector().size(), 0);
}

TEST(Array, RefusesTheWrongNumberOfDimensions) {
  EXPECT_THROW(Array::scalar(1).as_vector(), std::invalid_argument);
  EXPECT_THROW(Array::scalar(1).as_columns(), std::invalid_argument);
  EXPECT_THROW(Array::integers({1}).as_matrix(), std::invalid_argument);
  EXPECT_THROW(Array::matrix(Matrix::Zero(2, 2)).as_vector(), std::invalid_argument);
  EXPECT_THROW(Array::sequence(Matrix::Zero(2, 5), 2, 2), std::invalid_argument);
}

TEST(Array, RefusesAShapeThatItsDataDoNotHave) {
  const Array wrong{{2, 2}, std::vector<double>{1, 2, 3}};
  EXPECT_THROW(wrong.as_matrix(), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
