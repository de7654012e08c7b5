// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/hdf5_storage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "nullcline/io/detail/hdf5_handles.hpp"

namespace nullcline::io::detail {
namespace {

constexpr std::uint64_t max_chunks = 1'000'000;  // HDF5 takes seconds to look that many up.

PropertiesHandle creation_of(hid_t dataset, const std::string& name, const Budget& budget) {
  PropertiesHandle creation(H5Dget_create_plist(dataset));
  if (creation < 0) throw budget.error(name, "is damaged: " + hdf5_reason());
  return creation;
}

void require_known_filters(hid_t creation, const std::string& name, const Budget& budget) {
  const int count = H5Pget_nfilters(creation);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &values,
                                               nullptr, 0, nullptr, nullptr);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE &&
        filter != H5Z_FILTER_FLETCHER32) {
      throw budget.error(name, fmt::format("filter {}", filter), "deflate, shuffle or fletcher32");
    }
  }
}

/// Chunks have the rank of the array, and both stay within the largest shape it may grow to.
void require_whole_chunks(hid_t dataset, hid_t creation, const ClaimedShape& shape,
                          std::size_t entry_bytes, const std::string& name, const Budget& budget) {
  hsize_t chunk[H5S_MAX_RANK] = {}, largest[H5S_MAX_RANK] = {};
  const int rank = H5Pget_chunk(creation, H5S_MAX_RANK, chunk);
  const SpaceHandle space(H5Dget_space(dataset));
  if (rank < 1 || static_cast<std::size_t>(rank) != shape.size() ||
      H5Sget_simple_extent_dims(space, nullptr, largest) != rank) {
    throw budget.error(name, fmt::format("chunks of {} dimensions", rank),
                       fmt::format("{}", shape.size()));
  }
  std::uint64_t count = 1;  // No overflow: at most the entries, of which the budget has room for.
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (const hsize_t extent = std::max(chunk[i], hsize_t{shape[i]});
        extent > largest[i] && largest[i] != H5S_UNLIMITED) {
      throw budget.error(name, fmt::format("an extent of {}", extent),
                         fmt::format("at most {}", largest[i]));
    }
    if (chunk[i] == 0) throw budget.error(name, "empty chunks", "others");
    count *= std::max<std::uint64_t>(1, shape[i] / chunk[i]);
  }
  if (count > max_chunks) {
    throw budget.error(name, fmt::format("{} chunks", count),
                       fmt::format("at most {}", max_chunks));
  }
  Budget(budget.path(), budget.limits()).take(name, ClaimedShape(chunk, chunk + rank), entry_bytes);
}

}  // namespace

void require_plain_storage(hid_t dataset, const std::string& name, const Budget& budget) {
  const PropertiesHandle creation = creation_of(dataset, name, budget);
  const H5D_layout_t layout = H5Pget_layout(creation);
  if (layout == H5D_VIRTUAL) throw budget.error(name, "a virtual dataset", "entries in this file");
  if (H5Pget_external_count(creation) != 0) {
    throw budget.error(name, "external storage", "entries in this file");
  }
  require_known_filters(creation, name, budget);
}

ClaimedShape claimed_shape(hid_t dataset, const std::string& name, const Budget& budget) {
  const SpaceHandle space(H5Dget_space(dataset));
  hsize_t shape[H5S_MAX_RANK] = {};
  const H5S_class_t kind = H5Sget_simple_extent_type(space);
  if (kind == H5S_NULL) throw budget.error(name, "an empty dataspace", "an array or a scalar");
  const int rank = H5Sget_simple_extent_dims(space, shape, nullptr);
  if (rank < 0) throw budget.error(name, "is damaged: " + hdf5_reason());
  return {shape, shape + rank};
}

void require_whole_storage(hid_t dataset, const ClaimedShape& shape, std::size_t entry_bytes,
                           const std::string& name, const Budget& budget) {
  const PropertiesHandle creation = creation_of(dataset, name, budget);
  const H5D_layout_t layout = H5Pget_layout(creation);
  if (layout == H5D_CHUNKED) {
    return require_whole_chunks(dataset, creation, shape, entry_bytes, name, budget);
  }
  // A contiguous dataset without an address was never written to: all zero.
  if (layout == H5D_CONTIGUOUS && H5Dget_offset(dataset) == HADDR_UNDEF) return;
  hsize_t expected = entry_bytes;
  for (const std::uint64_t extent : shape) expected *= extent;
  if (const hsize_t stored = H5Dget_storage_size(dataset); stored != expected) {
    throw budget.error(name, fmt::format("{} bytes of entries", stored),
                       fmt::format("{}", expected));
  }
}

}  // namespace nullcline::io::detail
