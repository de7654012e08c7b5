// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdf5.h>

#include <string>

#include "nullcline/core/array.hpp"

namespace nullcline::io::detail {

/// How the entries of a dataset come into memory.
struct EntryReading {
  Array::Data empty;       ///< A vector of the type they come as.
  hid_t memory_type = -1;  ///< What HDF5 converts them to.
  bool truth = false;      ///< Whether they are h5py's booleans.
};

/// `supported` false for what Array cannot hold.
struct TypeVerdict {
  bool supported = false;
  EntryReading reading;
};
TypeVerdict judge_type(hid_t file_type);

/// "float16", "a string", "a record", for messages.
std::string describe_type(hid_t file_type);

/// The type of the file in which the entries of `array` are stored, and the one they have here.
hid_t file_type_of(const Array& array);
hid_t memory_type_of(const Array& array);

}  // namespace nullcline::io::detail
