// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

/// Whether the product of max(extent, 1) and `entry_bytes` is at most `bytes`; that product if it
/// is. Zero extents count as one, so that no product of some of the extents overflows later on.
std::pair<bool, std::uint64_t> fits(const ClaimedShape& shape, std::uint64_t entry_bytes,
                                    std::uint64_t bytes) {
  std::uint64_t product = entry_bytes;
  if (product > bytes) return {false, 0};
  for (const std::uint64_t extent : shape) {
    const std::uint64_t factor = std::max<std::uint64_t>(extent, 1);
    if (factor > bytes / product) return {false, 0};
    product *= factor;
  }
  return {true, product};
}

}  // namespace

std::string text_of(const ClaimedShape& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

Array Budget::take(const std::string& name, const ClaimedShape& shape, std::size_t entry_bytes) {
  if (++arrays_ > limits_.max_arrays) {
    throw Error(path_, "", "more arrays", fmt::format("at most {}", limits_.max_arrays));
  }
  if (shape.size() > limits_.max_rank) {
    throw error(name, fmt::format("{} dimensions", shape.size()),
                fmt::format("at most {}", limits_.max_rank));
  }
  const auto [fit, bytes] = fits(shape, entry_bytes, bytes_left_);
  if (!fit) {
    throw error(name, fmt::format("shape {} of {}-byte entries", text_of(shape), entry_bytes),
                fmt::format("at most {} bytes", bytes_left_));
  }
  bytes_left_ -= bytes;
  return {std::vector<Index>(shape.begin(), shape.end()), {}};
}

void Budget::require_bytes(const std::string& name, std::uint64_t bytes) const {
  if (bytes <= bytes_left_) return;
  throw error(name, fmt::format("{} bytes", bytes), fmt::format("at most {} bytes", bytes_left_));
}

void Budget::require_attribute_bytes(std::uint64_t bytes) const {
  if (bytes <= limits_.max_attribute_bytes) return;
  throw Error(path_, "attributes", fmt::format("{} bytes", bytes),
              fmt::format("at most {} bytes", limits_.max_attribute_bytes));
}

Error Budget::error(const std::string& name, std::string found, std::string expected) const {
  return {path_, array_field(name), std::move(found), std::move(expected)};
}

Error Budget::error(const std::string& name, std::string message) const {
  return Error::because(path_, array_field(name), std::move(message));
}

void add_array(Dataset& dataset, const std::string& name, Array array, const Budget& budget) {
  if (const std::string objection = objection_to_name(name); !objection.empty()) {
    throw budget.error(name, "the name " + objection);
  }
  if (!dataset.arrays.emplace(name, std::move(array)).second) {
    throw budget.error(name, "stands there twice");
  }
}

}  // namespace nullcline::io::detail
