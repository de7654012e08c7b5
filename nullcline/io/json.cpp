// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io {
namespace {

/// What an exception says behind its "[json.exception.parse_error.101] ".
std::string reason(const Json::exception& exception) {
  const std::string_view what = exception.what();
  const std::size_t end_of_id = what.find("] ");
  return detail::printable(end_of_id == what.npos ? what : what.substr(end_of_id + 2));
}

/// 0 for a number or a text, 1 for an array of those, ...
int depth_of(const Json& document) {
  int deepest = 0;
  if (!document.is_structured()) return 0;
  for (const Json& child : document) deepest = std::max(deepest, depth_of(child));
  return 1 + deepest;
}

}  // namespace

Json parse_json(std::string_view text, const std::string& path, const std::string& field) {
  // The parser would take what follows a zero byte for nothing.
  if (text.find('\0') != text.npos) throw Error::because(path, field, "not JSON: has a zero byte");
  const auto refuse_depth = [&](int depth_outside, Json::parse_event_t event, const Json&) {
    const bool opens =
        event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (!opens || depth_outside < max_json_depth) return true;
    throw Error(path, field, "JSON nested more deeply",
                fmt::format("at most {} levels", max_json_depth));
  };
  try {
    return Json::parse(text, refuse_depth);
  } catch (const Json::exception& exception) {
    throw Error::because(path, field, "not JSON: " + reason(exception));
  }
}

std::string format_json(const Json& document) {
  require(depth_of(document) <= max_json_depth, "format_json: the document is nested too deeply");
  try {
    return document.dump();
  } catch (const Json::exception& exception) {
    throw std::invalid_argument("format_json: " + reason(exception));
  }
}

}  // namespace nullcline::io
