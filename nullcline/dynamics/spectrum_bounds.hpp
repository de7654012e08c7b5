// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/core/enclosure.hpp"

namespace nullcline::dynamics {

/// The number of eigenvalues with |lambda| > 1, proven to be that of every matrix in the ball J (n,
/// n), with none on the unit circle; nullopt if it cannot be proven.
///
/// With V about the eigenvectors of the center, real and imaginary parts of pairs side by side, D
/// the (block) diagonal of the eigenvalues and W about V^-1,
///
///     V^-1 J V = D + (W V)^-1 W (J V - V D),
///
/// whose eigenvalues lie in discs around those of D with the row sums of the second term as radii
/// [Gershgorin], bounded with every rounding. If no disc meets the unit circle, as many eigenvalues
/// as discs lie outside. It fails where an eigenvalue is nearer to the circle than about the
/// condition of V times n u or the radius of J, as at slow modes, and where V is nearly singular.
///
/// Costs the eigenvectors of the center, some 25 n^3, and nine products.
std::optional<Index> eigenvalues_outside_unit_circle(const MatrixBall& J);

}  // namespace nullcline::dynamics
