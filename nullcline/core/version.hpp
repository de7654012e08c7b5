// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nullcline {

/// "MAJOR.MINOR.PATCH", of the library that is linked.
const char* version();

}  // namespace nullcline
