// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::geometry {

/// A coordinate kappa_i of a manifold: an interval, or a circle.
struct Coordinate {
  double lowest = 0, highest = 1;  ///< Finite, lowest < highest.
  bool periodic = false;           ///< `highest` is `lowest` again.

  double extent() const { return highest - lowest; }
};

/// The kappa of R^m that a manifold is known at: a box, some sides of which are glued together.
using Domain = std::vector<Coordinate>;

/// Throws std::invalid_argument, in the name of `function`, unless there is a coordinate and all
/// are finite and ascend.
void check_domain(const char* function, const Domain& domain);

/// Whether every coordinate that is not periodic is within its interval, to 1e-12 of its extent.
bool contains(const Domain& domain, In<Vector> kappa);

/// The same point with periodic coordinates in [lowest, highest).
Vector wrapped(const Domain& domain, In<Vector> kappa);

/// `to` - `from` by the shorter way around each circle.
Vector shorter_way(const Domain& domain, In<Vector> from, In<Vector> to);

}  // namespace nullcline::geometry
