// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// What A is: a step of a map, x <- A x, or a flow, dx/dt = A x.
enum class Dynamics { map, flow };

struct KreissOptions {
  Dynamics dynamics = Dynamics::map;
  Index angles = 32;   ///< Grid points along the unit circle (map) or the imaginary axis, >= 2.
  Index heights = 16;  ///< And away from it, >= 2, logarithmic.
  Threads threads = {};
};

struct Kreiss {
  /// The largest value found, a lower bound of the supremum and of sup_k |A^k|_2 (map) or
  /// sup_t |exp(tA)|_2 (flow). Infinite if an eigenvalue is outside of the unit circle (right of
  /// the imaginary axis). The supremum of a normal stable A is 1.
  double constant = 1;
  std::complex<double> point;  ///< Where it was found; 0 if nowhere better than at infinity.
  double upper_bound = 0;      ///< e n constant bounds the same, if `constant` is the supremum.
  /// False where LAPACK gave up; then constant and upper_bound are NaN, spectral too where there is
  /// no Schur form, and point is 0.
  bool known = true;
  double spectral = 0;  ///< Spectral radius (map) or abscissa (flow).
};

/// The Kreiss constant, how much dynamics that die out in the end may grow before:
///
///     map:   K = sup_{|z| > 1} (|z| - 1) |(z I - A)^-1|_2,    K <= sup_k |A^k|_2 <= e n K
///     flow:  K = sup_{Re z > 0} Re z |(z I - A)^-1|_2,        K <= sup_t |e^{tA}|_2 <= e n K
///
/// [Kreiss 1962; Spijker 1991]. As sigma_min changes by no more than z does, nothing is above 1
/// closer to the circle (axis) than half of sigma_min there; a grid starts from that height, and
/// its best points are refined. The supremum has many local maxima in general: the grid may miss
/// the highest.
Kreiss kreiss_constant(In<Matrix> A, const KreissOptions& options = {});

}  // namespace nullcline::connectivity
