// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// A smooth function of the d-dimensional subspaces of R^n: f(V) for V: (n, d) depends on the
/// column space of V alone. Sets `gradient` to df/dV (n, d); nullopt where f is not defined.
using SubspaceFunction = std::function<std::optional<double>(In<Matrix> V, Matrix& gradient)>;

struct GrassmannOptions {
  Index max_iterations = 1000;       ///< > 0.
  double gradient_tolerance = 1e-6;  ///< Stops at |(1 - V V') df/dV|_F <= this, > 0.
  Index memory = 50;                 ///< Pairs that L-BFGS keeps, > 0.
};

enum class GrassmannStatus {
  converged,       ///< The gradient is within tolerance.
  stalled,         ///< No step makes f larger beyond rounding.
  max_iterations,  ///< None of the above in time.
  undefined,       ///< f is not defined at the start.
};
const char* name_of(GrassmannStatus status);

struct GrassmannMaximum {
  Matrix point;              ///< (n, d) orthonormal.
  double value = 0;          ///< f(point); 0 if undefined.
  double gradient_norm = 0;  ///< |(1 - V V') df/dV|_F at the point.
  Index iterations = 0;
  Index evaluations = 0;
  GrassmannStatus status = GrassmannStatus::undefined;
};

/// A local maximum of f over the Grassmann manifold, uphill from the column space of `start`.
///
/// Riemannian L-BFGS [Huang, Gallivan & Absil 2015], compact [Byrd, Nocedal & Schnabel 1994]:
/// tangents are matrices H with V'H = 0, the retraction is V, tH -> the Q of V + tH = QR with
/// |tH| <= 100, old pairs stay as they are and the direction is projected to the tangents. Steps
/// satisfy the strong Wolfe conditions (1e-4, 0.9) along the retraction, where
///
///     d/dt f(Q(t)) = < df/dV(Q), H R^-1 >;
///
/// where f changes by no more than rounding, the slope alone decides [Hager & Zhang 2005].
///
/// Throws std::invalid_argument on an option out of range or `start` with more columns than rows.
GrassmannMaximum maximize_on_grassmann(const SubspaceFunction& f, In<Matrix> start,
                                       const GrassmannOptions& options = {});

}  // namespace nullcline::representation
