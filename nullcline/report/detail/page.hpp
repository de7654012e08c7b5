// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace nullcline::report::detail {

/// The page as web/ builds it, with the mark @DOCUMENT@ where the document goes; empty in a build
/// without it.
std::string_view page();

}  // namespace nullcline::report::detail
