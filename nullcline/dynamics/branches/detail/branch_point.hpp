// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/dynamics/branches/continuation.hpp"
#include "nullcline/dynamics/branches/detail/curve.hpp"

namespace nullcline::dynamics::detail {

/// Newton on Moore's extended system (told at continue_point) from z near a branch point; nullopt
/// where it does not converge, or to an unfolded one (mu != 0).
std::optional<Vector> polish_branch_point(const Curve& curve, In<Vector> z);

struct CrossingBranches {
  Crossing crossing = Crossing::none;
  Vector tangent, second_tangent;  ///< (n + 1) the former nearest to `along`; empty for none.
};

/// The directions of the two branches through the branch point z: with w the left null vector of
/// A and e_1, e_2 an orthonormal basis of its null space, the zeros of the quadratic form
/// B_ij = e_i' H(w) e_j, which are sqrt(-b_2) v_1 +- sqrt(b_1) v_2 for its eigenpairs
/// b_1 > 0 > b_2. Eigenvalues of one sign mean that no two smooth branches cross.
CrossingBranches crossing_branches(const Curve& curve, In<Vector> z, In<Vector> along);

/// d2p/ds2 at a fold z: w' (dF/dp p'' + d2G/dz2 t t) = 0, with w the left null vector of J - I.
double fold_curvature(const Curve& curve, In<Vector> z, In<Vector> tangent);

}  // namespace nullcline::dynamics::detail
