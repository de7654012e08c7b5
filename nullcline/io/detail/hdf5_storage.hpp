// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdf5.h>

#include <string>

#include "nullcline/io/detail/budget.hpp"

// How a dataset of a file of HDF5 lies there, looked at before HDF5 reads it.
namespace nullcline::io::detail {

/// Throws Error about array `name` unless its entries are in this very file, behind no filter but
/// deflate, shuffle and fletcher32 (HDF5 would load a plugin for another).
void require_plain_storage(hid_t dataset, const std::string& name, const Budget& budget);

/// Throws Error unless there is a shape: not for a null dataspace.
ClaimedShape claimed_shape(hid_t dataset, const std::string& name, const Budget& budget);

/// Throws Error unless what the file says of its chunks or its bytes agrees with the shape; HDF5
/// 1.10 trusts all three, and allocates whatever a chunk is said to have.
void require_whole_storage(hid_t dataset, const ClaimedShape& shape, std::size_t entry_bytes,
                           const std::string& name, const Budget& budget);

}  // namespace nullcline::io::detail
