// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "nullcline/io/dataset.hpp"

namespace nullcline::apps {

/// Where results go besides standard output: files, "-" for standard output itself.
struct ResultOptions {
  std::string json, npz;

  /// Adds --json to a subcommand, and --npz if its results have arrays.
  void add_to(CLI::App& command, bool with_arrays);

  /// Throws Error where results could not be written, so that nothing is computed in vain.
  void check() const;
};

/// Throws Error, which names the option, where `file` could not be written.
void check_place(const std::string& option, const std::string& file);

/// A dataset as one object: its attributes, and its arrays under their names as nested lists.
/// JSON has no infinities and no not-a-number: they are null.
io::Json to_json(const io::Dataset& dataset);

/// Prints `text`, unless JSON or npz takes standard output, and writes the files asked for.
void deliver(const ResultOptions& options, const std::string& text, const io::Dataset& dataset);

/// The same of results without arrays.
void deliver(const ResultOptions& options, const std::string& text, const io::Json& json);

/// Writes to standard output and throws Error if that fails ("No space left on device").
void print(const std::string& text);

}  // namespace nullcline::apps
