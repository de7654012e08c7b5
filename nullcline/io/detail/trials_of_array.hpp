// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nullcline/core/array.hpp"
#include "nullcline/io/recording.hpp"

namespace nullcline::io::detail {

/// Throws std::invalid_argument unless `axes` is "tn", "nt" or an order of "btn".
void require_axes(const std::string& axes);

/// The trials (n, T) of an array of two or three dimensions in the order of `axes`. Throws Error on
/// another rank, an empty array and entries that are not finite.
std::vector<Matrix> trials_of_array(const Array& array, const std::string& name,
                                    const std::string& axes, const std::filesystem::path& path);

/// An array of a file that could be a recording.
struct NamedShape {
  std::string name;
  std::size_t rank;
};

/// The names that `key` means, in natural order: itself, those that begin so if it ends in "*", or
/// the only one of two or three dimensions if it is empty. Throws Error, with the nearest or all
/// names, if there is none or no telling.
std::vector<std::string> chosen_arrays(const std::vector<NamedShape>& all, const std::string& key,
                                       const std::filesystem::path& path);

/// The recording in the arrays that `key` chooses; `read` reads one.
Recording recording_of_arrays(const std::vector<NamedShape>& all,
                              const std::function<Array(const std::string&)>& read,
                              const std::filesystem::path& path, const RecordingOptions& options);

}  // namespace nullcline::io::detail
