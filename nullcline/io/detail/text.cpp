// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nullcline::io::detail {
namespace {

bool is_between(unsigned char byte, unsigned char low, unsigned char high) {
  return low <= byte && byte <= high;
}

/// Bytes of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7), or 0
/// if there is none or it is a control character.
std::size_t printable_prefix(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned char {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto continues = [&](std::size_t i) { return is_between(byte(i), 0x80, 0xBF); };
  const unsigned char first = byte(0), second = byte(1);
  if (is_between(first, 0x20, 0x7E)) return 1;
  if (first == 0xC2) return is_between(second, 0xA0, 0xBF) ? 2 : 0;  // U+0080 ... U+009F control.
  if (is_between(first, 0xC3, 0xDF)) return continues(1) ? 2 : 0;
  if (is_between(first, 0xE0, 0xEF)) {
    const unsigned char low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
    return is_between(second, low, high) && continues(2) ? 3 : 0;
  }
  if (is_between(first, 0xF0, 0xF4)) {
    const unsigned char low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return is_between(second, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = printable_prefix(text);
    if (line.size() + std::max<std::size_t>(length, 1) > max_bytes) return line + "...";
    line += length > 0 ? text.substr(0, length) : std::string_view("?");
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return line;
}

std::optional<std::string> word(std::string_view text) {
  std::string line = printable(text, max_word_bytes);
  return !text.empty() && line == text ? std::optional(std::move(line)) : std::nullopt;
}

std::string in_quotes(std::string_view text) {
  return text.empty() ? "nothing" : fmt::format("'{}'", printable(text, 40));
}

std::string array_field(std::string_view name) { return "array '" + printable(name) + "'"; }

}  // namespace nullcline::io::detail
