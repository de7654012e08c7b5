// SPDX-License-Identifier: Apache-2.0
#include "apps/setting_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "nullcline/core/errors.hpp"

namespace nullcline::apps {
namespace {

std::string option_of(const std::string& setting) {
  std::string name = "--" + setting;
  std::replace(name.begin() + 2, name.end(), '_', '-');
  return name;
}

template <class Number>
std::optional<Number> parse_number(const std::string& text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t first = 0;
  for (std::size_t comma = text.find(','); comma != std::string::npos;
       comma = text.find(',', first)) {
    parts.push_back(text.substr(first, comma - first));
    first = comma + 1;
  }
  parts.push_back(text.substr(first));
  return parts;
}

const char* placeholder(const Value& standard) {
  static constexpr const char* names[] = {"", "N", "X", "TEXT", "X,...", "TEXT,..."};
  return names[standard.index()];
}

/// 0.001, 1e6: as short as it goes.
std::string bound(double x) {
  std::string text = fmt::format("{:.6g}", x);
  const auto exponent = text.find("e+");
  if (exponent != std::string::npos) {
    text.erase(exponent + 1, text[exponent + 2] == '0' ? 2 : 1);
  }
  return text;
}

std::string capitalized(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// As one types it: without the quotes of TOML.
std::string as_typed(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    return fmt::format("{}", fmt::join(*texts, ","));
  }
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
    return fmt::format("{}", fmt::join(*numbers, ","));
  }
  if (const auto* x = std::get_if<double>(&value)) return fmt::format("{}", *x);
  return to_string(value);
}

}  // namespace

std::string range_text(const Setting& setting) {
  if (!setting.choices.empty()) return fmt::format("one of {}", fmt::join(setting.choices, ", "));
  if (std::holds_alternative<bool>(setting.standard)) return "true or false";
  const bool below = std::isfinite(setting.minimum), above = std::isfinite(setting.maximum);
  if (below && above) return bound(setting.minimum) + " to " + bound(setting.maximum);
  if (below) return "at least " + bound(setting.minimum);
  if (above) return "at most " + bound(setting.maximum);
  return "";
}

std::vector<double> parse_numbers(const std::string& text, const std::string& field) {
  std::vector<double> values;
  for (const std::string& part : split(text)) {
    const auto value = parse_number<double>(part);
    if (!value || !std::isfinite(*value)) {
      throw Error("", field, "'" + text + "'", "numbers with commas between them");
    }
    values.push_back(*value);
  }
  return values;
}

Value parse_value(const std::string& text, const Value& like, const std::string& field) {
  const Error wrong("", field, "'" + text + "'", type_name(like));
  if (std::holds_alternative<bool>(like)) {
    if (text != "true" && text != "false") throw wrong;
    return text == "true";
  }
  if (std::holds_alternative<std::int64_t>(like)) {
    const auto value = parse_number<std::int64_t>(text);
    if (!value) throw wrong;
    return *value;
  }
  if (std::holds_alternative<double>(like)) {
    const auto value = parse_number<double>(text);
    if (!value) throw wrong;
    return *value;
  }
  if (std::holds_alternative<std::vector<double>>(like)) return parse_numbers(text, field);
  if (std::holds_alternative<std::vector<std::string>>(like)) return split(text);
  return text;
}

SettingOptions::SettingOptions(CLI::App& command, Schema schema,
                               const std::vector<std::string>& without)
    : schema_(std::move(schema)), given_(std::make_shared<std::map<std::string, std::string>>()) {
  for (const Setting& setting : schema_) {
    if (std::find(without.begin(), without.end(), setting.name) != without.end()) continue;
    const std::string option = option_of(setting.name), name = setting.name;
    std::string description = capitalized(setting.meaning);
    const auto given = given_;
    if (std::holds_alternative<bool>(setting.standard)) {
      const bool standard = std::get<bool>(setting.standard);
      command.add_flag_callback(
          option, [given, name] { (*given)[name] = "true"; },
          description + (standard ? " (default)" : ""));
      command.add_flag_callback(
          "--no-" + option.substr(2), [given, name] { (*given)[name] = "false"; }, "Do not");
      continue;
    }
    const std::string range = range_text(setting);
    if (!range.empty()) description += "; " + range;
    command
        .add_option_function<std::string>(
            option, [given, name](const std::string& text) { (*given)[name] = text; }, description)
        ->type_name(placeholder(setting.standard))
        ->default_str(as_typed(setting.standard));
  }
}

Settings SettingOptions::settings(const std::map<std::string, Value>& others) const {
  std::map<std::string, Value> values = others;
  for (const Setting& setting : schema_) {
    const auto text = given_->find(setting.name);
    if (text == given_->end()) continue;
    values[setting.name] = parse_value(text->second, setting.standard, option_of(setting.name));
  }
  try {
    return Settings(schema_, values);
  } catch (const Error& error) {
    throw Error(error.path(), option_of(error.field()), error.found(), error.expected());
  }
}

}  // namespace nullcline::apps
