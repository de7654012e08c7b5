// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nullcline::io::detail {

/// Text from a stranger, fit for one line of a message: control characters and whatever is not
/// UTF-8 become "?", and what goes beyond `max_bytes` "...".
std::string printable(std::string_view text, std::size_t max_bytes = 200);

/// "array 'recurrent'", as errors name it.
std::string array_field(std::string_view name);

}  // namespace nullcline::io::detail
