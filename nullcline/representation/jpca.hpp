// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// How the derivative of a trajectory stands to its states, x_t and x_{t+1} being successive steps.
enum class JpcaDerivative {
  /// x_{t+1} - x_t at (x_t + x_{t+1}) / 2. A rotation by any angle per step is then exactly
  /// skew-symmetric: R - I = M (R + I) / 2, M the Cayley transform of R.
  midpoint,
  /// x_{t+1} - x_t at x_t, as in the paper: a rotation by theta has a symmetric part cos theta - 1.
  forward,
};

struct JpcaOptions {
  Index components = 6;  ///< k >= 2, of PCA before; at most min(n, samples).
  /// Takes the mean over trials off every step [the paper's cross-condition mean], of two trials or
  /// more, all of one length.
  bool center_conditions = true;
  JpcaDerivative derivative = JpcaDerivative::midpoint;
};

struct Jpca {
  Vector mean;            ///< (n) over all steps.
  Matrix condition_mean;  ///< (n, T) that was taken off each trial; empty if none was.
  Matrix basis;           ///< (n, k) of PCA.
  Matrix skew;            ///< (k, k) M, skew-symmetric, per step, in the basis.
  Matrix full;            ///< (k, k) M without that constraint, the least squares fit.
  double skew_r2 = 0;     ///< 1 - |dX - M X|^2 / |dX|^2 of each, at most 1.
  double full_r2 = 0;
  /// (n, 2 P) orthonormal pairs of columns, P = k / 2, by decreasing frequency: trajectories turn
  /// from the first of a pair to the second.
  Matrix planes;
  Vector frequencies;  ///< (P) angular, radians per step, >= 0; half as many for an odd k.
  Vector explained;    ///< (P) part of the variance of the data, as taken, in each plane.
};

/// jPCA [Churchland et al. 2012, Nature 487:51]: rotations in trajectories. Of X (k, samples), the
/// centered data in their k leading principal components, and its derivative dX,
///
///     M = argmin |dX - M X|_F  over  M' = -M,   M C + C M = dX X' - X dX',   C = X X'
///
/// which is (V' M V)_ij = (V' (dX X' - X dX') V)_ij / (c_i + c_j) with C = V diag(c) V'. Its
/// eigenvalues are +-i w; the planes are those of its eigenvectors. With the midpoint derivative
/// frequencies are 2 atan(w / 2), exact for rotations of less than pi per step. Within a plane the
/// first axis is that along which trials spread most at their first step.
///
/// Throws std::invalid_argument when trials do not fit together, one has fewer than 2 steps,
/// nothing moves, an option is out of range, or k components have no variance (rank of the data
/// below k).
[[nodiscard]] Jpca jpca(std::span<const Matrix> trials, const JpcaOptions& options = {});

/// planes' (x - mean - condition mean) of the trials. (2 P, T_i) each
std::vector<Matrix> project(std::span<const Matrix> trials, const Jpca& jpca);

}  // namespace nullcline::representation
