// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/lines.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<double> number_in(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

char separator_of(const std::filesystem::path& path, char chosen) {
  if (chosen == 0) return path.extension() == ".tsv" ? '\t' : ',';
  if (chosen == '"' || chosen == '\n' || chosen == '\r' || chosen == '.' || chosen == '-' ||
      chosen == '+' || (chosen >= '0' && chosen <= '9')) {
    throw std::invalid_argument(
        fmt::format("separator is '{}', which stands in fields", printable({&chosen, 1})));
  }
  return chosen;
}

Lines::Lines(const std::string& text, char separator, std::string path)
    : rest_(text), separator_(separator), path_(std::move(path)) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

bool Lines::next() {
  if (rest_.empty()) return false;
  ++line_;
  const std::size_t length = std::min(rest_.find('\n'), rest_.size());
  std::string_view line = rest_.substr(0, length);
  rest_.remove_prefix(std::min(length + 1, rest_.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) fail(0, "nothing", "fields");
  split(line);
  return true;
}

double Lines::number(std::size_t k) const {
  const std::optional<double> value = number_in(fields_[k]);
  if (value && std::isfinite(*value)) return *value;
  const bool missing = trimmed(fields_[k]).empty();
  fail(k + 1, missing ? "nothing" : fmt::format("'{}'", printable(fields_[k], 40)),
       missing ? "a number (missing values are not filled in)" : "a finite number");
}

void Lines::fail(std::size_t column, std::string found, std::string expected) const {
  throw Error(path_,
              column == 0 ? fmt::format("line {}", line_)
                          : fmt::format("line {}, column {}", line_, column),
              std::move(found), std::move(expected));
}

void Lines::require_width(std::size_t width) const {
  if (fields_.size() != width) {
    fail(0, fmt::format("{} fields", fields_.size()), fmt::format("{}", width));
  }
}

void Lines::split(std::string_view line) {
  fields_.clear();
  for (std::size_t at = 0;; ++at) {  // Past the separator.
    fields_.emplace_back();
    if (at < line.size() && line[at] == '"') {
      at = quoted(line, at + 1);
    } else {
      const std::size_t end = std::min(line.find(separator_, at), line.size());
      fields_.back() = line.substr(at, end - at);
      at = end;
    }
    if (at >= line.size()) return;
    if (line[at] != separator_) {
      fail(fields_.size(), "text behind a closing quote", "a separator");
    }
  }
}

/// Reads the field from behind its opening quote, and returns where it ends.
std::size_t Lines::quoted(std::string_view line, std::size_t at) {
  for (; at < line.size(); ++at) {
    if (line[at] == '"') {
      if (at + 1 == line.size() || line[at + 1] != '"') return at + 1;
      ++at;
    }
    fields_.back() += line[at];
  }
  fail(fields_.size(), "no closing quote in the line", "one");
}

}  // namespace nullcline::io::detail
