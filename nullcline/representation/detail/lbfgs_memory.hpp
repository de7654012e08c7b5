// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

/// The last m pairs of a step s and of the change y of the negative gradient along it, m at most
/// `capacity`, and the inverse B^-1 of what they say of the negative Hessian (limited-memory BFGS).
/// In the compact form [Byrd, Nocedal & Schnabel 1994, (3.1)], with S, Y: (size, m) of the pairs
/// from the oldest on, R the upper triangle of S'Y, D its diagonal and gamma = s'y / y'y of the
/// last pair:
///
///     R u  = S'g
///     R' c = (D + gamma Y'Y) u - gamma Y'g
///     B^-1 g = gamma (g - Y u) + S c.
///
/// It is the two-loop recursion in exact arithmetic; S and Y are read twice for each g, the first
/// time together with the products of the last pair.
class LbfgsMemory {
 public:
  LbfgsMemory(Index size, Index capacity);

  /// Takes a pair only if s'y > eps |s| |y|, so that B is positive definite.
  void add(In<Vector> step, In<Vector> change);

  void clear() { count_ = 0; }
  bool empty() const { return count_ == 0; }

  /// B^-1 gradient; the gradient itself without pairs.
  Vector solve(In<Vector> gradient);

 private:
  void keep_products(In<Vector> with_steps, In<Vector> with_changes);

  Index capacity_, count_ = 0;
  Index newest_ = 0;            // Where the last pair is: places are taken in turn.
  bool products_known_ = true;  // Of the last pair.
  Matrix steps_, changes_;      // S, Y, (size, capacity), in order of place, not of age.
  Matrix step_change_;          // R: s_i'y_j where i is no younger than j, else 0.
  Matrix change_change_;        // Y'Y
};

}  // namespace nullcline::representation::detail
