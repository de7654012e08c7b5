// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"

namespace nullcline::io {

/// NumPy's archive: a zip file with one .npy a name. numpy.load(path) reads what is written here,
/// without pickles; the attributes, if there are any, stand in the uint8 array "attributes_json":
///
///     json.loads(bytes(numpy.load(path)["attributes_json"]))
///
/// Written as a whole or not at all, uncompressed, the same bytes for equal datasets. Throws Error
/// if the file cannot be written, and what require_storable() throws.
void write_npz(const std::filesystem::path& path, const Dataset& dataset);

/// Reads what is written here and what numpy.savez and numpy.savez_compressed write. float32 and
/// float64 come as they are, bool and uint8 as uint8, other integers as int64, whatever their
/// order of bytes and of entries. Throws Error if the file is damaged (each member has a
/// checksum), holds anything else, or goes beyond `limits`.
Dataset read_npz(const std::filesystem::path& path, const ReadLimits& limits = {});

/// An array that Dataset has no type for.
struct ForeignArray {
  std::string dtype;  ///< As NumPy has it, "<U5".
  std::string shape;  ///< "(6, 2)"
  /// Of little-endian text of one dimension, the bytes of each, which may be anything; else empty.
  std::vector<std::string> texts;
};

/// A file of whose arrays not all are ours to understand.
struct MixedNpz {
  Dataset data;  ///< Those that read_npz() knows.
  std::map<std::string, ForeignArray> others;
};

/// As read_npz(), but arrays of other types are no Error.
MixedNpz read_mixed_npz(const std::filesystem::path& path, const ReadLimits& limits = {});

}  // namespace nullcline::io
