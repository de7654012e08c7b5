// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nullcline::io::detail {

/// Without the spaces and tabulators at both ends.
std::string_view trimmed(std::string_view text);

/// The number that the whole field is, infinities and not-a-number among them.
std::optional<double> number_in(std::string_view text);

/// The separator of a table's fields: `chosen`, or for 0 what the name says, a tabulator in .tsv
/// and else a comma. Throws std::invalid_argument on one that stands in numbers or quotes.
char separator_of(const std::filesystem::path& path, char chosen);

/// A table that is read line by line, and knows where it is. Lines end in LF or CRLF; a byte order
/// mark is passed over; a field may stand in double quotes, doubled within [RFC 4180]. Throws
/// Error, with line and column, on an empty line and on quotes that do not close.
class Lines {
 public:
  /// `text` must outlive it.
  Lines(const std::string& text, char separator, std::string path);

  /// The fields of the next line, until there is none.
  bool next();
  const std::vector<std::string>& fields() const { return fields_; }

  /// The finite number in field k; Error where there is none.
  double number(std::size_t k) const;

  /// Throws Error about the line, or about its column, counted from 1.
  [[noreturn]] void fail(std::size_t column, std::string found, std::string expected) const;

  void require_width(std::size_t width) const;  ///< Error unless the line has so many fields.

 private:
  void split(std::string_view line);
  std::size_t quoted(std::string_view line, std::size_t at);

  std::string_view rest_;
  char separator_;
  std::string path_;
  std::size_t line_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace nullcline::io::detail
