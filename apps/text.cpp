// SPDX-License-Identifier: Apache-2.0
#include "apps/text.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "nullcline/core/errors.hpp"

namespace nullcline::apps {
namespace {

/// Letters of UTF-8 text: all bytes but those that continue one.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
}

/// "12", "-0.5 s", "1.2e-3", "-": what is read better aligned right.
bool looks_like_number(const std::string& cell) {
  return cell.empty() || cell == "-" || cell == "inf" || cell == "-inf" ||
         std::isdigit(static_cast<unsigned char>(cell[cell[0] == '-' ? 1 : 0])) != 0;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& letter : line) {
    const auto code = static_cast<unsigned char>(letter);
    if (code == '\n' || code == '\t') letter = ' ';
    if (code < 0x20 || code == 0x7f) letter = letter == ' ' ? ' ' : '?';
  }
  return line;
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::istringstream words(text);
  std::string result, word;
  std::size_t column = 0;
  while (words >> word) {
    const std::size_t length = length_of(word);
    if (column > 0 && column + 1 + length > width) {
      result += '\n';
      result.append(indent, ' ');
      column = 0;
    }
    if (column > 0) {
      result += ' ';
      ++column;
    }
    result += word;
    column += length;
  }
  return result;
}

std::size_t text_width() {
  winsize size = {};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 100;
  return std::clamp<std::size_t>(size.ws_col == 0 ? 100 : size.ws_col, 40, 120);
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4g}", value); }

std::string counted(long count, const std::string& one, const std::string& many) {
  const std::string plural = many.empty() ? one + "s" : many;
  return fmt::format("{} {}", count, count == 1 ? one : plural);
}

void TextTable::add(std::vector<std::string> cells) {
  require(cells.size() == headings_.size(), "TextTable: as many cells as headings");
  for (std::string& cell : cells) cell = one_line(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  const std::size_t columns = headings_.size();
  std::vector<std::size_t> widths(columns);
  std::vector<bool> right(columns);
  for (std::size_t c = 0; c < columns; ++c) {
    widths[c] = length_of(headings_[c]);
    right[c] = !rows_.empty();
    for (const auto& row : rows_) {
      widths[c] = std::max(widths[c], length_of(row[c]));
      right[c] = right[c] && looks_like_number(row[c]);
    }
  }
  std::string text;
  const auto write = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t c = 0; c < columns; ++c) {
      const std::string padding(widths[c] - length_of(cells[c]), ' ');
      line += (c > 0 ? "  " : "") + (right[c] ? padding + cells[c] : cells[c] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  write(headings_);
  for (const auto& row : rows_) write(row);
  return text;
}

}  // namespace nullcline::apps
