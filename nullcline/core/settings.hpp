// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace nullcline {

/// A value of a setting, as TOML, JSON and Python know it.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<double>,
                           std::vector<std::string>>;

std::string to_string(const Value& value);  ///< As TOML writes it; doubles round-trip.
const char* type_name(const Value& value);  ///< "true or false", "a whole number", ...

/// One setting of a task, a cell, a training or an analysis: its name, its default (whose type is
/// its type), its meaning with the unit, and what it may be. A choice that a paper leaves open
/// says so in `meaning`. NaN is never possible, an infinity only where it is the default.
struct Setting {
  std::string name;
  Value standard;
  std::string meaning;
  double minimum =
      -std::numeric_limits<double>::infinity();  ///< Of numbers, and of each in a list.
  double maximum = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices = {};  ///< Of strings, and of each in a list; empty: any.
};
using Schema = std::vector<Setting>;

/// The settings of a schema with their values: every name has one, of the right type, in range.
class Settings {
 public:
  Settings() = default;

  /// The defaults of `schema`, overridden by `given`. A whole number is taken where a double is
  /// wanted, an empty list where either list is. Throws Error (field = `where`.name) on an unknown
  /// name (with the nearest known one), a wrong type or an impossible value; and
  /// std::invalid_argument when the schema itself has a name twice or an impossible default.
  explicit Settings(const Schema& schema, const std::map<std::string, Value>& given = {},
                    const std::string& where = "");

  /// The value of a setting; std::invalid_argument if there is none of this name and type.
  bool flag(const std::string& name) const;
  std::int64_t integer(const std::string& name) const;
  double number(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  const std::vector<double>& numbers(const std::string& name) const;
  const std::vector<std::string>& texts(const std::string& name) const;

  const std::map<std::string, Value>& values() const { return values_; }

 private:
  const Value& at(const std::string& name) const;
  std::map<std::string, Value> values_;
};

}  // namespace nullcline
