// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace nullcline {

/// Bad input from outside (a file, a study, a command line): names where it stands, which field,
/// what was found and what was expected. `what()` is one line made of the non-empty parts:
///
///     path: field: found FOUND, expected EXPECTED
///
/// Misuse of a function by its caller is std::invalid_argument, numerical failure is a status.
class Error : public std::runtime_error {
 public:
  Error(std::string path, std::string field, std::string found, std::string expected);

  /// For failures that are not of the form "found A, expected B": "path: field: message".
  static Error because(std::string path, std::string field, std::string message);

  /// The same error, told of another place (a parser that knows no file name lets its caller add
  /// it).
  Error at(std::string path) const;

  const std::string& path() const { return path_; }
  const std::string& field() const { return field_; }
  const std::string& found() const { return found_; }
  const std::string& expected() const { return expected_; }

 private:
  Error(const std::string& message, std::string path, std::string field, std::string found,
        std::string expected);
  std::string path_, field_, found_, expected_, message_;
};

/// Throws std::invalid_argument(message) unless `condition` holds.
void require(bool condition, const char* message);

/// The candidate nearest to `word` in edit distance, if near enough to be a misspelling; else "".
template <class Range>
std::string nearest_word(const std::string& word, const Range& candidates);

/// Levenshtein distance.
std::size_t edit_distance(const std::string& a, const std::string& b);

template <class Range>
std::string nearest_word(const std::string& word, const Range& candidates) {
  std::string best;
  std::size_t best_distance = word.size() / 3 + 2;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace nullcline
