// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/activation.hpp"
#include "nullcline/core/tangent_orbits.hpp"

namespace nullcline::cells::fused {

/// Which step of a rate network of n units with m inputs and M = [W, B, b], v = W q + B u + b:
///
///     x' = (1 - alpha) x + alpha f(v), q = x,        or, with f inside,
///     x' = (1 - alpha) x + alpha v,    q = f(x).
struct RateTangentOptions {
  Activation activation = Activation::tanh;
  double theta = 0;  ///< Of leaky_relu.
  double alpha = 1;
  bool f_inside = false;
};

/// Its orbits with derivatives: one product with M for all columns of all points, the rest done
/// while the sums are hot. With s = f', c = f'' where f was taken and, of pairs, p_i = v's
/// derivative (f outside) or a_i' (inside),
///
///     a_i' = (1 - alpha) a_i + alpha s v_i,                          v_i = W a_i + B du_i
///     b_ij' = (1 - alpha) b_ij + alpha (s v_ij + c v_i v_j),
///
/// or, inside, a_i' = (1 - alpha) a_i + alpha v_i and the same of b, whose next factors in the
/// product are s a_i and s b_ij + c a_i a_j. In single precision all of it is float.
std::unique_ptr<TangentOrbits> rate_tangents(const RateTangentOptions& options, const Matrix& M,
                                             const TangentColumns& columns, Precision precision);

}  // namespace nullcline::cells::fused
