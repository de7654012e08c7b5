// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/arrays.hpp"

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/text.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/io/npz.hpp"

namespace nullcline::io {

ArrayFormat array_format(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".h5" || extension == ".hdf5") return ArrayFormat::hdf5;
  if (extension == ".npz") return ArrayFormat::npz;
  throw Error(path.string(), "",
              extension.empty() ? "no extension" : "extension " + detail::printable(extension),
              ".h5, .hdf5 or .npz");
}

Dataset read_arrays(const std::filesystem::path& path, const ReadLimits& limits) {
  return array_format(path) == ArrayFormat::hdf5 ? read_hdf5(path, limits) : read_npz(path, limits);
}

void write_arrays(const std::filesystem::path& path, const Dataset& dataset) {
  if (array_format(path) == ArrayFormat::hdf5) return write_hdf5(path, dataset);
  write_npz(path, dataset);
}

}  // namespace nullcline::io
