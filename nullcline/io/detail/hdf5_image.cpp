// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/hdf5_image.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::io::detail {

Hdf5Image::Hdf5Image(const std::string& path) : path_(path) {
  const PropertiesHandle access = in_memory_access();
  H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
  H5FD_file_image_callbacks_t callbacks = {};
  callbacks.image_malloc = &Hdf5Image::allocate;
  callbacks.image_memcpy = [](void* to, const void* from, std::size_t size, H5FD_file_image_op_t,
                              void*) { return std::memcpy(to, from, size); };
  callbacks.image_realloc = &Hdf5Image::reallocate;
  callbacks.image_free = &Hdf5Image::take_over;
  callbacks.udata_copy = [](void* file_bytes) { return file_bytes; };
  callbacks.udata_free = [](void*) -> herr_t { return 0; };
  callbacks.udata = &bytes_;
  require_success(H5Pset_file_image_callbacks(access, &callbacks), "");

  const PropertiesHandle creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_obj_track_times(creation, false);  // Of the root group.
  file_ = FileHandle(H5Fcreate("nullcline::io::Hdf5Image", H5F_ACC_TRUNC, creation, access));
  require_success(file_, "");
}

FileBytes Hdf5Image::close() {
  require_success(H5Fclose(file_.release()), "");
  // The memory is larger than the file, whose end stands in its superblock (version 3: signature
  // 8, version 1, sizes 2, flags 1, base address 8, extension address 8, end of file 8 bytes).
  constexpr std::size_t end_of_file = 28;
  std::uint64_t size = 0;
  if (bytes_.size_ > end_of_file + sizeof(size)) {
    std::memcpy(&size, bytes_.bytes_.get() + end_of_file, sizeof(size));
  }
  if (!bytes_.bytes_ || size == 0 || size > bytes_.size_) {
    throw Error::because(path_, "", "cannot be written: HDF5 made no image of it");
  }
  bytes_.size_ = size;
  return std::move(bytes_);
}

void Hdf5Image::require_success(std::int64_t status, const std::string& field) const {
  if (status < 0) throw Error::because(path_, field, "cannot be written: " + hdf5_reason());
}

void* Hdf5Image::allocate(std::size_t size, H5FD_file_image_op_t operation, void* file_bytes) {
  return reallocate(nullptr, size, operation, file_bytes);
}

void* Hdf5Image::reallocate(void* bytes, std::size_t size, H5FD_file_image_op_t, void* file_bytes) {
  void* const larger = std::realloc(bytes, size);
  if (larger) static_cast<FileBytes*>(file_bytes)->size_ = size;
  return larger;
}

herr_t Hdf5Image::take_over(void* bytes, H5FD_file_image_op_t, void* file_bytes) {
  static_cast<FileBytes*>(file_bytes)->bytes_.reset(static_cast<char*>(bytes));
  return 0;
}

}  // namespace nullcline::io::detail
