// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "nullcline/io/dataset.hpp"

namespace nullcline::io {

/// How deep arrays and objects may lie in one another: what walks a document may recurse.
inline constexpr int max_json_depth = 100;

/// The document in `text`. Throws Error at (path, field) if it is not JSON in UTF-8, or too deep.
Json parse_json(std::string_view text, const std::string& path, const std::string& field = "");

/// The shortest text of a document, the same for equal documents; numbers round-trip, but JSON has
/// no infinities and no not-a-number: these become null. Text that is not UTF-8, and
/// more than max_json_depth levels, are misuse (std::invalid_argument).
std::string format_json(const Json& document);

}  // namespace nullcline::io
