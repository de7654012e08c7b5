// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apps/recording_options.hpp"
#include "apps/trial_input.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::apps {

/// The files of `nullcline compare`, and what becomes of their trials.
struct ComparisonInput {
  std::vector<std::string> files, keys;  // as many keys as files, one for all, or none
  std::string parameters = "parameters";
  RecordingOptions recording;
  Index resample = 0;    // steps of each trial; 0: as they are
  bool average = false;  // over the trials
};

/// What is compared of one file.
struct Side {
  Trials data;
  Matrix samples;  // (n, m), the trials one after the other
};

/// One for each file. Where they are to `correspond`, sample i of one must be sample i of the
/// others; throws Error that names the first file that does not fit.
std::vector<Side> load_sides(const ComparisonInput& input, bool correspond);

}  // namespace nullcline::apps
