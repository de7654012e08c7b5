// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::study::detail {

/// The population `name` of a study, whose earlier populations are in `before`. What it says is
/// tried out: settings that do not go together are found here, before any work. Throws Error.
Population read_population(const std::string& name, const io::Json& json, const Study& before);

}  // namespace nullcline::study::detail
