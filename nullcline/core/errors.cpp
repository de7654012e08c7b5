// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/errors.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace nullcline {
namespace {

/// The non-empty parts, with ": " between them.
std::string joined(const std::string& path, const std::string& field, const std::string& message) {
  std::string line;
  for (const std::string* part : {&path, &field, &message}) {
    if (part->empty()) continue;
    if (!line.empty()) line += ": ";
    line += *part;
  }
  return line;
}

std::string found_and_expected(const std::string& found, const std::string& expected) {
  if (found.empty()) return expected.empty() ? "" : "expected " + expected;
  return "found " + found + (expected.empty() ? "" : ", expected " + expected);
}

}  // namespace

Error::Error(const std::string& message, std::string path, std::string field, std::string found,
             std::string expected)
    : std::runtime_error(joined(path, field, message)),
      path_(std::move(path)),
      field_(std::move(field)),
      found_(std::move(found)),
      expected_(std::move(expected)),
      message_(message) {}

Error::Error(std::string path, std::string field, std::string found, std::string expected)
    : Error(found_and_expected(found, expected), std::move(path), std::move(field), found,
            expected) {}

Error Error::because(std::string path, std::string field, std::string message) {
  return Error(message, std::move(path), std::move(field), "", "");
}

Error Error::at(std::string path) const {
  return Error(message_, std::move(path), field_, found_, expected_);
}

void require(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(message);
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
  // row[j] is the distance of the letters of `a` so far to the first j of `b`.
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[b.size()];
}

}  // namespace nullcline
