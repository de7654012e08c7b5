// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

struct RotationSearchOptions {
  Index max_iterations = 500;
  double tolerance = 1e-10;  // Of |gradient|_F, against |A|_F |B|_F.
};

struct RotationMaximum {
  Matrix C;                  // (n, n) orthogonal, of the determinant of the start
  double gradient_norm = 0;  // against |A|_F |B|_F
  Index iterations = 0;
  bool converged = false;
};

/// Uphill from an orthogonal `start` to a local maximum over orthogonal C of
///
///     g(C) = tr(A' C B C'),      |A - C B C'|_F^2 = |A|_F^2 + |B|_F^2 - 2 g(C)
///
/// by a Riemannian trust region [Absil, Baker & Gallivan 2007]. With M = C B C' and a skew W,
///
///     g(e^W C) = g + tr(A' [W, M]) + 1/2 tr(A' [W, [W, M]]) + ...
///     gradient = skew(A M' - M' A)
///     Hessian W = 1/2 skew(A N' - N' A + P M' - M' P),   N = [W, M],   P = [A, W]
///
/// where [X, Y] = X Y - Y X. Steps W come of truncated conjugate gradients, and C <- (I - W/2)^-1
/// (I + W/2) C, which agrees with e^W C to second order. g never falls beyond rounding.
RotationMaximum maximize_on_rotations(const Matrix& A, const Matrix& B, const Matrix& start,
                                      const RotationSearchOptions& options);

}  // namespace nullcline::representation::detail
