// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

struct EigenvalueChangeOptions {
  double moved_fraction = 0.5;  ///< Of `radius`; an eigenvalue that went further moved, >= 0.
};

/// Which eigenvalues of a matrix changed, and how far.
struct EigenvalueChange {
  ComplexVector before, after;  ///< (n) pairs, in the order of `distances`.
  Vector distances;             ///< (n) |after - before|, descending.
  double radius = 0;            ///< Largest modulus before.
  bool known = true;  ///< False where an eigenvalue is not finite; then distances, radius and
                      ///< participation are NaN.
  Index moved = 0;    ///< Distances above moved_fraction radius.
  Index outside = 0;  ///< |after| > radius: outside the disk that held all of them.
  double participation = 0;  ///< (sum d^2)^2 / sum d^4, d = distances: how many carry the change,
                             ///< 1 .. n; 0 if none moved.
};

/// Eigenvalues before (n) and after (n), in any order, as pairs: the assignment that minimizes the
/// sum of |after - before|, the 1-Wasserstein distance of the two spectra. With distances, not
/// their squares, one eigenvalue that jumps is never cheaper as a chain of many that move up by
/// one.
///
/// Throws std::invalid_argument when the sizes differ or are 0, or moved_fraction is
/// negative. Eigenvalues that are not finite, as where LAPACK gave up, are no misuse: `known`.
EigenvalueChange eigenvalue_change(const ComplexVector& before, const ComplexVector& after,
                                   const EigenvalueChangeOptions& options = {});

}  // namespace nullcline::connectivity
