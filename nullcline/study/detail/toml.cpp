// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/detail/toml.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <sstream>

#include "nullcline/core/errors.hpp"

namespace nullcline::study::detail {
namespace {

io::Json to_json(const toml::node& node, const std::string& path, const std::string& key) {
  if (const auto* table = node.as_table()) {
    io::Json json = io::Json::object();
    for (const auto& [name, child] : *table) {
      const std::string text(name.str());
      json[text] = to_json(child, path, key.empty() ? text : key + "." + text);
    }
    return json;
  }
  if (const auto* array = node.as_array()) {
    io::Json json = io::Json::array();
    for (const auto& child : *array) json.push_back(to_json(child, path, key));
    return json;
  }
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_floating_point()) {
    if (std::isfinite(value->get())) return value->get();
    throw Error(path, key, "a number that is not finite", "a finite number");
  }
  throw Error(path, key, "a date or time", "a number, text, truth value, list or table");
}

void insert(toml::table& table, const std::string& name, const io::Json& json);

void append(toml::array& array, const io::Json& json) {
  if (json.is_boolean()) {
    array.push_back(json.get<bool>());
  } else if (json.is_number_integer()) {
    array.push_back(json.get<std::int64_t>());
  } else if (json.is_number()) {
    array.push_back(json.get<double>());
  } else {
    array.push_back(json.get<std::string>());
  }
}

toml::table to_table(const io::Json& object) {
  toml::table table;
  for (const auto& [name, value] : object.items()) insert(table, name, value);
  return table;
}

void insert(toml::table& table, const std::string& name, const io::Json& json) {
  if (json.is_object()) {
    table.insert(name, to_table(json));
  } else if (json.is_array()) {
    toml::array array;
    for (const auto& item : json) append(array, item);
    table.insert(name, std::move(array));
  } else {
    toml::array one;
    append(one, json);
    one[0].visit([&](auto& value) { table.insert(name, value); });
  }
}

}  // namespace

io::Json parse_toml(std::string_view text, const std::string& path,
                    const std::string& ordered_table, std::vector<std::string>& order) {
  toml::table table;
  try {
    table = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw Error::because(path, fmt::format("line {}, column {}", at.line, at.column),
                         std::string(error.description()));
  }
  if (const auto* children = table[ordered_table].as_table()) {
    std::vector<std::pair<toml::source_position, std::string>> places;
    for (const auto& [name, child] : *children) {
      places.emplace_back(child.source().begin, std::string(name.str()));
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& place : places) order.push_back(place.second);
  }
  return to_json(table, path, "");
}

io::Json parse_toml_value(const std::string& text) {
  try {
    std::vector<std::string> order;
    const io::Json document = parse_toml("value = " + text, "", "", order);
    if (document.size() == 1 && document.contains("value")) return document["value"];
  } catch (const Error&) {
    // Not TOML: a bare word.
  }
  return text;
}

std::string format_toml(const io::Json& object) {
  std::ostringstream out;
  out << to_table(object) << "\n";
  return out.str();
}

}  // namespace nullcline::study::detail
