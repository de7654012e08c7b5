// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// Coordinates in which the operator is written.
enum class DmdCoordinates {
  whitened,   ///< y = S_r^-1 U_r' h, of covariance I: no change under invertible maps of the data.
  principal,  ///< y = U_r' h, in the units of the data.
};

struct HankelDmdOptions {
  Index delays = 10;    ///< q >= 1 time steps that make a state,
  Index interval = 1;   ///< s >= 1 steps apart.
  Index rank = 10;      ///< r >= 1 at most; 0: all that data of this precision tell apart.
  double ridge = 0;     ///< >= 0, against the mean square of y; see below.
  bool center = false;  ///< Takes the mean over all time steps off first.
  DmdCoordinates coordinates = DmdCoordinates::whitened;
};

struct HankelDmd {
  Matrix A;                   ///< (r, r): y_{t+1} is about A y_t.
  ComplexVector eigenvalues;  ///< (r) of A, a step, by decreasing modulus.
  Matrix basis;               ///< U_r (n q, r) orthonormal; rows by delay, the latest first.
  Vector singular_values;     ///< S (min(n q, samples)) of H, decreasing.
  Index rank = 0;             ///< r: the option, or less if the data have less.
  double explained = 0;       ///< Sum of the r first S^2 over that of all.
  double relative_error = 0;  ///< |Y+ - A Y-|_F / |Y+|_F; 0 if nothing is left.
};

/// Dynamic mode decomposition of delayed states [Arbabi & Mezic 2017; Brunton et al. 2017], the
/// first half of dynamical similarity analysis. The columns of H: (n q, samples) are
///
///     h_t = (x_t, x_{t-s}, ..., x_{t-(q-1)s}),   H = U S V'
///
/// over all trials X: (n, T); r is cut at singular values of max(n q, samples) eps times the
/// largest. With Y-, Y+ the coordinates of successive columns within trials,
///
///     A = Y+ Y-' (Y- Y-' + ridge (|Y-|_F^2 / r) I)^-1.
///
/// Of a linear system seen in full, or through enough delays, the eigenvalues are its own. Memory:
/// about 3 n q (samples) numbers.
///
/// Throws std::invalid_argument when trials do not fit together, are shorter than
/// (q - 1) s + 2 steps or zero throughout, or an option is out of range.
[[nodiscard]] HankelDmd hankel_dmd(std::span<const Matrix> trials,
                                   const HankelDmdOptions& options = {});

}  // namespace nullcline::representation
