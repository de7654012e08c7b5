// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nullcline {

/// 64-bit FNV-1a, finished by the mixing of splitmix64: the address of a job, not a signature.
std::uint64_t hash64(std::string_view text);

/// 16 lower-case hexadecimal digits.
std::string hex(std::uint64_t value);

}  // namespace nullcline
