// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nullcline::io::detail {

/// Text from a stranger, fit for one line of a message: control characters and whatever is not
/// UTF-8 become "?", and what goes beyond `max_bytes` "...".
std::string printable(std::string_view text, std::size_t max_bytes = 200);

/// The same bytes, if a label can be made of them: `expected_word`. Else nullopt; printable() would
/// make one label of several.
std::optional<std::string> word(std::string_view text);
inline constexpr const char* expected_word = "a word of printable UTF-8, at most 200 bytes";
inline constexpr std::size_t max_word_bytes = 200;

/// The text between quotes, as errors show what they found.
std::string in_quotes(std::string_view text);

/// "array 'recurrent'", as errors name it.
std::string array_field(std::string_view name);

}  // namespace nullcline::io::detail
