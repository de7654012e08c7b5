// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nullcline/core/settings.hpp"

namespace nullcline::apps {

/// The settings of a schema as options of a subcommand: `rank_fraction` is --rank-fraction, with
/// the meaning, default and range that it has in a study file. Truth values are flags.
class SettingOptions {
 public:
  /// Adds an option for each setting, but those named in `without`.
  SettingOptions(CLI::App& command, Schema schema, const std::vector<std::string>& without = {});

  /// What was given, and the defaults. Throws Error that names the option.
  Settings settings(const std::map<std::string, Value>& others = {}) const;

 private:
  Schema schema_;
  std::shared_ptr<std::map<std::string, std::string>> given_;  // by setting, as typed
};

/// "at least 1", "0 to 1", "one of a, b": what a setting may be; empty for anything.
std::string range_text(const Setting& setting);

/// A comma-separated list of numbers. Throws Error with `field`.
std::vector<double> parse_numbers(const std::string& text, const std::string& field);

/// `text` as a value of the type of `like`. Throws Error with `field`.
Value parse_value(const std::string& text, const Value& like, const std::string& field);

}  // namespace nullcline::apps
