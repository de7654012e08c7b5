// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/representation/dca.hpp"

namespace nullcline::representation::detail {

/// std::invalid_argument, with the number that is out of range, unless a DCA of n units can have
/// these options, and these covariances.
void check_options(const DcaOptions& options, Index n);
void check_covariances(const CrossCovariances& covariances, Index window);

}  // namespace nullcline::representation::detail
