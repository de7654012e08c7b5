// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// How far a matrix is from normal (A A' = A'A), by the strictly upper triangular part N of a
/// Schur form A = Q (D + N) Q^H, "the upper triangular matrix in the decomposition, minus the
/// diagonal". All are 0 exactly for a normal matrix, up to the real ones (see there).
struct Departure {
  /// |N|_F of the complex Schur form, sqrt(|A|_F^2 - sum |lambda|^2): Henrici's departure
  /// [Henrici 1962], the same for every order of the eigenvalues on the diagonal.
  double frobenius = 0;
  /// |N|_2, the largest singular value of N, of the complex Schur form in the order in which
  /// LAPACK's zgees leaves the eigenvalues. Other orders give other values when n > 2.
  double operator_norm = 0;
  /// The same two norms of what is strictly above the diagonal of the real Schur form (LAPACK's
  /// dgees). A conjugate pair is a 2 x 2 block there, whose upper entry counts: a rotation, though
  /// normal, then departs by the sine of its angle.
  double real_frobenius = 0;
  double real_operator_norm = 0;
  bool known = true;  ///< False where LAPACK gave up; then what is not known is NaN; |A|_F always
                      ///< is known.
  double matrix_frobenius = 0;  ///< |A|_F, to compare with.
};

/// Throws std::invalid_argument unless A is (n, n), n >= 1, with finite entries.
Departure departure_from_normality(In<Matrix> A);

}  // namespace nullcline::connectivity
