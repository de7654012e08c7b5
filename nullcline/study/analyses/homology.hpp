// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/io/dataset.hpp"
#include "nullcline/representation/homology/persistent_homology.hpp"

namespace nullcline::study {

/// How large a computation was or would be, of the analysis and of the command.
io::Json json_of(const representation::HomologySize& size);

/// Births and deaths of each dimension k as the array `prefix`hk: (bars, 2), the longest first,
/// infinite where still there at the longest edge.
void put_bars(io::Dataset& result, const std::string& prefix,
              const representation::PersistentHomology& homology);

}  // namespace nullcline::study
