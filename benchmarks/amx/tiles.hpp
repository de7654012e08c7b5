// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace nullcline::amx {

/// The eight tile registers of AMX, all of 16 rows of 64 bytes: in C (16, 16) floats, in A (16, 32)
/// bf16, and in B 16 rows of 16 pairs of bf16. The dot product of tiles is [Intel, Software
/// Developer's Manual, TDPBF16PS]
///
///     C_ij += sum_r A_i,2r B_r,2j + sum_r A_i,2r+1 B_r,2j+1,   r = 0 .. 15,
///
/// each sum from 0 in ascending order with fused multiply-adds. `HardwareTiles` are the
/// instructions, written in assembly so that no compiler flag is needed; `EmulatedTiles` the same
/// by vector code, for CPUs without them.
struct HardwareTiles {
  struct Configuration {  // LDTILECFG, palette 1
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
  };
  static void begin() {
    alignas(64) static const Configuration all;
    asm volatile("ldtilecfg %0" : : "m"(all));
  }
  static void end() { asm volatile("tilerelease"); }

  template <int tile>
  static void zero() {
    asm volatile("tilezero %%tmm%c0" : : "i"(tile));
  }
  /// Rows 64 bytes apart. The clobber: what is stored before it in the program is there.
  template <int tile>
  static void load(const std::uint16_t* from) {
    asm volatile("tileloadd (%1,%2,1), %%tmm%c0"
                 :
                 : "i"(tile), "r"(from), "r"(std::ptrdiff_t{64})
                 : "memory");
  }
  template <int C, int A, int B>
  static void dot() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(C), "i"(A), "i"(B));
  }
  template <int tile>
  static void store(float* to, std::ptrdiff_t row_floats) {
    asm volatile("tilestored %%tmm%c0, (%1,%2,1)"
                 :
                 : "i"(tile), "r"(to), "r"(row_floats * std::ptrdiff_t{sizeof(float)})
                 : "memory");
  }
};

struct EmulatedTiles {
  static void begin() {}
  static void end() {}
  template <int tile>
  static void zero() {
    std::memset(memory(tile), 0, 1024);
  }
  template <int tile>
  static void load(const std::uint16_t* from) {
    std::memcpy(memory(tile), from, 1024);
  }
  template <int C, int A, int B>
  static void dot() {
    const std::uint32_t* a = memory(A);
    __m512 even_b[16], odd_b[16];
    for (int r = 0; r < 16; ++r) {
      const __m512i pairs = _mm512_load_si512(memory(B) + 16 * r);
      even_b[r] = _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
      odd_b[r] = _mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32(-0x10000)));
    }
    for (int i = 0; i < 16; ++i) {
      __m512 even = _mm512_setzero_ps(), odd = even;
      for (int r = 0; r < 16; ++r) {
        const std::uint32_t pair = a[16 * i + r];
        even = _mm512_fmadd_ps(_mm512_set1_ps(as_float(pair << 16)), even_b[r], even);
        odd = _mm512_fmadd_ps(_mm512_set1_ps(as_float(pair & 0xffff0000U)), odd_b[r], odd);
      }
      std::uint32_t* c = memory(C) + 16 * i;
      const __m512 sum = _mm512_castsi512_ps(_mm512_load_si512(c));
      _mm512_store_si512(c, _mm512_castps_si512(_mm512_add_ps(sum, _mm512_add_ps(even, odd))));
    }
  }
  template <int tile>
  static void store(float* to, std::ptrdiff_t row_floats) {
    for (int i = 0; i < 16; ++i) std::memcpy(to + i * row_floats, memory(tile) + 16 * i, 64);
  }

 private:
  static std::uint32_t* memory(int tile) {
    alignas(64) static thread_local std::uint32_t all[8][256];
    return all[tile];
  }
  static float as_float(std::uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
};

}  // namespace nullcline::amx
