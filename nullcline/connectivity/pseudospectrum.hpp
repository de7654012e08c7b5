// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// Where the eigenvalues of A (n, n) can go when A changes a little [Trefethen & Embree 2005,
/// "Spectra and pseudospectra"]: the eps-pseudospectrum is
///
///     { z : sigma_min(z I - A) < eps } = { z : z an eigenvalue of A + E for some |E|_2 < eps }.

struct PseudospectrumOptions {
  Index resolution = 60;  ///< Points an axis of the grid, >= 2.
  /// The rectangle, left < right and bottom < top; all 0: a square around the eigenvalues with a
  /// margin of a quarter of their extent, and at least a tenth of |A|_2.
  double left = 0, right = 0, bottom = 0, top = 0;
  Threads threads = {};
};

struct Pseudospectrum {
  Vector real, imaginary;     ///< (resolution) each, of the grid.
  Matrix distance;            ///< (resolution, resolution) sigma_min(z I - A): a row an imaginary
                              ///< part, a column a real one. NaN where it was cancelled
                              ///< or where LAPACK gave up at that point.
  ComplexVector eigenvalues;  ///< (n)
  double norm = 0;            ///< |A|_2
  bool known = true;          ///< False where LAPACK gave up: at points, or on the Schur form or
                              ///< the norm; then all but the sizes is NaN.
  bool cancelled = false;
};

/// Throws std::invalid_argument unless A is (n, n), n >= 1, finite, and the options are in range.
Pseudospectrum pseudospectrum(In<Matrix> A, const PseudospectrumOptions& options = {},
                              const Progress& progress = {});

}  // namespace nullcline::connectivity
