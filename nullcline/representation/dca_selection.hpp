// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/representation/dca.hpp"
#include "nullcline/representation/surrogates.hpp"

namespace nullcline::representation {

struct DcaCrossValidationOptions {
  Index max_dim = 5;                       ///< Dimensions 1 .. max_dim <= n.
  std::vector<Index> windows = {1, 2, 5};  ///< T, each >= 1.
  Index folds = 5;                         ///< >= 2
  DcaOptions dca = {};                     ///< Of each fit; its dim and window are not read.
  Progress progress = {};
};

struct DcaCrossValidation {
  std::vector<Index> windows;
  Matrix held_out;  ///< (windows, max_dim) nats, the mean over folds. NaN where no fold has it.
  Matrix standard_error;      ///< (windows, max_dim) over folds: deviation / sqrt(folds).
  Matrix fitted;              ///< (windows, max_dim) PI of the fits to their own data, the mean.
  Index dim = 0, window = 0;  ///< Of the largest `held_out`; 0 if there is none.
  bool by_trials = true;      ///< What a fold is: whole trials, or a block of time of each.
  bool canceled = false;
};

/// Which d and T predict data that the fit has not seen. With at least `folds` trials a fold is a
/// part of the trials, drawn by dca.seed; else every trial is cut into `folds` blocks of time, and
/// a fold is one block of each, with 2 max T steps before and behind it in nobody's part.
///
/// For each fold, mean, covariances and V come from the others (dca_curve). The score is
/// held_out_information (predictive_information.hpp): how much better, in nats, the fitted Gaussian
/// foretells the next T steps of the fold from its last T than without them. Of the fold nothing is
/// estimated, not even its mean. It lies below the PI of the process by what the fit is wrong,
/// about (parameters of the relation of past and future) / (2 samples), and so falls where d or T
/// is too large for the data; `fitted` lies above by as much and rises. The PI of a process itself
/// never falls with d or T. With trials short against their memory both are off: `samples` makes
/// `fitted` small, and a fold whose variance is another counts as the model's gain or loss.
///
/// Throws std::invalid_argument when an option is out of range or a part is shorter than 2T.
[[nodiscard]] DcaCrossValidation dca_cross_validation(
    std::span<const Matrix> trials, const DcaCrossValidationOptions& options = {});

struct DcaNullOptions {
  Surrogate surrogate = Surrogate::independent_phases;
  Index count = 99;     ///< Surrogates, >= 1.
  DcaOptions dca = {};  ///< Of the data and of each surrogate. Its threads go to the surrogates.
  Progress progress = {};
};

struct DcaNull {
  double predictive_information = 0;  ///< Of the data.
  double turned = 0;   ///< Of the data cut as surrogates of phases are; else as above.
  Vector values;       ///< Of the surrogates, ascending; fewer than count if canceled.
  double p_value = 1;  ///< (1 + values >= turned) / (1 + values).
};

/// The largest PI of surrogates of the data, each found by the whole search: what the maximization
/// alone makes of noise is in it. Phases make a circle of each trial; surrogates have its seam
/// anywhere and lose there what the data, with the seam at their ends, keep: up to a third of short
/// trials of independent units had p <= 0.05. Hence p is that of the data turned along their
/// circle.
[[nodiscard]] DcaNull dca_null(std::span<const Matrix> trials, const DcaNullOptions& options = {});

}  // namespace nullcline::representation
