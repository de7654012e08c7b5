// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::io {

/// One number for each trial of each variable, such as which stimulus was shown.
struct TrialVariables {
  std::vector<std::string> names;
  Matrix values;  ///< (variables, trials)
};

/// Reads the variables called `names` from a file:
///
/// .npz, .h5, .hdf5   arrays of these names, one number a trial.
/// .nwb               columns of numbers of the table /intervals/`intervals`.
/// .csv, .tsv         columns of these names, a line a trial.
///
/// Throws Error, as read_recording() does, on names that are not there, entries that are not finite
/// numbers, and variables of different lengths; std::invalid_argument on no names.
[[nodiscard]] TrialVariables read_trial_variables(const std::filesystem::path& path,
                                                  const std::vector<std::string>& names,
                                                  const std::string& intervals = "trials");

}  // namespace nullcline::io
