// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::geometry {

/// How tangents a_i lie to p directions h_1 .. h_p of the states: the rows of a readout's Jacobian
/// [Pellegrino & Chadwick 2025, decoder alignment], or the singular vectors of a change of weights.
struct Alignment {
  Matrix cosines;  ///< (m p, C) h_r . a_i / (|h_r| |a_i|) in row i p + r.
  /// (m, C) their 2-norm over r, which the paper shows; more than 1 where the h_r are not
  /// orthogonal.
  Matrix norm;
  Matrix part;  ///< (m, C) |P a_i| / |a_i|, P the projector on the span of the h_r: 0 .. 1.
};

/// tangents (n, C m) as in Sensitivities; directions (n, p), the same everywhere, or (n, C p),
/// those of column c in c p .. (c + 1) p - 1. Where a tangent is 0 all of its numbers are NaN, and
/// where a direction is, its cosine; the span is that of the others. Directions that depend on
/// each other to rounding, sigma <= max(n, p) eps sigma_1, count once in `part`. Throws
/// std::invalid_argument on other sizes.
Alignment alignment(In<Matrix> tangents, Index m, In<Matrix> directions, Index p);

}  // namespace nullcline::geometry
