// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "nullcline/core/array.hpp"

namespace nullcline::io {

using Json = nlohmann::json;

/// What a file of ours holds: named arrays, and beside them a JSON object of everything else.
/// A "/" in a name is a group of HDF5, and a mere letter elsewhere.
struct Dataset {
  Arrays arrays;
  Json attributes = Json::object();
};

/// What a reader accepts from a stranger, checked before anything of that size is allocated.
struct ReadLimits {
  std::uint64_t max_file_bytes = std::uint64_t{4} << 30;
  std::uint64_t max_array_bytes = std::uint64_t{4} << 30;  ///< Of all arrays of a file together.
  std::uint64_t max_attribute_bytes = std::uint64_t{16} << 20;  ///< Of the JSON text.
  std::size_t max_arrays = 100'000;  ///< Together with the groups that they are in.
  std::size_t max_rank = 8;
};

/// The names under which the attributes stand in HDF5 and in npz: no array can have them.
inline constexpr const char* hdf5_attributes_name = "attributes";
inline constexpr const char* npz_attributes_name = "attributes_json";

/// Why no array can have this name, or "" if it can: a name is at most 32 parts with "/" between
/// them, none empty, "." or "..", in UTF-8 of at most 1000 bytes without control characters.
std::string objection_to_name(const std::string& name);

/// What every writer asks of a dataset, so that it can be read again. An array of more than
/// ReadLimits::max_rank dimensions or whose entries do not match its shape, and attributes that are
/// not an object, are misuse (std::invalid_argument); a name that cannot be stored, be it because
/// one array's name is another one's group, is an Error.
void require_storable(const Dataset& dataset, const std::filesystem::path& path);

/// Throws Error, naming the array and the first index, if an entry is infinite or not a number.
void require_finite(const Dataset& dataset, const std::filesystem::path& path);

}  // namespace nullcline::io
