// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/settings_json.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "nullcline/core/errors.hpp"

namespace nullcline::io {
namespace {

const char* expected_types = "true or false, a number, a text, or a list of numbers or texts";

Value value_of(const Json& json, const std::string& field) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (!json.is_array()) throw Error("", field, json.type_name(), expected_types);
  const auto all = [&](auto test) { return std::all_of(json.begin(), json.end(), test); };
  if (!json.empty() && all([](const Json& item) { return item.is_string(); })) {
    return json.get<std::vector<std::string>>();
  }
  if (all([](const Json& item) { return item.is_number(); })) {
    return json.get<std::vector<double>>();
  }
  throw Error("", field, "a mixed list", expected_types);
}

}  // namespace

Json to_json(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

Json to_json(const Settings& settings) {
  Json json = Json::object();
  for (const auto& [name, value] : settings.values()) json[name] = to_json(value);
  return json;
}

Settings settings_from_json(const Json& json, const Schema& schema, const std::string& where) {
  if (!json.is_object()) throw Error("", where, json.type_name(), "an object of settings");
  std::map<std::string, Value> given;
  for (const auto& [name, item] : json.items()) given[name] = value_of(item, where + "." + name);
  return Settings(schema, given, where);
}

Json to_json(const Schema& schema) {
  Json list = Json::array();
  for (const Setting& setting : schema) {
    Json entry = {{"name", setting.name},
                  {"default", to_json(setting.standard)},
                  {"meaning", setting.meaning}};
    if (std::isfinite(setting.minimum)) entry["minimum"] = setting.minimum;
    if (std::isfinite(setting.maximum)) entry["maximum"] = setting.maximum;
    if (!setting.choices.empty()) entry["choices"] = setting.choices;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace nullcline::io
