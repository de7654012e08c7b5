// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/version.hpp"

namespace nullcline {

const char* version() { return NULLCLINE_VERSION; }

}  // namespace nullcline
