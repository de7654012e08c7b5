// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

struct ClassicalMdsOptions {
  Index dim = 2;  ///< d, 1 <= d <= K.
};

struct ClassicalMds {
  Matrix points;             ///< (d, K) centered, uncorrelated, by decreasing variance.
  Vector eigenvalues;        ///< (K) of B, descending. Negative ones: D is not Euclidean.
  Index positive = 0;        ///< Eigenvalues above K eps times the largest magnitude.
  double explained = 0;      ///< The d first of the positive eigenvalues, as part of their sum.
  double negative_part = 0;  ///< Sum of |negative| / sum of |all|: 0 of Euclidean distances.
};

/// Classical multidimensional scaling [Torgerson 1952; Gower 1966] of the distances D: (K, K).
///
///     B = -1/2 J D^2 J = V L V',   J = I - 1 1' / K,   points = L_d^(1/2) V_d'
///
/// with D^2 entry by entry. Of exact Euclidean distances of points in d dimensions it gives back
/// the points, up to a rigid motion. Where fewer than d eigenvalues are positive, the coordinates
/// left over are zero. The entry of largest magnitude of each row is positive.
///
/// Throws std::invalid_argument unless D is square, finite, not negative, symmetric with a zero
/// diagonal (each to 1e-6 of the largest entry), and d is in range.
[[nodiscard]] ClassicalMds classical_mds(In<Matrix> D, const ClassicalMdsOptions& options = {});

}  // namespace nullcline::representation
