// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/representation/dpca.hpp"

namespace nullcline::representation {

struct DpcaRidgeOptions {
  std::vector<double> ridges = {};  ///< Each >= 0; empty: 1e-4 1.5^i, i = 0 .. 25 (ours).
  Index repeats = 10;               ///< Random divisions of the trials, > 0.
  DpcaOptions dpca = {};            ///< Of each fit; its ridge is not read.
  std::uint64_t seed = 0;
  Progress progress = {};
};

struct DpcaRidge {
  std::vector<double> ridges;
  Vector errors;          ///< (ridges) Mean over the divisions; see below.
  Vector standard_error;  ///< (ridges) Over divisions, which share trials: too small.
  double best = 0;        ///< The ridge of the least error.
  bool canceled = false;  ///< Then the errors are those of the divisions that were done.
};

/// The ridge by cross-validation, after Kobak et al. 2016, Methods: in each division one trial of
/// every condition, chosen at random, is left out, and components are fitted to the averages of the
/// others. The error is how far the trials left out, through decoder and encoder, are from what the
/// averages of the others have of each marginalization,
///
///     sum_phi |X_phi - F_phi D_phi Y|^2 / |X|^2,    X of the others, Y of those left out,
///
/// Y taken about the mean of the fit. Without a ridge noise goes through; with much of one nothing
/// does, and the error is 1.
///
/// Throws std::invalid_argument as dpca does, and where a condition has one trial only.
[[nodiscard]] DpcaRidge dpca_ridge(std::span<const Matrix> trials, const Labels& labels,
                                   const DpcaRidgeOptions& options = {});

struct SplitHalfOptions {
  Index splits = 20;  ///< > 0
  bool merge_time = true;
  std::uint64_t seed = 0;
  Progress progress = {};
};

/// What of each marginalization two halves of the trials have in common. (marginalizations) each,
/// the mean over the splits.
struct SplitHalf {
  Vector variance;     ///< <X_phi, Y_phi> / <X, Y>, without the noise that is in |X_phi|^2 / |X|^2.
  Vector reliability;  ///< <X_phi, Y_phi> / (|X_phi| |Y_phi|), 1 without noise, 0 of noise alone.
  Index splits = 0;    ///< That were done.
};

/// Trials of every condition are dealt at random to two halves, whose averages X and Y, and their
/// parts, have the same signal and independent noise: <X_phi, Y_phi> estimates the squared norm of
/// the signal in X_phi without bias, and may be negative where there is none. Of an odd number of
/// trials one half has one more. Where halves share nothing at all, <X, Y> <= 0, `variance` is NaN.
///
/// Throws std::invalid_argument as dpca_ridge does.
[[nodiscard]] SplitHalf dpca_split_half(std::span<const Matrix> trials, const Labels& labels,
                                        const SplitHalfOptions& options = {});

}  // namespace nullcline::representation
