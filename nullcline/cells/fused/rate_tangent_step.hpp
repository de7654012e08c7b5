// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/fused/factors.hpp"

namespace nullcline::cells::fused {

/// What a column is of its point: the state (order 0), a tangent (1), or the second derivative by
/// the coordinates whose tangents are the columns `first` and `second`, which come before it.
struct TangentRole {
  int order;
  Index point, first, second;
};

/// A step of all columns; `operand` and `next` have columns `ld` apart, [q; u; 1 or 0], the others
/// n' = left.units apart.
template <class Real>
struct RateTangentStep {
  Left<Real> left;
  const Real* operand;
  Real* next;
  Real* z;  ///< f inside: x, a, b, updated. Outside, with second derivatives: those of v.
  Real *slopes, *curvatures;  ///< (n', B) f' and f''.
  const TangentRole* roles;   ///< Of every column.
  Index ld, columns;
  Real alpha, negative_slope;
  Activation activation;
  bool f_inside, second;
};

}  // namespace nullcline::cells::fused
