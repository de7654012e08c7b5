// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nullcline/core/detail/philox.hpp"

namespace nullcline {
namespace {

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

r123::Philox4x32::ctr_type philox(r123::Philox4x32::ctr_type counter, std::uint32_t key0,
                                  std::uint32_t key1) {
  return r123::Philox4x32()(counter, {{key0, key1}});
}

/// The first multiple of a group at or after `block`.
std::uint64_t group_start(std::uint64_t block) {
  constexpr std::uint64_t n = detail::blocks_per_group;
  return (block + n - 1) / n * n;
}

/// Fills whole groups in place and a last, partial one through a buffer.
template <class Real, class Normals>
std::uint64_t fill_groups(std::span<Real> values, std::uint64_t block, const Normals& normals) {
  const std::size_t whole = values.size() / detail::values_per_group;
  const std::size_t rest = values.size() % detail::values_per_group;
  normals(block, whole, values.data());
  block += whole * detail::blocks_per_group;
  if (rest > 0) {
    Real last[detail::values_per_group];
    normals(block, std::size_t{1}, last);
    std::copy_n(last, rest, values.end() - static_cast<std::ptrdiff_t>(rest));
    block += detail::blocks_per_group;
  }
  return block;
}

}  // namespace

RandomStream::RandomStream(const StreamAddress& address) : step_(address.step) {
  const auto key = philox({{low(address.network), high(address.network),
                            static_cast<std::uint32_t>(address.purpose), 0}},
                          low(address.seed), high(address.seed));
  key_[0] = key[0];
  key_[1] = key[1];
}

void RandomStream::refill() {
  const auto words =
      philox({{low(block_), high(block_), low(step_), high(step_)}}, key_[0], key_[1]);
  std::copy(words.begin(), words.end(), words_);
  ++block_;
  used_ = 0;
}

std::uint32_t RandomStream::word() {
  if (used_ == 4) refill();
  return words_[used_++];
}

double RandomStream::uniform() {
  const std::uint64_t a = word() >> 5, b = word() >> 6;  // 27 + 26 bits
  return (static_cast<double>(a * 67108864 + b) + 0.5) / 9007199254740992.0;
}

double RandomStream::normal() {
  const double r = std::sqrt(-2 * std::log(uniform()));
  return r * std::cos(2 * std::numbers::pi * uniform());
}

std::uint64_t RandomStream::below(std::uint64_t n) {
  // Values above the last multiple of n would favor small remainders: draw again.
  const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % n;
  for (;;) {
    const std::uint64_t high_word = word();
    const std::uint64_t value = (high_word << 32) | word();
    if (value < limit) return value % n;
  }
}

void RandomStream::seek_group(std::uint64_t group) {
  block_ = group * detail::blocks_per_group;
  used_ = 4;
}

void RandomStream::fill_normal(std::span<float> values, float scale) {
  block_ = fill_groups(values, group_start(block_),
                       [&](std::uint64_t block, std::size_t groups, float* out) {
                         detail::normals_vector(key_, step_, block, groups, scale, out);
                       });
  used_ = 4;
}

void RandomStream::fill_normal(std::span<double> values, double scale) {
  block_ = fill_groups(values, group_start(block_),
                       [&](std::uint64_t block, std::size_t groups, double* out) {
                         detail::normals_double(key_, step_, block, groups, scale, out);
                       });
  used_ = 4;
}

}  // namespace nullcline
