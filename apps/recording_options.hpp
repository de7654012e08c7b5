// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "nullcline/io/recording.hpp"
#include "nullcline/representation/preprocess.hpp"

namespace nullcline::apps {

/// The options that say how a recording is read, and what is done to it before an analysis.
struct RecordingOptions {
  io::RecordingOptions read;
  representation::PreprocessOptions prepare;
  std::string separator, smooth;

  void add_to(CLI::App& command);              ///< All of them.
  void add_all_but_key_to(CLI::App& command);  ///< For commands that read several files.

  /// Throws Error on an option that is out of range, before any file is read.
  void check() const;

  io::Recording recording(const std::string& file) const;

  /// Smoothed, binned, normalized. `step`: seconds, 0 if not known. Throws Error at `file`.
  std::vector<Matrix> prepared(std::vector<Matrix> trials, double step,
                               const std::string& file) const;

 private:
  double smooth_steps(double step, const std::string& file) const;
};

/// What the footers of commands with such options say of files.
extern const char* const recording_help;

}  // namespace nullcline::apps
