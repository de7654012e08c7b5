// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"

namespace nullcline::study::detail {

/// How an error tells what it found.
std::string found(const io::Json& json);

/// "where.name", or the name alone at the top.
std::string key_path(const std::string& where, const std::string& name);

/// A table of a study, read key by key. Each reader throws Error, with the path of the key, on a
/// value of another kind; `finish` on a key that nobody has asked for: it was misspelled.
class Table {
 public:
  Table(io::Json json, std::string where);

  const io::Json* find(const std::string& name);  ///< Null if there is none.
  const io::Json& at(const std::string& name, const char* expected);
  std::string text(const std::string& name, const std::string& standard);
  std::int64_t count(const std::string& name, const char* expected);  ///< Whole, not negative.
  void finish() const;

 private:
  io::Json json_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace nullcline::study::detail
