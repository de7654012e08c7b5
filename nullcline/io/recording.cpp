// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/recording.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/csv.hpp"
#include "nullcline/io/detail/hdf5_source.hpp"
#include "nullcline/io/detail/nwb.hpp"
#include "nullcline/io/detail/text.hpp"
#include "nullcline/io/detail/trials_of_array.hpp"
#include "nullcline/io/npz.hpp"

namespace nullcline::io {
namespace {

using detail::NamedShape;

constexpr std::size_t max_depth = 32;  // Links may go in circles.

/// All arrays of numbers in a group and those below it.
void list_arrays(detail::Hdf5Source& source, const std::string& group, std::size_t depth,
                 std::vector<NamedShape>& found) {
  if (depth == max_depth) return;
  for (const std::string& child : source.children(group)) {
    const std::string name = group.empty() ? child : group + "/" + child;
    if (source.is_group(name)) {
      list_arrays(source, name, depth + 1, found);
    } else if (source.is_dataset(name) && source.is_number(name)) {
      found.push_back({name, source.shape(name).size()});
    }
  }
}

bool has_nwb_version(const detail::Hdf5Source& source) {
  return source.text_attribute("", "nwb_version").has_value();
}

Recording read_hdf5_recording(const std::filesystem::path& path, const RecordingOptions& options) {
  detail::Budget budget(path, options.limits);
  detail::Hdf5Source source(budget);
  if (has_nwb_version(source)) return detail::read_nwb(source, budget, options);
  if (path.extension() == ".nwb") {
    throw Error(path.string(), "attribute nwb_version", "none", "that of an NWB file");
  }
  const auto read = [&](const std::string& name) { return source.read(name); };
  if (!options.key.empty() && source.is_dataset(options.key)) {
    return detail::recording_of_arrays({{options.key, 0}}, read, path, options);
  }
  std::vector<NamedShape> arrays;
  list_arrays(source, "", 0, arrays);
  return detail::recording_of_arrays(arrays, read, path, options);
}

/// Text and other types beside the recording do not matter, as in HDF5.
Recording read_npz_recording(const std::filesystem::path& path, const RecordingOptions& options) {
  const MixedNpz mixed = read_mixed_npz(path, options.limits);
  const auto foreign = mixed.others.find(options.key);
  if (foreign != mixed.others.end()) {
    throw Error(path.string(), detail::array_field(options.key),
                fmt::format("dtype '{}'", foreign->second.dtype), "numbers, at most of 64 bits");
  }
  return recording_of(mixed.data, path, options);
}

void require_options(const RecordingOptions& options) {
  detail::require_axes(options.axes);
  if (!std::isfinite(options.bin) || options.bin < 0) {
    throw std::invalid_argument(fmt::format("bin is {}, must be positive seconds", options.bin));
  }
}

/// Options that say nothing about this format would be overlooked in silence.
void require_none_of_nwb(const std::filesystem::path& path, const RecordingOptions& options) {
  if (options.bin > 0) {
    throw Error(path.string(), "--bin", "no spike times", "those of an NWB file (.nwb)");
  }
  if (!options.intervals.empty()) {
    throw Error(path.string(), "--intervals", "no intervals", "those of an NWB file (.nwb)");
  }
}

}  // namespace

Recording recording_of(const Dataset& data, const std::filesystem::path& path,
                       const RecordingOptions& options) {
  require_options(options);
  require_none_of_nwb(path, options);
  std::vector<NamedShape> all;
  for (const auto& [name, array] : data.arrays) all.push_back({name, array.shape.size()});
  const auto read = [&](const std::string& name) { return data.arrays.at(name); };
  return detail::recording_of_arrays(all, read, path, options);
}

Recording read_recording(const std::filesystem::path& path, const RecordingOptions& options) {
  require_options(options);
  const std::string extension = path.extension().string();
  return detail::within_memory(path, [&]() -> Recording {
    if (extension == ".npz") return read_npz_recording(path, options);
    if (extension == ".csv" || extension == ".tsv") {
      require_none_of_nwb(path, options);
      return detail::read_csv(path, options);
    }
    if (extension != ".nwb" && !is_nwb(path)) require_none_of_nwb(path, options);
    if (extension == ".nwb" || extension == ".h5" || extension == ".hdf5") {
      return read_hdf5_recording(path, options);
    }
    throw Error(path.string(), "",
                extension.empty() ? "no extension" : "extension " + detail::printable(extension),
                ".npz, .h5, .hdf5, .nwb, .csv or .tsv");
  });
}

bool is_nwb(const std::filesystem::path& path) {
  try {
    detail::Budget budget(path, {});
    return has_nwb_version(detail::Hdf5Source(budget));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace nullcline::io
