// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io {
namespace {

constexpr std::size_t max_name_bytes = 1000;
constexpr std::size_t max_parts = 32;

void require_consistent(const std::string& name, const Array& array) {
  const std::size_t entries = std::visit([](const auto& data) { return data.size(); }, array.data);
  if (array.shape.size() > ReadLimits{}.max_rank) {
    throw std::invalid_argument(fmt::format("array '{}' has {} dimensions, more than {}", name,
                                            array.shape.size(), ReadLimits{}.max_rank));
  }
  const bool negative =
      std::any_of(array.shape.begin(), array.shape.end(), [](Index extent) { return extent < 0; });
  if (negative || static_cast<std::size_t>(array.size()) != entries) {
    throw std::invalid_argument(
        fmt::format("array '{}' has shape {} but {} entries", name, array.shape_text(), entries));
  }
}

/// The C-order index of entry k, "[3, 0]"; "" for a scalar.
std::string index_text(const std::vector<Index>& shape, Index k) {
  std::vector<std::string> parts;
  for (std::size_t axis = shape.size(); axis-- > 0; k /= shape[axis]) {
    parts.insert(parts.begin(), std::to_string(k % shape[axis]));
  }
  return shape.empty() ? "" : fmt::format("[{}]", fmt::join(parts, ", "));
}

}  // namespace

std::string objection_to_name(const std::string& name) {
  if (name.empty()) return "is empty";
  if (name.size() > max_name_bytes) return fmt::format("has more than {} bytes", max_name_bytes);
  if (detail::printable(name, max_name_bytes) != name) {
    return "has a control character or is not UTF-8";
  }
  if (name == hdf5_attributes_name || name == npz_attributes_name) {
    return "is the name of the attributes";
  }
  std::size_t parts = 0;
  for (std::size_t begin = 0; begin <= name.size(); ++parts) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part(name.data() + begin, end - begin);
    if (part.empty() || part == "." || part == "..") return "has an empty part, \".\" or \"..\"";
    begin = end + 1;
  }
  if (parts > max_parts) return fmt::format("has more than {} parts", max_parts);
  return "";
}

void require_storable(const Dataset& dataset, const std::filesystem::path& path) {
  require(dataset.attributes.is_object(), "the attributes of a dataset must be a JSON object");
  for (const auto& [name, array] : dataset.arrays) {
    require_consistent(name, array);
    if (const std::string objection = objection_to_name(name); !objection.empty()) {
      throw Error::because(path.string(), detail::array_field(name), "the name " + objection);
    }
    for (std::size_t slash = name.find('/'); slash != name.npos;
         slash = name.find('/', slash + 1)) {
      if (dataset.arrays.contains(name.substr(0, slash))) {
        throw Error::because(
            path.string(), detail::array_field(name),
            fmt::format("'{}' cannot be an array and a group", name.substr(0, slash)));
      }
    }
  }
}

void require_finite(const Dataset& dataset, const std::filesystem::path& path) {
  for (const auto& [name, array] : dataset.arrays) {
    std::visit(
        [&, &name = name, &shape = array.shape](const auto& data) {
          using T = typename std::decay_t<decltype(data)>::value_type;
          if constexpr (std::is_floating_point_v<T>) {
            const auto bad = std::find_if(data.begin(), data.end(),
                                          [](T value) { return !std::isfinite(value); });
            if (bad == data.end()) return;
            throw Error(path.string(),
                        detail::array_field(name) + index_text(shape, bad - data.begin()),
                        fmt::format("{}", *bad), "a finite number");
          }
        },
        array.data);
  }
}

}  // namespace nullcline::io
