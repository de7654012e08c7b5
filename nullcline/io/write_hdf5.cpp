// SPDX-License-Identifier: Apache-2.0
#include <hdf5.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/detail/attributes.hpp"
#include "nullcline/io/detail/hdf5_handles.hpp"
#include "nullcline/io/detail/hdf5_image.hpp"
#include "nullcline/io/detail/hdf5_types.hpp"
#include "nullcline/io/detail/text.hpp"
#include "nullcline/io/hdf5.hpp"

namespace nullcline::io {
namespace {

using namespace detail;

constexpr hsize_t max_chunk_bytes = hsize_t{64} << 20;

/// The whole array, halved along its first axes until it is at most max_chunk_bytes.
std::vector<hsize_t> chunk_shape(std::vector<hsize_t> shape, hsize_t entry_bytes) {
  hsize_t bytes = entry_bytes;
  for (const hsize_t extent : shape) bytes *= extent;
  for (hsize_t& extent : shape) {
    while (extent > 1 && bytes > max_chunk_bytes) {
      bytes = bytes / extent * ((extent + 1) / 2);
      extent = (extent + 1) / 2;
    }
  }
  return shape;
}

class Writer {
 public:
  explicit Writer(Hdf5Image& image)
      : image_(image), in_utf8_(H5Pcreate(H5P_LINK_CREATE)), group_(H5Pcreate(H5P_GROUP_CREATE)) {
    H5Pset_char_encoding(in_utf8_, H5T_CSET_UTF8);
    H5Pset_obj_track_times(group_, false);
  }

  void add(const std::string& name, const Array& array) {
    add_groups(name);
    const void* const entries =
        std::visit([](const auto& data) -> const void* { return data.data(); }, array.data);
    add(name, {array.shape.begin(), array.shape.end()}, file_type_of(array), memory_type_of(array),
        entries);
  }

  void add_text(const std::string& name, const std::string& text) {
    const TypeHandle type(H5Tcopy(H5T_C_S1));
    H5Tset_size(type, text.size());
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    add(name, {1}, type, type, text.data());
  }

 private:
  void add_groups(const std::string& name) {
    for (std::size_t slash = name.find('/'); slash != name.npos;
         slash = name.find('/', slash + 1)) {
      const std::string group = name.substr(0, slash);
      if (!groups_.insert(group).second) continue;
      const ObjectHandle handle(
          H5Gcreate2(image_.file(), group.c_str(), in_utf8_, group_, H5P_DEFAULT));
      image_.require_success(handle, array_field(name));
    }
  }

  /// Entries are one or more chunks, which can have a checksum; a scalar or an empty array cannot
  /// be chunked, and lies in its object's header, which has one.
  void add(const std::string& name, const std::vector<hsize_t>& shape, hid_t file_type,
           hid_t memory_type, const void* entries) {
    const bool empty = std::find(shape.begin(), shape.end(), hsize_t{0}) != shape.end();
    const int rank = static_cast<int>(shape.size());
    const SpaceHandle space(H5Screate_simple(rank, shape.data(), nullptr));
    image_.require_success(space, array_field(name));
    const PropertiesHandle creation(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_obj_track_times(creation, false);
    if (empty || shape.empty()) {
      H5Pset_layout(creation, H5D_COMPACT);
    } else {
      H5Pset_chunk(creation, rank, chunk_shape(shape, H5Tget_size(file_type)).data());
      H5Pset_fletcher32(creation);
    }
    const ObjectHandle dataset(
        H5Dcreate2(image_.file(), name.c_str(), file_type, space, in_utf8_, creation, H5P_DEFAULT));
    image_.require_success(dataset, array_field(name));
    if (empty) return;
    image_.require_success(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, entries),
                           array_field(name));
  }

  Hdf5Image& image_;
  PropertiesHandle in_utf8_, group_;
  std::set<std::string> groups_;
};

FileBytes bytes_of(const Dataset& dataset, const std::string& attributes, const std::string& path) {
  const Hdf5Session session;
  Hdf5Image image(path);
  {
    Writer writer(image);
    for (const auto& [name, array] : dataset.arrays) writer.add(name, array);
    if (!dataset.attributes.empty()) writer.add_text(hdf5_attributes_name, attributes);
  }
  return image.close();
}

}  // namespace

void write_hdf5(const std::filesystem::path& path, const Dataset& dataset) {
  require_storable(dataset, path);
  const std::string attributes = attributes_text(dataset, path);
  write_file_atomically(path, bytes_of(dataset, attributes, path.string()).view());
}

}  // namespace nullcline::io
