// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::io::detail {

/// An extent as files claim it: anything.
using ClaimedShape = std::vector<std::uint64_t>;
std::string text_of(const ClaimedShape& shape);  ///< "(6, 2)"

/// What one read of a file may still allocate.
class Budget {
 public:
  Budget(const std::filesystem::path& path, const ReadLimits& limits)
      : path_(path.string()), limits_(limits), bytes_left_(limits.max_array_bytes) {}

  /// Takes an array of `shape` with entries of `entry_bytes` in memory out of the budget; throws
  /// Error if it is not in there. The array comes back with that shape and no entries yet.
  Array take(const std::string& name, const ClaimedShape& shape, std::size_t entry_bytes);

  void require_bytes(const std::string& name, std::uint64_t bytes) const;
  void require_attribute_bytes(std::uint64_t bytes) const;

  const std::string& path() const { return path_; }
  const ReadLimits& limits() const { return limits_; }

  /// An error about one array of the file.
  Error error(const std::string& name, std::string found, std::string expected) const;
  Error error(const std::string& name, std::string message) const;

 private:
  std::string path_;
  ReadLimits limits_;
  std::uint64_t bytes_left_;
  std::size_t arrays_ = 0;
};

/// Moves `array` into `dataset` under `name`, unless it cannot have that name or has it already.
void add_array(Dataset& dataset, const std::string& name, Array array, const Budget& budget);

/// The value of read(), running out of memory being an Error: the file claims more than there is.
template <class Read>
auto within_memory(const std::filesystem::path& path, Read read) {
  try {
    return read();
  } catch (const std::bad_alloc&) {
    throw Error::because(path.string(), "", "does not fit into memory");
  } catch (const std::length_error&) {
    throw Error::because(path.string(), "", "does not fit into memory");
  }
}

}  // namespace nullcline::io::detail
