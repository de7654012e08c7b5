// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/detail/overrides.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/study/detail/table.hpp"
#include "nullcline/study/detail/toml.hpp"

namespace nullcline::study::detail {

using io::Json;

namespace {

/// Sets `path` (dotted, "*" for every key that is there) in `json`; returns how many were set. A
/// table is merged into what is there, key by key.
std::size_t assign(Json& json, const std::string& path, const Json& value) {
  if (value.is_object()) {
    std::size_t set = 0;
    for (const auto& [key, child] : value.items()) {
      set += assign(json, fmt::format("{}.{}", path, key), child);
    }
    return set;
  }
  const auto dot = path.find('.');
  const std::string head = path.substr(0, dot);
  std::vector<std::string> names;
  if (head == "*") {
    for (const auto& [name, child] : json.items()) names.push_back(name);
  } else {
    names.push_back(head);
  }
  std::size_t count = 0;
  for (const auto& name : names) {
    if (dot == std::string::npos) {
      json[name] = value;
      ++count;
    } else {
      Json& child = json[name];
      if (child.is_null()) child = Json::object();
      if (!child.is_object())
        throw Error("", name, found(child), fmt::format("a table, as {} says", path));
      count += assign(child, path.substr(dot + 1), value);
    }
  }
  return count;
}

}  // namespace

void apply_overrides(Json& study, const StudyOptions& options) {
  if (const auto quick = study.find("quick"); quick != study.end()) {
    const Json changes = *quick;
    study.erase("quick");
    if (!changes.is_object()) throw Error("", "quick", found(changes), "a table");
    for (const auto& [key, value] : changes.items()) {
      if (options.quick) assign(study, key, value);
    }
  } else if (options.quick) {
    throw Error("", "quick", "nothing", "a table [quick], as a quick run was asked for");
  }
  for (const std::string& text : options.overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error("", "--set", fmt::format("'{}'", text), "KEY=VALUE");
    }
    const std::string key = text.substr(0, equals);
    if (assign(study, key, parse_toml_value(text.substr(equals + 1))) == 0) {
      throw Error("", fmt::format("--set {}", key), "nothing that it names", "keys of the study");
    }
  }
}

}  // namespace nullcline::study::detail
