// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/representation/cross_covariance.hpp"

namespace nullcline::representation {

/// What makes covariances those of a process, where estimates are not.
enum class CovarianceRepair {
  none,
  /// White noise on every unit: C(0) + s I, with the least s >= 0 that does it. Every eigenvalue of
  /// the block-Toeplitz covariance rises by s.
  floor,
  /// Lags are made smaller: r^k C(k), with the largest r <= 1 that does it. A product, block by
  /// block, with the positive definite Toeplitz matrix r^|i - j|; as that of r1 < r2 is that of r2
  /// times one of r1 / r2, what is positive definite for r2 is so for r1 (Schur's product theorem).
  /// Noise is added only where C(0) itself is not positive definite, as much as it wants.
  taper,
};
const char* name_of(CovarianceRepair kind);

/// The kind of this name; std::invalid_argument if there is none.
CovarianceRepair covariance_repair_named(const std::string& name);

struct CovarianceRepairOptions {
  CovarianceRepair kind = CovarianceRepair::floor;
  double smallest = 1e-6;  ///< Wanted of each eigenvalue, against trace C(0) / n; > 0. Ours.
};

/// What was done.
struct CovarianceRepairReport {
  double smallest_eigenvalue = 0;  ///< Of the block-Toeplitz covariance as it was given.
  double added_variance = 0;       ///< s, on every unit.
  double taper = 1;                ///< r
  bool changed = false;            ///< Whether anything was.
};

/// Covariances C(0) .. C(N - 1) whose block-Toeplitz matrix C_N has no eigenvalue below
/// smallest * trace C(0) / n.
struct RepairedCovariances {
  CrossCovariances covariances;  ///< N of them.
  CovarianceRepairReport report;
};

/// Takes the first `count` = N lags. What is right already stays as it is, bit by bit; `none` only
/// tells the smallest eigenvalue. r is found by bisection, to 1e-6 from below. (N n)^2 numbers and
/// some dozen factorizations of them: N n of a few thousand.
///
/// Throws std::invalid_argument when there are fewer lags, or they are not finite squares of one
/// size, C(0) has no variance, or `smallest` is not in (0, 1).
[[nodiscard]] RepairedCovariances repair_covariances(const CrossCovariances& covariances,
                                                     Index count,
                                                     const CovarianceRepairOptions& options = {});

}  // namespace nullcline::representation
