// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdf5.h>

#include <string>
#include <vector>

#include "nullcline/io/detail/budget.hpp"

namespace nullcline::io::detail {

/// A name in a group, and whether it leads to an object, to another name, or out of the file.
struct Hdf5Link {
  std::string name;
  H5L_type_t type;
};

/// The links of a group by name. Takes them out of `links_left`; throws Error if those are fewer.
std::vector<Hdf5Link> links_of(hid_t group, const std::string& name, std::size_t& links_left,
                               const Budget& budget);

/// The steps `begin` .. `begin + count - 1` of the first dimension; all if `count` is negative.
struct Hdf5Rows {
  Index begin = 0;
  Index count = -1;
};

/// A dataset, or some rows of it, after type, place, filters and size are checked (hdf5_storage,
/// hdf5_types). Throws Error about array `name`.
Array read_array(hid_t dataset, const std::string& name, Budget& budget, const Hdf5Rows& rows = {});

}  // namespace nullcline::io::detail
