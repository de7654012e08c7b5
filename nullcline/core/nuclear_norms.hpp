// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <span>
#include <vector>

#include "nullcline/core/aligned.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline {

/// A column-major matrix in memory of somebody else.
template <std::floating_point Real>
struct MatrixBlock {
  const Real* data;
  Index rows, cols;
  Index stride;  ///< From column to column, >= rows.
};

/// The nuclear norms sum_i sigma_i of many matrices of some hundred rows: each vector lane takes a
/// matrix of its own. Memory is kept from call to call; one object a thread.
///
/// Each matrix is made bidiagonal, B = U' A V, by Householder reflections, two passes over the
/// memory a column [Golub & Kahan 1965; Howell et al. 2008]. The sum then comes from
///
///     sigma = 2 / pi int_0^inf sigma^2 / (sigma^2 + t^2) dt,    t = |A|_F e^s,
///
/// by the trapezoidal rule in s with step h, whose relative error is 4 exp(-pi^2 / h) for every
/// sigma: no iteration, nothing to converge. sum_i sigma_i^2 / (sigma_i^2 + t^2) of a bidiagonal
/// matrix is a recurrence of positive terms, without cancellation.
///
/// In `float` a norm is off by rounding of 1e-7 |A|_F, in `double` by 1e-15 |A|_F, times a small
/// multiple of sqrt(rows). A norm does not depend on what else is computed with it. Entries must be
/// finite with squares that neither overflow nor, where they matter, underflow.
template <std::floating_point Real>
class NuclearNorms {
 public:
  /// norms[i] of matrices[i]; matrices of like sizes are computed together.
  void compute(std::span<const MatrixBlock<Real>> matrices, std::span<double> norms);

  /// Bytes kept after matrices of up to (rows, cols).
  static std::size_t memory(Index rows, Index cols);

 private:
  AlignedVector<Real> work_;
  AlignedVector<double> bidiagonal_;
  std::vector<Index> order_;
};

}  // namespace nullcline
