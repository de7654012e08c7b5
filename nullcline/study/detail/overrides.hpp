// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::study::detail {

/// What `options` change in a study as it was read: the table [quick], which is taken out, then the
/// overrides in order. Throws Error on a key that names nothing.
void apply_overrides(io::Json& study, const StudyOptions& options);

}  // namespace nullcline::study::detail
