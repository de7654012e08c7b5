// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace nullcline {

/// Long calls report fraction done in [0, 1]; a callback that returns false asks them to stop.
/// The library itself never prints. A stopped call returns what it has, with a status.
using Progress = std::function<bool(double fraction)>;

}  // namespace nullcline
