// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/fused/factors.hpp"

namespace nullcline::cells::fused {

/// A step of B points of 1 + dim + pairs columns each, so many points of them at a time as their
/// products `v` have room for. `operand` and `next` have columns `ld` apart, [q; u], and 1 or 0
/// below where there is a bias, z and v columns n' = left.units apart.
template <class Real>
struct RateTangentStep {
  Left<Real> left;
  const Real* operand;
  Real* next;
  Real* z;  ///< f inside: x, a, b, updated in place. Outside they are the operands.
  Real* v;
  Index ld, points, points_at_once;
  Index dim, pairs;
  Real alpha, negative_slope;
  Activation activation;
  bool f_inside;
};

}  // namespace nullcline::cells::fused
