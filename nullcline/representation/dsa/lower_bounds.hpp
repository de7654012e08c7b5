// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// Numbers that |A - C B C'|_F cannot fall below, for any orthogonal C. A, B: (n, n)
struct AlignmentBounds {
  /// The symmetric and the skew part each keep their eigenvalues, and the best for each is both
  /// sorted alike [Hoffman & Wielandt 1953, of symmetric matrices]:
  ///     sqrt( sum (lambda_i(sym A) - lambda_i(sym B))^2 + sum (sigma_i(skew A) - sigma_i(skew
  ///     B))^2 )
  double symmetric_skew = 0;

  /// The optimal matching of eigenvalues, sqrt(min over permutations of sum |a_i - b_p(i)|^2).
  double eigenvalues = 0;

  /// Departures from normality [Henrici 1962], sqrt(|A|_F^2 - sum |a_i|^2) by the strict upper part
  /// of the complex Schur form.
  double departure_A = 0, departure_B = 0;

  /// max(0, eigenvalues - departure_A - departure_B): the theorem of Hoffman & Wielandt for the
  /// diagonals of the Schur forms, which are normal, and the triangle inequality. Of normal A and
  /// B it is attained by a unitary C, and by an orthogonal one if real eigenvalues match real
  /// ones and pairs pairs.
  double hoffman_wielandt = 0;

  double best() const {
    return symmetric_skew > hoffman_wielandt ? symmetric_skew : hoffman_wielandt;
  }
};

/// Throws std::invalid_argument unless A and B are square, of one size, and finite.
[[nodiscard]] AlignmentBounds alignment_bounds(In<Matrix> A, In<Matrix> B);

}  // namespace nullcline::representation
