// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "nullcline/core/interval.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline {

/// All matrices A with |A - center| <= radius, entry by entry; radius >= 0, of the same shape.
///
/// Products of balls are products of matrices and a bound of what rounding adds, whatever the order
/// of the sums and with or without fused operations [Rump 1999, "Fast and parallel interval
/// arithmetic"; Rump 2010, "Verification methods", section 9]:
///
///     |fl(A B) - A B| <= gamma_k |A| |B| + k e,   gamma_k = k u / (1 - k u),
///
/// k terms a sum, u = 2^-53 and e for underflow. Entries that are not finite make
/// entries that are not finite.
struct MatrixBall {
  Matrix center, radius;

  MatrixBall() = default;
  explicit MatrixBall(In<Matrix> exact)
      : center(exact), radius(Matrix::Zero(exact.rows(), exact.cols())) {}
  MatrixBall(Matrix c, Matrix r) : center(std::move(c)), radius(std::move(r)) {}

  Index rows() const { return center.rows(); }
  Index cols() const { return center.cols(); }
  bool is_finite() const { return center.allFinite() && radius.allFinite(); }
  MatrixBall block(Index row, Index col, Index rows, Index cols) const {
    return {center.block(row, col, rows, cols), radius.block(row, col, rows, cols)};
  }
};

/// At least k u / (1 - k u), for k < 2^30.
constexpr double gamma_bound(Index k) {
  return static_cast<double>(k) * unit_roundoff * (1 + 1e-6);
}

/// At least A v, for A (m, n) >= 0 and v (n) >= 0.
Vector upper_product(In<Matrix> A, In<Vector> v);

/// At least the sum of each row of A (m, n) >= 0.                                       (m)
Vector upper_row_sums(In<Matrix> A);

/// A x for every x of a box.                                                   A: (m, n)
Box product(In<Matrix> A, const Box& x);

MatrixBall operator+(const MatrixBall& A, const MatrixBall& B);
MatrixBall multiply(const MatrixBall& A,
                    const MatrixBall& B);                ///< A B; three products of matrices.
MatrixBall multiply(In<Matrix> A, const MatrixBall& B);  ///< A exact.

/// A box as a ball of one column.
MatrixBall ball_of(const Box& box);

}  // namespace nullcline
