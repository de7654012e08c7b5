// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::dynamics {

/// How far linear dynamics x_{t+1} = J x_t are from what the eigenvalues say [Trefethen & Embree
/// 2005, "Spectra and pseudospectra"]. Of a normal J (J J' = J'J): departure 0, norm =
/// spectral_radius, and |J^k| <= 1 for all k if the spectral radius is at most 1.
struct NonNormality {
  SpectrumStatus status = SpectrumStatus::known;  ///< Else all below is as it stands here.
  double departure = 0;        ///< sqrt(|J|_F^2 - sum |lambda|^2) [Henrici 1962].
  double spectral_radius = 0;  ///< max |lambda|: growth per step in the long run.
  double norm = 0;             ///< |J|_2, largest singular value: growth in the next step.
  double numerical_abscissa =
      0;                       ///< Largest eigenvalue of (J + J') / 2. (That - 1) / dt is the
                               ///< largest growth rate at once of the flow whose Euler step J is.
  double peak = 1;             ///< max_k |J^k|_2, k = 0 .. max_steps: transient amplification.
  Index peak_step = 0;         ///< The first k that reaches it.
  bool peak_is_final = false;  ///< No later k exceeds `peak`: some |J^k|_2 <= 1 was met.
};

/// J (n, n), max_steps >= 0. Each k costs a matrix product, and a singular value decomposition
/// where a bound of |J^k|_2 does not settle it. Powers stop where they overflow. Throws
/// std::invalid_argument on a wrong size; entries that are not finite are a status.
NonNormality non_normality(In<Matrix> J, Index max_steps = 200);

}  // namespace nullcline::dynamics
