// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "nullcline/io/detail/hdf5_handles.hpp"

namespace nullcline::io::detail {

/// A file, in memory of malloc.
class FileBytes {
 public:
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  friend class Hdf5Image;
  struct Free {
    void operator()(void* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<char, Free> bytes_;
  std::size_t size_ = 0;
};

/// A file of HDF5 that exists in memory only, in the format of HDF5 1.10, all of whose metadata
/// carry checksums. Its bytes are there once it is closed.
class Hdf5Image {
 public:
  /// Throws Error at `path`, where the bytes are to go, if HDF5 fails.
  explicit Hdf5Image(const std::string& path);
  Hdf5Image(const Hdf5Image&) = delete;
  Hdf5Image& operator=(const Hdf5Image&) = delete;

  hid_t file() const { return file_; }
  /// Everything that was opened in the file must be closed before.
  FileBytes close();

  /// Throws Error with what HDF5 says if `status` is negative.
  void require_success(std::int64_t status, const std::string& field) const;

 private:
  // HDF5 hands its memory over when it closes the file. (H5Fget_file_image copies the bytes of an
  // open file, and spoils the checksum of its superblock.)
  static void* allocate(std::size_t size, H5FD_file_image_op_t, void* file_bytes);
  static void* reallocate(void* bytes, std::size_t size, H5FD_file_image_op_t, void* file_bytes);
  static herr_t take_over(void* bytes, H5FD_file_image_op_t, void* file_bytes);

  std::string path_;
  FileBytes bytes_;
  FileHandle file_;  // Closed before its bytes go.
};

}  // namespace nullcline::io::detail
