// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "apps/recording_options.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::apps {

/// Trials for an analysis of data, and where they come from.
struct Trials {
  std::vector<Matrix> trials;  ///< (n, T) each, a column a time step.
  std::string origin;          ///< "data.npz, array 'rates': 12 trials of 100 steps, 40 units"
  std::uint64_t seed = 0;      ///< That a study would give the analysis; 0 for data.
  double step = 0;             ///< Seconds between steps; 0 if not known.
  Index repeats = 0;           ///< Of a network: trials of each condition, one after the other.
};

/// Puts basis' (x - mean) of all trials into `result`: `projections` (trials, T, columns of basis),
/// or, of trials of several lengths, (sum of T, columns) one after the other and `trial_lengths`.
void add_projections(io::Dataset& result, const Trials& data, In<Vector> mean, In<Matrix> basis);

/// The same of anything with a time axis: parts (d, T_i) as NAME and `trial_lengths`.
void add_trials(io::Dataset& result, const std::string& name, const std::vector<Matrix>& parts);

/// The argument DATA and the options that say how to read it.
struct TrialInput {
  std::string file, parameters = "parameters";
  RecordingOptions recording;

  void add_to(CLI::App& command);

  /// What io::read_recording() makes of the file; or, of a network file without --key, the states
  /// under the conditions of its task, `repeats` noisy trials of each, as in a study, or for
  /// 0 one without noise. Then smoothed, binned and normalized as asked for. Throws Error on
  /// anything else.
  Trials load(Index repeats) const;

 private:
  Trials load_as_it_is(Index repeats) const;
};

/// What the footers of commands with a TrialInput say about DATA.
extern const char* const trial_input_help;

}  // namespace nullcline::apps
