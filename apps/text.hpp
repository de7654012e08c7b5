// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nullcline::apps {

/// Text from a file or an error, fit for one line of a terminal: control characters become "?".
std::string one_line(std::string_view text);

/// The lines of `text` broken between words to at most `width` letters, all but the first indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent = 0);

/// Columns of standard output, between 40 and 120 if it is a terminal; 100 otherwise.
std::size_t text_width();

/// "0.03125", "1.2e-13": four digits, "-" for what is not a number.
std::string number(double value);

/// "1 network", "2 networks".
std::string counted(long count, const std::string& one, const std::string& many = "");

/// A table for reading: columns under headings, those of numbers aligned right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string text() const;  ///< With a newline at the end of each line.

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace nullcline::apps
