// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace nullcline::detail {

/// Normals come in groups of 64, made of the 64 words of 16 consecutive Philox blocks: block b
/// gives the pairs (words 0, 1) -> values b, 16 + b and (words 2, 3) -> values 32 + b, 48 + b.
inline constexpr std::size_t blocks_per_group = 16;
inline constexpr std::size_t values_per_group = 64;

/// Rounds of Philox for normals: seven pass all of BigCrush [Salmon et al. 2011, section 5], ten
/// are the authors' default, which words and uniforms use.
inline constexpr int philox_rounds = 7;

/// Writes `groups` groups of scale * N(0, 1); the first uses the blocks from `block` on.
/// `vector` is the code that runs (dispatched by Highway), `scalar` its slow twin for the tests:
/// both give the same bits where the CPU has fused multiply-add. Which operations are fused is
/// written out; the compiler adds none (no contraction in this file).
void normals_vector(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                    std::size_t groups, float scale, float* values);
void normals_scalar(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                    std::size_t groups, float scale, float* values);

/// The same words through double arithmetic.
void normals_double(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                    std::size_t groups, double scale, double* values);

}  // namespace nullcline::detail
