// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/selftest_cases.hpp"

namespace nullcline::apps {

std::vector<SelftestCase> selftest_warp();  ///< Metrics of networks; part of selftest_geometry().

}  // namespace nullcline::apps
