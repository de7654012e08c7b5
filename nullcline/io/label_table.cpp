// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/label_table.hpp"

#include <fmt/format.h>

#include <set>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/io/detail/lines.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io {
namespace {

std::string field(const detail::Lines& lines, std::size_t k) {
  const std::string_view text = detail::trimmed(lines.fields()[k]);
  if (text.empty()) lines.fail(k + 1, "nothing", "a label");
  if (auto word = detail::word(text)) return *std::move(word);
  lines.fail(k + 1, detail::in_quotes(text), detail::expected_word);
}

}  // namespace

LabelTable read_label_table(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension != ".csv" && extension != ".tsv") {
    throw Error(path.string(), "", "extension " + detail::printable(extension), ".csv or .tsv");
  }
  const std::string text = read_file(path, ReadLimits{}.max_file_bytes);
  detail::Lines lines(text, detail::separator_of(path, 0), path.string());
  if (!lines.next()) throw Error::because(path.string(), "", "is empty");
  LabelTable table;
  std::set<std::string> distinct;
  for (std::size_t k = 0; k < lines.fields().size(); ++k) {
    table.names.push_back(field(lines, k));
    if (!distinct.insert(table.names.back()).second) {
      lines.fail(k + 1, fmt::format("'{}' again", table.names.back()), "another name");
    }
  }
  table.columns.resize(table.names.size());
  while (lines.next()) {
    lines.require_width(table.names.size());
    for (std::size_t k = 0; k < table.names.size(); ++k) {
      table.columns[k].push_back(field(lines, k));
    }
  }
  return table;
}

}  // namespace nullcline::io
