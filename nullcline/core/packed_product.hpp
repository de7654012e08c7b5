// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// Matrix products of the size of a training step, C = A B or C += A B, with the left factor
/// packed once and used many times: A is (m, k), some hundred rows each.
///
/// A is cut into panels of as many rows as two vectors hold; a panel stores its columns one after
/// the other, so that a tile of C, two vectors high and 6 or 12 columns wide, stays in registers
/// while the panel streams from L1 and single entries of B are broadcast. Vector code by Highway
/// for the CPU found at run time; each entry of C is one sum over k in ascending order, so
/// results do not depend on the number of columns computed together.
template <std::floating_point Real>
class PackedMatrix {
 public:
  PackedMatrix() = default;

  /// Packs A, or A' when `transposed`. Keeps its memory when the shape stays.
  void pack(In<MatrixX<Real>> A, bool transposed = false);

  /// The same for raw memory: entry (i, j) is A[i row_stride + j column_stride].
  void pack(const Real* A, Index rows, Index cols, Index row_stride, Index column_stride);

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  const Real* data() const { return panels_.data(); }

 private:
  Index rows_ = 0, cols_ = 0;
  std::vector<Real> panels_;
};

/// C = A B, or C += A B when `accumulate`. B(k, j) is B[k row_stride + j column_stride], which
/// covers B (1, ld) and its transpose (ld, 1); C is column-major, (A.rows(), columns), ldc >= rows.
template <std::floating_point Real>
void multiply_packed(const PackedMatrix<Real>& A, const Real* B, Index row_stride,
                     Index column_stride, Index columns, Real* C, Index ldc, bool accumulate);

}  // namespace nullcline
