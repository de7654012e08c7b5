// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// How units are made comparable, each over all steps of all trials.
enum class Normalization {
  none,
  center,  ///< x - mean
  zscore,  ///< (x - mean) / standard deviation, divisor samples - 1; a constant unit becomes 0.
  soft,    ///< x / (max - min + softness) [Churchland et al. 2012]: weak units stay weak.
};
const char* name_of(Normalization normalization);

enum class BinValue { mean, sum };

struct PreprocessOptions {
  double smooth = 0;  ///< Standard deviation of a Gaussian kernel, steps, >= 0; 0: none.
  Index rebin = 1;    ///< So many successive steps become one, >= 1.
  BinValue bin_value = BinValue::mean;
  Normalization normalization = Normalization::none;
  double softness = 5;  ///< >= 0, in the unit of the data (spikes per second in the paper).
};

/// Trials (n, T_i) smoothed, then binned, then normalized.
///
/// Smoothing: y_t = sum_s k(t - s) x_s / sum_s k(t - s), k(r) = exp(-r^2 / (2 smooth^2)) cut off
/// beyond |r| = 4 smooth, over the s within the trial: at its ends the kernel is cut and divided by
/// what is left of it, so that a constant stays itself and nothing crosses from trial to trial.
/// Binning: bins start with the trial; steps that do not fill the last bin are left out.
///
/// Throws std::invalid_argument when options are out of range, trials do not fit together or are
/// not finite, one is shorter than a bin, or `soft` meets a constant unit with softness 0.
[[nodiscard]] std::vector<Matrix> preprocess(std::span<const Matrix> trials,
                                             const PreprocessOptions& options);

}  // namespace nullcline::representation
