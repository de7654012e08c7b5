// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/dynamics/orbits/detail/principal_curve.hpp"
#include "nullcline/dynamics/orbits/line_attractor.hpp"

namespace nullcline::dynamics::detail {

/// What the criteria say of one spectrum.
struct SlowModes {
  bool as_many_as_dimensions = false;
  bool at_least_one = false;
};
SlowModes slow_modes(const ComplexVector& eigenvalues, Index dimension,
                     const LineCriteria& criteria);

/// Spectra at `states` (n, S); fills everything but theta and tangents, which are read (tangents
/// may be empty), and the two fractions of `result`. False if cancelled.
bool take_spectra(const Map& map, const LineAttractorOptions& options, Index dimension,
                  LineAttractor& result);

/// The drift along the curve, whose parameter theta runs with (`direction` 1) or against (-1) its
/// arclength. Reads the spectra of `result`.
void take_drift(const Map& map, const LineAttractorOptions& options, const PrincipalCurve& curve,
                double direction, LineAttractor& result);

}  // namespace nullcline::dynamics::detail
