// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/hash.hpp"

namespace nullcline {
namespace {

/// The finalizer of splitmix64 [Steele, Lea & Flood 2014], a bijection of 64-bit words: FNV-1a
/// alone leaves the high bits of short texts that differ in their last letter nearly equal.
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

std::uint64_t hash64(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // the offset basis and prime of 64-bit FNV
  for (const char letter : text) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x00000100000001b3u;
  }
  return mix(hash);
}

std::string hex(std::uint64_t value) {
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value >>= 4) {
    *digit = "0123456789abcdef"[value & 0xf];
  }
  return digits;
}

}  // namespace nullcline
