// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

/// (D + D') / 2 with a diagonal of zeros, of a (K, K) matrix of distances or weights of pairs,
/// K >= least. Throws std::invalid_argument, told in the name of `what` ("smacof: distances"),
/// where D is not square, an entry is negative or not finite, or D_ij - D_ji or D_ii exceeds 1e-6
/// of the largest entry: arccos and square roots leave that much.
Matrix checked_pairs(In<Matrix> D, Index least, const char* what);

/// The Euclidean distances of the columns of X, of differences, not by inner products.
Matrix euclidean_distances(In<Matrix> X);

}  // namespace nullcline::representation::detail
