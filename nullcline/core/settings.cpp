// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "nullcline/core/errors.hpp"

namespace nullcline {
namespace {

/// A TOML float: the shortest digits that read back as the same double, never a TOML integer.
std::string float_literal(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  std::string digits = fmt::format("{}", x);
  if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
  return digits;
}

/// A TOML basic string.
std::string string_literal(const std::string& text) {
  std::string literal = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      literal += '\\';
      literal += letter;
    } else if (letter == '\n') {
      literal += "\\n";
    } else if (letter == '\t') {
      literal += "\\t";
    } else if (code < 0x20 || code == 0x7f) {
      literal += fmt::format("\\u{:04X}", code);
    } else {
      literal += letter;
    }
  }
  return literal + '"';
}

struct Literal {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return float_literal(value); }
  std::string operator()(const std::string& value) const { return string_literal(value); }
  template <class T>
  std::string operator()(const std::vector<T>& entries) const {
    std::vector<std::string> literals;
    for (const T& entry : entries) literals.push_back((*this)(entry));
    return fmt::format("[{}]", fmt::join(literals, ", "));
  }
};

/// A value as a message shows it: long ones are cut.
std::string shown(const Value& value) {
  constexpr std::size_t longest = 60;
  const std::string text = to_string(value);
  return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

/// `value` in the type of `standard`, if it can be. An empty list has no type of its own.
std::optional<Value> converted(const Value& value, const Value& standard) {
  if (value.index() == standard.index()) return value;
  if (std::holds_alternative<double>(standard)) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  }
  if (std::holds_alternative<std::vector<double>>(standard)) {
    const auto* texts = std::get_if<std::vector<std::string>>(&value);
    if (texts && texts->empty()) return std::vector<double>{};
  }
  if (std::holds_alternative<std::vector<std::string>>(standard)) {
    const auto* numbers = std::get_if<std::vector<double>>(&value);
    if (numbers && numbers->empty()) return std::vector<std::string>{};
  }
  return std::nullopt;
}

std::vector<double> numbers_in(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return {static_cast<double>(*whole)};
  if (const auto* number = std::get_if<double>(&value)) return {*number};
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) return *numbers;
  return {};
}

std::vector<std::string> texts_in(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return {*text};
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return *texts;
  return {};
}

bool contains(const auto& range, const auto& entry) {
  return std::find(range.begin(), range.end(), entry) != range.end();
}

/// Infinities are possible only where the default has one ("no limit"), NaN nowhere.
bool possible(double x, const Setting& setting) {
  if (std::isinf(x) && !contains(numbers_in(setting.standard), x)) return false;
  return setting.minimum <= x && x <= setting.maximum;
}

/// "a finite number", "a number between 0 and 1", "a list of numbers, each at least 1".
std::string wanted_numbers(const Setting& setting, double found) {
  const bool list = std::holds_alternative<std::vector<double>>(setting.standard);
  if (!std::isfinite(found)) return list ? "a list of finite numbers" : "a finite number";
  const bool below = std::isfinite(setting.minimum), above = std::isfinite(setting.maximum);
  const std::string range = below && above
                                ? fmt::format("between {} and {}", setting.minimum, setting.maximum)
                            : below ? fmt::format("at least {}", setting.minimum)
                                    : fmt::format("at most {}", setting.maximum);
  return fmt::format("{}{} {}", type_name(setting.standard), list ? ", each" : "", range);
}

/// "one of "tanh", "relu", did you mean "relu"?"
std::string wanted_texts(const Setting& setting, const std::string& found) {
  const bool list = std::holds_alternative<std::vector<std::string>>(setting.standard);
  std::vector<std::string> literals;
  for (const std::string& choice : setting.choices) literals.push_back(string_literal(choice));
  std::string wanted =
      fmt::format("{}one of {}", list ? "each to be " : "", fmt::join(literals, ", "));
  const std::string nearest = nearest_word(found, setting.choices);
  if (!nearest.empty()) wanted += fmt::format("; did you mean {}?", string_literal(nearest));
  return wanted;
}

void check_possible(const Value& value, const Setting& setting, const std::string& field) {
  for (const double x : numbers_in(value)) {
    if (!possible(x, setting)) throw Error("", field, shown(value), wanted_numbers(setting, x));
  }
  if (setting.choices.empty()) return;
  for (const std::string& text : texts_in(value)) {
    if (!contains(setting.choices, text)) {
      throw Error("", field, shown(value), wanted_texts(setting, text));
    }
  }
}

Error unknown_setting(const Schema& schema, const std::string& name, const std::string& field) {
  std::vector<std::string> known;
  for (const Setting& setting : schema) known.push_back(setting.name);
  const std::string nearest = nearest_word(name, known);
  std::string message = fmt::format("unknown setting '{}', ", name);
  if (!nearest.empty()) {
    message += fmt::format("did you mean '{}'?", nearest);
  } else if (known.empty()) {
    message += "there are none here";
  } else {
    message += fmt::format("known are: {}", fmt::join(known, ", "));
  }
  return Error::because("", field, message);
}

template <class T>
const T& typed(const Value& value, const std::string& name) {
  if (const T* typed_value = std::get_if<T>(&value)) return *typed_value;
  throw std::invalid_argument(fmt::format("Settings: '{}' is {}", name, type_name(value)));
}

}  // namespace

std::string to_string(const Value& value) { return std::visit(Literal{}, value); }

const char* type_name(const Value& value) {
  static constexpr const char* names[] = {"true or false", "a whole number",    "a number",
                                          "a text",        "a list of numbers", "a list of texts"};
  return names[value.index()];
}

Settings::Settings(const Schema& schema, const std::map<std::string, Value>& given,
                   const std::string& where) {
  const auto field_of = [&](const std::string& name) {
    return where.empty() ? name : where + "." + name;
  };
  for (const Setting& setting : schema) {
    if (!values_.emplace(setting.name, setting.standard).second) {
      throw std::invalid_argument("Settings: '" + setting.name + "' is twice in the schema");
    }
    try {
      check_possible(setting.standard, setting, setting.name);
    } catch (const Error& error) {  // A slip of the programmer, not of the user.
      throw std::invalid_argument("Settings: impossible default: " + std::string(error.what()));
    }
  }
  for (const auto& [name, value] : given) {
    if (!values_.contains(name)) throw unknown_setting(schema, name, field_of(name));
  }
  for (const Setting& setting : schema) {
    const auto found = given.find(setting.name);
    if (found == given.end()) continue;
    const std::string field = field_of(setting.name);
    const auto value = converted(found->second, setting.standard);
    if (!value) {
      throw Error("", field, fmt::format("{} ({})", shown(found->second), type_name(found->second)),
                  type_name(setting.standard));
    }
    check_possible(*value, setting, field);
    values_[setting.name] = *value;
  }
}

const Value& Settings::at(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw std::invalid_argument("Settings: there is no setting '" + name + "'");
  }
  return found->second;
}

bool Settings::flag(const std::string& name) const { return typed<bool>(at(name), name); }

std::int64_t Settings::integer(const std::string& name) const {
  return typed<std::int64_t>(at(name), name);
}

double Settings::number(const std::string& name) const { return typed<double>(at(name), name); }

const std::string& Settings::text(const std::string& name) const {
  return typed<std::string>(at(name), name);
}

const std::vector<double>& Settings::numbers(const std::string& name) const {
  return typed<std::vector<double>>(at(name), name);
}

const std::vector<std::string>& Settings::texts(const std::string& name) const {
  return typed<std::vector<std::string>>(at(name), name);
}

}  // namespace nullcline
