// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::io {

/// What is known of each trial, such as which stimulus was shown: variables of numbers or words.
struct TrialVariables {
  std::vector<std::string> names;
  Matrix values;  ///< (variables, trials) numbers; of words their places in `words`.
  std::vector<std::vector<std::string>> words;  ///< Of each variable, ascending; empty of numbers.
};

/// Reads the variables called `names` from a file:
///
/// .npz, .h5, .hdf5   arrays of these names, a number or a text a trial.
/// .nwb               columns of the table /intervals/`intervals`.
/// .csv, .tsv         columns of these names, a line a trial; of numbers if each field is one.
///
/// Throws Error, as read_recording() does, on names that are not there, numbers that are not
/// finite, words that are empty, longer than 200 bytes or not printable UTF-8, and variables of
/// different lengths; std::invalid_argument on no names.
[[nodiscard]] TrialVariables read_trial_variables(const std::filesystem::path& path,
                                                  const std::vector<std::string>& names,
                                                  const std::string& intervals = "trials");

}  // namespace nullcline::io
