// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/detail/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::study::detail {

using io::Json;

std::string found(const Json& json) {
  const std::string text = json.dump();
  return text.size() <= 60 ? text : fmt::format("{:.57}...", text);
}

std::string key_path(const std::string& where, const std::string& name) {
  return where.empty() ? name : fmt::format("{}.{}", where, name);
}

Table::Table(Json json, std::string where) : json_(std::move(json)), where_(std::move(where)) {
  if (!json_.is_object()) throw Error("", where_, found(json_), "a table");
}

const Json* Table::find(const std::string& name) {
  known_.push_back(name);
  const auto it = json_.find(name);
  return it == json_.end() ? nullptr : &*it;
}

const Json& Table::at(const std::string& name, const char* expected) {
  const Json* value = find(name);
  if (value == nullptr) throw Error("", key_path(where_, name), "nothing", expected);
  return *value;
}

std::string Table::text(const std::string& name, const std::string& standard) {
  const Json* value = find(name);
  if (value == nullptr) return standard;
  if (!value->is_string()) throw Error("", key_path(where_, name), found(*value), "a text");
  return value->get<std::string>();
}

std::int64_t Table::count(const std::string& name, const char* expected) {
  const Json& value = at(name, expected);
  const bool good = value.is_number_integer() && value.get<std::int64_t>() >= 0;
  if (!good) throw Error("", key_path(where_, name), found(value), expected);
  return value.get<std::int64_t>();
}

void Table::finish() const {
  for (const auto& [name, value] : json_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string near = nearest_word(name, known_);
    throw Error("", key_path(where_, name), "an unknown key",
                near.empty() ? fmt::format("one of: {}", fmt::join(known_, ", "))
                             : fmt::format("'{}'?", near));
  }
}

}  // namespace nullcline::study::detail
