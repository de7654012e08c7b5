// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/over_items.hpp"

namespace nullcline::dynamics::detail {

using nullcline::Cancellation;
using nullcline::ItemCounter;
using nullcline::over_items;

}  // namespace nullcline::dynamics::detail
