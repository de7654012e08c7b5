// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/aligned.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline {

/// An LU factorization for matrices of some hundred rows that are made by the thousand, as Newton
/// steps are: the same sums as LAPACK's dgetrf, in an order that suits sizes where that one runs at
/// a tenth of the product rate.
///
/// M = A' is factored with partial pivoting, P M = L U with a unit lower triangular L, so that
/// A = U' L' P: the rows of M are the columns of A as they lie in memory. Right-looking, in blocks
/// of eight pivots, with the trailing update in registers; vector code by Highway.
class Lu {
 public:
  /// Factors a square A; memory is kept when the size stays. False if A is singular: a pivot is
  /// exactly zero or not finite. Then there is nothing to solve with.
  bool factor(In<Matrix> A);

  Index dim() const { return n_; }

  /// b <- A^-1 b, column by column: 2 n^2 sums of two a column.       b: (n, k)
  void solve(InOut<Matrix> b) const;

  /// sign det A: +1 or -1.
  int sign_of_determinant() const;
  double log_abs_determinant() const;  ///< ln |det A|

 private:
  Index n_ = 0, stride_ = 0;
  AlignedVector<double> rows_;  // L below the diagonal and U, row-major (n, stride)
  std::vector<Index> pivots_;   // row k was exchanged with pivots_[k] >= k
};

}  // namespace nullcline
