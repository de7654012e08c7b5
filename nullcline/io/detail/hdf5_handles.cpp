// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/hdf5_handles.hpp"

#include <cstdlib>

#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

std::mutex& hdf5_mutex() {
  static std::mutex mutex;
  return mutex;
}

/// What HDF5 does when the process ends, for files that somebody else left open.
void close_open_files() {
  hid_t file = H5I_INVALID_HID;
  while (H5Fget_obj_ids(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_FILE, 1, &file) > 0) {
    if (H5Fclose(file) < 0) return;
  }
}

/// A damaged object makes HDF5 1.10 lose a piece of its memory, and complain of it on standard
/// error when the process ends. So the end is ours. (If HDF5 is in use already, it stays its own.)
void take_over_end_of_process() {
  [[maybe_unused]] static const bool done =
      H5dont_atexit() >= 0 && std::atexit(&close_open_files) == 0;
}

}  // namespace

Hdf5Session::Hdf5Session() : lock_(hdf5_mutex()) {
  take_over_end_of_process();
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Session::~Hdf5Session() { H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_); }

std::string hdf5_reason() {
  char text[256] = "";
  const auto copy_first = [](unsigned depth, const H5E_error2_t* error, void* target) -> herr_t {
    if (depth > 0 || !error->desc) return 0;
    std::string_view(error->desc).copy(static_cast<char*>(target), sizeof(text) - 1);
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, copy_first, text);
  return *text ? printable(text) : "for no reason that HDF5 gives";
}

PropertiesHandle in_memory_access() {
  constexpr std::size_t growth_bytes = std::size_t{1} << 16;
  constexpr hbool_t on_disk = false;
  PropertiesHandle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fapl_core(access, growth_bytes, on_disk);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  return access;
}

}  // namespace nullcline::io::detail
