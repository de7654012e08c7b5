// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {

// A metric S of the states other than the Euclidean one, G_ij = a_i' S a_j: tangents L'a_i with
// L L' = S, whose dot products are that. S must be symmetric and have no eigenvalue below -n eps of
// the largest, else std::invalid_argument; smaller ones count as 0, so that S may be a projector or
// H'H.

/// S is the same everywhere.                              (n, n), (n, C m) -> (n, C m)
Matrix in_state_metric(In<Matrix> tangents, In<Matrix> S);

/// S = diag(weights), weights >= 0.                       (n)
Matrix in_weighted_states(In<Matrix> tangents, In<Vector> weights);

/// S(x), states (n, C).
using StateMetric = std::function<Matrix(In<Vector> x)>;
Matrix in_state_metric(In<Matrix> tangents, In<Matrix> states, const StateMetric& S);

/// How much of a warp the readout sees: tr G^y / (|H|^2 tr G), 0 .. 1, of the metrics G of the
/// states and G^y of outputs with Jacobian H = dy/dx, as G^y <= |H|^2 G with the spectral norm |H|.
/// `norms` has |H| of every column, or one for all. NaN where |H| or G is 0.                 (C)
Vector visible_fraction(const PullbackMetric& states, const PullbackMetric& outputs,
                        In<Vector> norms);

}  // namespace nullcline::geometry
