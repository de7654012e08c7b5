// SPDX-License-Identifier: Apache-2.0
// Vector code around the tiles; to be included where AVX-512 is compiled for.
#pragma once

#include <immintrin.h>

#include "products.hpp"

namespace nullcline::amx {

constexpr Index tile_numbers = 512, block_numbers = 2 * tile_numbers;

/// The parts of 16 numbers, as floats: rounded to bf16, and what is left of three, which fits.
template <int planes>
struct Parts {
  __m512i part[planes];
};
template <int planes>
inline Parts<planes> parts(__m512 x) {
  const __m512i half = _mm512_set1_epi32(0x8000), mask = _mm512_set1_epi32(-0x10000);
  Parts<planes> all;
  for (int p = 0; p < planes; ++p) {
    const __m512i bits = _mm512_castps_si512(x);
    all.part[p] = _mm512_and_si512(_mm512_add_epi32(bits, half), mask);
    x = _mm512_sub_ps(x, _mm512_castsi512_ps(all.part[p]));
  }
  return all;
}

/// Pairs (low_i, high_i), a plane after the other `block_numbers` apart.
template <int planes>
inline void split_pairs(__m512 low, __m512 high, std::uint16_t* out) {
  const Parts<planes> a = parts<planes>(low), b = parts<planes>(high);
  for (int p = 0; p < planes; ++p) {
    _mm512_store_si512(out + p * block_numbers,
                       _mm512_or_si512(_mm512_srli_epi32(a.part[p], 16), b.part[p]));
  }
}

/// Row i of the transpose of 16 rows, in place.
inline void transpose(__m512 (&x)[16]) {
  __m512 y[16];
  for (int i = 0; i < 16; i += 2) {
    y[i] = _mm512_unpacklo_ps(x[i], x[i + 1]);
    y[i + 1] = _mm512_unpackhi_ps(x[i], x[i + 1]);
  }
  const auto pair = [](__m512 a, __m512 b, bool high) {
    const __m512d c = _mm512_castps_pd(a), d = _mm512_castps_pd(b);
    return _mm512_castpd_ps(high ? _mm512_unpackhi_pd(c, d) : _mm512_unpacklo_pd(c, d));
  };
  for (int i = 0; i < 16; i += 4) {
    for (int j = 0; j < 2; ++j) {
      x[i + 2 * j] = pair(y[i + j], y[i + j + 2], false);
      x[i + 2 * j + 1] = pair(y[i + j], y[i + j + 2], true);
    }
  }
  for (int i = 0; i < 4; ++i) {  // x[4 g + i]: rows 4 g .. of columns i, 4 + i, 8 + i, 12 + i
    const __m512 a = _mm512_shuffle_f32x4(x[i], x[4 + i], 0x88);
    const __m512 b = _mm512_shuffle_f32x4(x[i], x[4 + i], 0xdd);
    const __m512 c = _mm512_shuffle_f32x4(x[8 + i], x[12 + i], 0x88);
    const __m512 d = _mm512_shuffle_f32x4(x[8 + i], x[12 + i], 0xdd);
    y[i] = _mm512_shuffle_f32x4(a, c, 0x88);
    y[8 + i] = _mm512_shuffle_f32x4(a, c, 0xdd);
    y[4 + i] = _mm512_shuffle_f32x4(b, d, 0x88);
    y[12 + i] = _mm512_shuffle_f32x4(b, d, 0xdd);
  }
  for (int i = 0; i < 16; ++i) x[i] = y[i];
}

}  // namespace nullcline::amx
