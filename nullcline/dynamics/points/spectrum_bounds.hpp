// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/core/enclosure.hpp"

namespace nullcline::dynamics {

/// The number of negative eigenvalues of every symmetric matrix in the ball A (n, n), proven, none
/// being 0; nullopt if it cannot be proven. Of U' A U, U about the eigenvectors of the center and
/// proven regular, by discs [Gershgorin; Sylvester's law of inertia].
std::optional<Index> negative_eigenvalues(const MatrixBall& A);

/// The number of eigenvalues with |lambda| > 1 of every matrix in the ball J (n, n), proven, none
/// being on the unit circle; nullopt if it cannot be proven.
///
/// If P - J' P J is positive definite for a symmetric P, then J has as many eigenvalues outside the
/// circle as P has negative ones, and none on it [Stein 1952; Taussky 1964]. Such a P is made in
/// floating point from the Schur form of the center, ordered and made block diagonal,
/// V^-1 J V = diag(T_1, T_2) with T_1 outside: P = V^-T diag(-P_1, P_2) V^-1 with
///
///     P_1 - T_1^-T P_1 T_1^-1 = I,    P_2 - T_2' P_2 T_2 = I,
///
/// and the two statements about this P are proven by `negative_eigenvalues`. No eigenvectors of J
/// are needed: repeated and defective eigenvalues, as of networks with silent units or low rank, do
/// no harm. It fails where 1 - |lambda| is no larger than about the radius of J or n u, times the
/// square of the condition of V.
///
/// Costs some 100 n^3, as much as a few eigendecompositions.
std::optional<Index> eigenvalues_outside_unit_circle(const MatrixBall& J);

}  // namespace nullcline::dynamics
