// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "nullcline/io/dataset.hpp"

namespace nullcline::io {

/// Plain HDF5: every array a dataset of its dtype and shape under its name, the attributes as JSON
/// in the dataset "attributes", one string. With h5py:
///
///     json.loads(h5py.File(path)["attributes"][0])
///
/// Everything in the file carries HDF5's own checksums (metadata those of format 1.10, entries
/// Fletcher-32; only scalars and empty arrays lie in metadata), so that a damaged file is noticed
/// and not computed with. Written as a whole or not at all; the same bytes for equal datasets.
/// Throws Error if the file cannot be written, and what require_storable() throws.
void write_hdf5(const std::filesystem::path& path, const Dataset& dataset);

/// Reads what is written here, and what h5py writes of the same kind: numbers of either byte
/// order, integers below 64 bits (they come as int64, but uint8 as uint8), booleans (as uint8),
/// any chunks, the filters deflate, shuffle and fletcher32, "attributes" as one string of fixed
/// length (numpy.bytes_). HDF5 attributes of objects are not looked at.
///
/// Throws Error on everything else: other types, whatever points out of the file or elsewhere in
/// it (external and soft links, external storage, virtual datasets), other filters, a size beyond
/// `limits`, damage. The file is read into memory before HDF5 sees it.
///
/// Damage to a file written here is noticed wherever it is. The older format, which h5py writes
/// unless told libver="latest", has no checksums: there a changed byte may go unnoticed, and HDF5
/// 1.10 itself is not proof against a file made to attack it.
Dataset read_hdf5(const std::filesystem::path& path, const ReadLimits& limits = {});

/// Whether this is a file of HDF5 with a dataset "attributes", as write_hdf5() writes it: what else
/// is in it is not looked at. No Error: false.
bool has_attributes(const std::filesystem::path& path);

}  // namespace nullcline::io
