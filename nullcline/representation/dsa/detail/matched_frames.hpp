// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

/// Orthonormal Schur vectors of X and of Y, column i of one matched to column i of the other.
struct Frames {
  Matrix of_X, of_Y;  // (n, n)
};

/// Matches the blocks of the real Schur forms at least sum of |x_i - y_j|^2: pairs of complex
/// eigenvalues with pairs, and what is left by real parts.
Frames matched_frames(const Matrix& X, const Matrix& Y);

/// The orthogonal matrices C = of_X D of_Y', D a diagonal of signs, that no change of one sign
/// brings closer in |A - C B C'|_F, uphill from all +1; where n is even, a second one of the other
/// determinant, at the change that costs least.
std::vector<Matrix> signed_starts(const Matrix& A, const Matrix& B, const Frames& frames);

}  // namespace nullcline::representation::detail
