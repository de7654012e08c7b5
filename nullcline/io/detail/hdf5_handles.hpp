// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

namespace nullcline::io::detail {

/// An identifier of HDF5, closed when it goes.
template <herr_t (*close)(hid_t)>
class Hdf5Handle {
 public:
  Hdf5Handle() = default;
  explicit Hdf5Handle(hid_t id) : id_(id) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Hdf5Handle() {
    if (id_ >= 0) close(id_);
  }
  operator hid_t() const { return id_; }  // To be handed to the C functions.
  hid_t release() { return std::exchange(id_, H5I_INVALID_HID); }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using FileHandle = Hdf5Handle<H5Fclose>;
using ObjectHandle = Hdf5Handle<H5Oclose>;  // Groups and datasets.
using TypeHandle = Hdf5Handle<H5Tclose>;
using SpaceHandle = Hdf5Handle<H5Sclose>;
using PropertiesHandle = Hdf5Handle<H5Pclose>;

/// While one of these lives, HDF5 is this thread's (Debian's library may be built without thread
/// safety), and prints nothing on its errors; whoever else uses it in this process finds its
/// settings as they were.
class Hdf5Session {
 public:
  Hdf5Session();
  ~Hdf5Session();
  Hdf5Session(const Hdf5Session&) = delete;
  Hdf5Session& operator=(const Hdf5Session&) = delete;

 private:
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t printer_ = nullptr;
  void* printer_data_ = nullptr;
};

/// What HDF5 says of its last failure, the innermost cause, in one line.
std::string hdf5_reason();

/// Access to a file that exists in memory only.
PropertiesHandle in_memory_access();

}  // namespace nullcline::io::detail
