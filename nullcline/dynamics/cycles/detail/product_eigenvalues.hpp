// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics::detail {

/// The eigenvalues of the product A_{k-1} ... A_1 A_0 of square matrices (n, n), k >= 1, without
/// forming it: the periodic QR algorithm [Bojanczyk, Golub & Van Dooren 1992, "The periodic Schur
/// decomposition"], complex, with single shifts. Unitary Q_i bring all factors
/// Q_{i+1}^H A_i Q_i, Q_k = Q_0, to upper triangular form; an eigenvalue is the product of k
/// diagonal entries.
///
/// The result is exact for factors that differ from the A_i by O(eps |A_i|) each: eigenvalues far
/// smaller than eps times the largest one are found, where the product has lost them. Time
/// O(k n^3). Sorted by decreasing modulus, then decreasing real part; the two of a conjugate pair
/// are conjugate to the bit and stand together, Im > 0 first. Out of range of double they are
/// cut off at 8e307 or 0. Where the iteration does not end, the eigenvalues of the product are
/// returned; NaN where an A_i or that product is not finite, or LAPACK gives up.
ComplexVector product_eigenvalues(const std::vector<Matrix>& factors);

}  // namespace nullcline::dynamics::detail
