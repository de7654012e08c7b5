// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nullcline/io/dataset.hpp"

namespace nullcline::study::detail {

/// A TOML document as JSON; dates and infinities are refused. Throws Error at (path, "line L").
/// `order` gets the keys of the table `ordered_table` in the order of the file.
io::Json parse_toml(std::string_view text, const std::string& path,
                    const std::string& ordered_table, std::vector<std::string>& order);

/// One TOML value, or the text itself where it is none: "3", "[1, 2]", "tanh".
io::Json parse_toml_value(const std::string& text);

/// A JSON object as a TOML document.
std::string format_toml(const io::Json& object);

}  // namespace nullcline::study::detail
