// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "nullcline/core/array.hpp"

namespace nullcline::apps {

/// Trials for an analysis of data, and where they come from.
struct Trials {
  std::vector<Matrix> trials;  ///< (n, T) each, a column a time step.
  std::string origin;          ///< "data.npz, array 'rates': 12 trials of 100 steps, 40 units"
  std::uint64_t seed = 0;      ///< That a study would give the analysis; 0 for data.
};

/// basis' (x - mean) of all trials, (trials, T, columns of basis). All must be of one length.
Array projections(const Trials& data, In<Vector> mean, In<Matrix> basis);

/// The argument DATA and the options that say how to read it.
struct TrialInput {
  std::string file, key, axes = "btn", parameters = "parameters";

  void add_to(CLI::App& command);

  /// An array (T, n), or (trials, T, n) in the order that `axes` says; or, of a network file, the
  /// states under the conditions of its task, `repeats` noisy trials of each, as in a study, or
  /// for 0 one without noise.
  /// Throws Error on anything else, and on entries that are not finite.
  Trials load(Index repeats) const;
};

/// What the footers of commands with a TrialInput say about DATA.
extern const char* const trial_input_help;

}  // namespace nullcline::apps
