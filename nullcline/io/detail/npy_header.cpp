// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/npy_header.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

/// Reads the pieces of a Python literal off its front.
class Literal {
 public:
  Literal(std::string_view text, const std::string& name, const Budget& budget)
      : text_(text), rest_(text), name_(name), budget_(budget) {}

  bool accept(std::string_view token) {
    const std::size_t blank = std::min(rest_.find_first_not_of(" \n"), rest_.size());
    if (!rest_.substr(blank).starts_with(token)) return false;
    rest_.remove_prefix(blank + token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!accept(token)) fail();
  }
  void expect_end() {
    if (rest_.find_first_not_of(" \n") != rest_.npos) fail();
  }

  std::string quoted() {
    const char quote = accept("'") ? '\'' : '"';
    if (quote == '"') expect("\"");
    const std::size_t end = rest_.find_first_of("'\"\\");
    if (end == rest_.npos || rest_[end] != quote) fail();
    std::string content(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return content;
  }

  bool truth() {
    if (accept("True")) return true;
    expect("False");
    return false;
  }

  /// "()", "(3,)", "(3, 4)" or "(3, 4,)", of whole numbers >= 0.
  ClaimedShape tuple() {
    ClaimedShape numbers;
    expect("(");
    bool comma = true;
    while (!accept(")")) {
      if (!comma) fail();
      numbers.push_back(number());
      if (numbers.size() > 1000) fail();
      comma = accept(",");
    }
    if (numbers.size() == 1 && !comma) fail();  // "(3)" is no tuple.
    return numbers;
  }

  [[noreturn]] void fail() const {
    throw budget_.error(name_, "the header " + printable(text_.substr(0, text_.find('\n'))),
                        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
  }

 private:
  std::uint64_t number() {
    accept("");  // Skips blanks.
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) fail();
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string_view text_, rest_;
  const std::string& name_;
  const Budget& budget_;
};

NpyHeader parse_literal(Literal literal) {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<ClaimedShape> shape;
  literal.expect("{");
  bool comma = true;
  while (!literal.accept("}")) {
    if (!comma) literal.fail();
    const std::string key = literal.quoted();
    literal.expect(":");
    if (key == "descr" && !descr) {
      descr = literal.accept("[") ? "[record]" : literal.quoted();
      if (descr == "[record]") return {*descr, false, {}, 0};  // No such dtype: refused by name.
    } else if (key == "fortran_order" && !fortran_order) {
      fortran_order = literal.truth();
    } else if (key == "shape" && !shape) {
      shape = literal.tuple();
    } else {
      literal.fail();
    }
    comma = literal.accept(",");
  }
  literal.expect_end();
  if (!descr || !fortran_order || !shape) literal.fail();
  return {*descr, *fortran_order, *shape, 0};
}

}  // namespace

NpyHeader parse_npy_header(std::string_view file, const std::string& name, const Budget& budget) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(file[i]); };
  if (!file.starts_with("\x93NUMPY") || file.size() < 8) {
    throw budget.error(name, "no magic string", "a .npy file");
  }
  const unsigned major = byte(6);
  if (major < 1 || major > 3 || byte(7) != 0) {
    throw budget.error(name, fmt::format("format version {}.{}", major, byte(7)),
                       "1.0, 2.0 or 3.0");
  }
  const std::size_t count = major == 1 ? 2 : 4, begin = 8 + count;
  std::size_t length = 0;
  for (std::size_t i = count; i-- > 0 && file.size() >= begin;) length = 256 * length + byte(8 + i);
  if (file.size() < begin || length > file.size() - begin) {
    throw budget.error(name, fmt::format("{} bytes", file.size()),
                       fmt::format("a header of {} bytes", length));
  }
  NpyHeader header = parse_literal(Literal(file.substr(begin, length), name, budget));
  header.bytes = begin + length;
  return header;
}

}  // namespace nullcline::io::detail
