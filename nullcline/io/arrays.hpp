// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "nullcline/io/dataset.hpp"

namespace nullcline::io {

/// The format that a file's name asks for: ".h5" and ".hdf5" are HDF5, ".npz" is NumPy's. Any other
/// name is an Error that lists these.
enum class ArrayFormat { hdf5, npz };
ArrayFormat array_format(const std::filesystem::path& path);

/// read_hdf5() or read_npz(), write_hdf5() or write_npz(), by the name.
Dataset read_arrays(const std::filesystem::path& path, const ReadLimits& limits = {});
void write_arrays(const std::filesystem::path& path, const Dataset& dataset);

}  // namespace nullcline::io
