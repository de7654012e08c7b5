// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// A recording of n units is a list of trials; a trial is an (n, T) matrix, a column a time step,
/// the same memory as a C-order (T, n) array. Trials may differ in length.

struct PcaOptions {
  Index dim = 0;  ///< d, 1 <= d <= min(n, samples); 0 means as many as there are.
};

struct Pca {
  Vector mean;                ///< (n) over all time steps of all trials.
  Matrix basis;               ///< (n, d) orthonormal, by decreasing variance.
  Vector variances;           ///< (d) >= 0, decreasing, with divisor samples - 1.
  Vector explained;           ///< (d) variances / total_variance; 0 if nothing varies.
  double total_variance = 0;  ///< Sum of the variances of the n units.
};

/// Principal component analysis of all time steps of all trials together.
///
/// The columns of `basis` are eigenvectors of the covariance
///
///     C = 1 / (samples - 1) sum (x - mean) (x - mean)'.
///
/// The sign of each makes its entry of largest magnitude positive (the first one of several that
/// agree to 1e-10). With no more samples than units they come from a singular value
/// decomposition of the data, else from C, and then variances below about 1e-16 of the largest
/// are rounding. Where variances are equal or zero the basis is orthonormal but not unique.
///
/// Throws std::invalid_argument when there is no trial, shapes disagree, an entry is not finite,
/// or d is out of range.
[[nodiscard]] Pca pca(std::span<const Matrix> trials, const PcaOptions& options = {});

/// basis' (X - mean).  X: (n, T)  mean: (n)  basis: (n, d)  result: (d, T)
Matrix project(In<Matrix> X, In<Vector> mean, In<Matrix> basis);

}  // namespace nullcline::representation
