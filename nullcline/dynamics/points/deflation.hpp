// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/dynamics/points/damped_newton.hpp"

namespace nullcline::dynamics {

/// Another root of G(x) = F(x) - x than the known ones: Newton's method on M G, where
///
///     M(x) = prod_i (1 + 1 / |x - r_i|^2)
///
/// is infinite at the known roots r_i, the columns of `known` (n, P), and 1 far from them
/// [Farrell, Birkisson & Funke 2015, "Deflation techniques for finding distinct solutions"]. With
/// the Newton step s of G itself, the one of M G is s / (1 - (d ln M/dx)' s), so that a step costs
/// what Newton's does. It is halved until |M G| falls. A start that led to a known root may so lead
/// to a further one; one that finds none stalls, or runs away.
///
/// Options and statuses are those of find_root. Throws std::invalid_argument on a wrong size.
Root find_root_deflated(const Map& map, In<Vector> start, In<Matrix> known,
                        const RootOptions& options = {},
                        const std::function<bool()>& keep_going = {});

}  // namespace nullcline::dynamics
