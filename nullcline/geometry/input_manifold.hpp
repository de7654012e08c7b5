// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::geometry {

/// Input functions u(t; kappa), kappa in R^m, at K points kappa of their manifold and T steps: what
/// the geometry of the driven states is that of.
///
/// Columns as everywhere: those of time step t are the columns t K .. (t + 1) K - 1, and the m
/// tangents of a column c are the columns c m .. (c + 1) m - 1.
struct ManifoldInputs {
  Index points = 0;  ///< K
  Index dim = 0;     ///< m >= 1
  Matrix inputs;     ///< (n_in, T K)
  Matrix tangents;   ///< (n_in, T K m) du / dkappa_i
  /// (n_in, T K m (m + 1) / 2) d2u / dkappa_i dkappa_j, i <= j, in the order 11 12 .. 22 ..; empty
  /// where no second derivatives are wanted.
  Matrix second = {};

  Index pairs() const { return dim * (dim + 1) / 2; }
  Index steps() const { return points > 0 ? inputs.cols() / points : 0; }  ///< T
};

/// Throws std::invalid_argument, in the name of `function`, unless the sizes fit, all numbers are
/// finite, and K, T and m are at least 1.
void check_inputs(const char* function, const ManifoldInputs& inputs);

}  // namespace nullcline::geometry
