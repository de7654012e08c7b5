// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nullcline::io {

/// Words about objects: a column a kind of label, a line an object.
struct LabelTable {
  std::vector<std::string> names;                 ///< Of the columns.
  std::vector<std::vector<std::string>> columns;  ///< The fields of each, one an object.
};

/// Reads a .csv or .tsv file whose first line names the columns; quotes and line ends as of
/// read_recording(), spaces around fields left out. Throws Error with line and column on lines of
/// another length, fields that are empty, longer than 200 bytes or not printable UTF-8, and two
/// columns of one name.
[[nodiscard]] LabelTable read_label_table(const std::filesystem::path& path);

}  // namespace nullcline::io
