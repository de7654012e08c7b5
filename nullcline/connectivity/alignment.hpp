// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// Where a change D (n, n) of recurrent weights writes to and reads from, beside the directions B
/// (n, p) along which inputs arrive and D_out (m, n) along which the readout listens.

/// One side of D (what it writes, D x, or what it reads, y'D) against the subspace of p dimensions
/// spanned by some vectors in R^n.
struct Overlap {
  Index dim = 0;  ///< p, the rank of the vectors; 0 if all are zero, then there is nothing below.
  /// The part of |D|_F^2 within the subspace, |P D|_F^2 / |D|_F^2 (writes) or |D P|_F^2 / |D|_F^2
  /// (reads), P the orthogonal projection onto it.
  double energy = 0;
  double expected = 0;  ///< p / n: its mean over subspaces in random position.
  /// Of each of the leading singular vectors, the squared norm of its projection into the subspace
  /// (k), in [0, 1], and the probability that a random direction does as well or better: that
  /// projection is Beta(p / 2, (n - p) / 2) distributed.
  Vector projections;
  Vector p_values;
};

struct Alignment {
  bool known = true;           ///< False where LAPACK gave up; then there is nothing below.
  Vector singular_values;      ///< (k) of D, the leading ones, descending.
  Overlap writes_to_readout;   ///< Left singular vectors against the rows of D_out.
  Overlap writes_to_inputs;    ///< Left singular vectors against the columns of B.
  Overlap reads_from_readout;  ///< Right singular vectors against the rows of D_out.
  Overlap reads_from_inputs;   ///< Right singular vectors against the columns of B.
};

/// vectors: `leading` of the singular vectors, at most n. inputs: (n, p), readout: (m, n).
///
/// Where singular values coincide their vectors are not unique, nor are their projections;
/// `energy` is.
///
/// Throws std::invalid_argument unless D is (n, n), finite and not zero, the others have n rows or
/// columns and are finite, and leading >= 1.
Alignment change_alignment(In<Matrix> change, In<Matrix> inputs, In<Matrix> readout,
                           Index leading = 5);

/// P(X >= x) of the squared norm X of the projection of a random direction of R^n into p of its
/// dimensions, 0 <= p <= n: Beta(p / 2, (n - p) / 2).
double random_projection_p_value(double x, Index p, Index n);

}  // namespace nullcline::connectivity
