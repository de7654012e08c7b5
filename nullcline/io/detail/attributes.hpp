// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "nullcline/io/dataset.hpp"
#include "nullcline/io/detail/budget.hpp"

namespace nullcline::io::detail {

/// The attributes as every format stores them: JSON. Throws Error beyond what a reader accepts.
std::string attributes_text(const Dataset& dataset, const std::filesystem::path& path);

/// The attributes in `text`, which stands in the file under `name`; throws Error unless they are a
/// JSON object.
Json parse_attributes(std::string_view text, const std::string& name, const Budget& budget);

}  // namespace nullcline::io::detail
