// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline {

/// A = Q R by Householder reflections, as qr() of linear_algebra.hpp, in place: A becomes Q, whose
/// columns are orthonormal; R is upper triangular with diagonal >= 0.     A: (n, k), k <= n  R: (k,
/// k)
///
/// For matrices of some hundred rows that are made by the thousand, as a Lyapunov spectrum needs
/// them: in blocks of 32 reflections, I - V T V' [Schreiber & Van Loan 1989, "A storage-efficient
/// WY representation for products of Householder transformations"], so that all but the columns of
/// a block itself are products of packed_product.hpp. 4 k^2 (n - k / 3) flops.
///
/// Where a column depends on those before it, Q goes on with a direction orthogonal to them.
/// Lengths may be as large or small as doubles are. Throws std::invalid_argument on a wrong shape
/// or entries that are not finite.
void qr_in_place(InOut<Matrix> A, Out<Matrix> R);

}  // namespace nullcline
