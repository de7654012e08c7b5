// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// A recording of n units is a list of trials; a trial is an (n, T) matrix, a column a time step,
/// the same memory as a C-order (T, n) array. Trials may differ in length.

enum class PcaMethod {
  automatic,  ///< randomized for a small part of much: min(n, samples) >= 1000 and >= 10 (d + 10).
  exact,
  randomized,
};
const char* name_of(PcaMethod method);

struct PcaOptions {
  Index dim = 0;  ///< d, 1 <= d <= min(n, samples); 0 means as many as there are.
  PcaMethod method = PcaMethod::automatic;
  Index oversampling = 10;     ///< >= 0: directions beyond d that the randomized one carries along.
  Index power_iterations = 2;  ///< >= 0.
  std::uint64_t seed = 0;      ///< Of the randomized one.
};

struct Pca {
  Vector mean;                          ///< (n) over all time steps of all trials.
  Matrix basis;                         ///< (n, d) orthonormal, by decreasing variance.
  Vector variances;                     ///< (d) >= 0, decreasing, with divisor samples - 1.
  Vector explained;                     ///< (d) variances / total_variance; 0 if nothing varies.
  double total_variance = 0;            ///< Sum of the variances of the n units.
  PcaMethod method = PcaMethod::exact;  ///< What was done.
  /// Of the randomized one: no direction orthogonal to the d + oversampling that were searched has
  /// more variance, but for a chance of 1e-10. 0 of the exact one.
  double unseen_variance = 0;
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
/// The randomized method [Halko, Martinsson & Tropp 2011, SIAM Review 53:217] finds the d + 10
/// directions of largest variance nearly, and the components within them. Variances come out too
/// small, never too large, by parts of about (variance_{d+11} / variance_i)^(2 power_iterations +
/// 1). It costs 2 power_iterations + 3 products of the data with d + 10 vectors.
///
/// Throws std::invalid_argument when there is no trial, shapes disagree, an entry is not finite,
/// or an option is out of range.
[[nodiscard]] Pca pca(std::span<const Matrix> trials, const PcaOptions& options = {});

/// basis' (X - mean).  X: (n, T)  mean: (n)  basis: (n, d)  result: (d, T)
Matrix project(In<Matrix> X, In<Vector> mean, In<Matrix> basis);

}  // namespace nullcline::representation
