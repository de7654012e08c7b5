// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512, and thus without headers whose inline functions other sources share.
#include "products.hpp"

#include "blocks.hpp"
#include "tiles.hpp"
#include "vectors.hpp"

namespace nullcline::amx {
namespace {

template <int planes>
void split_rows(const float* X, Index ld, Index rows, Index inner, std::uint16_t* out) {
  for (Index top = 0; top < rows; top += 32) {
    for (Index k = 0; k < inner; k += 32, out += planes * block_numbers) {
      for (Index r = 0; r < 32; ++r) {
        const float* x = X + (top + r) * ld + k;
        split_pairs<planes>(_mm512_loadu_ps(x), _mm512_loadu_ps(x + 16), out + 32 * r);
      }
    }
  }
}

template <int planes>
void split_columns(const float* X, Index ld, Index inner, Index columns, std::uint16_t* out) {
  for (Index left = 0; left < columns; left += 32) {
    for (Index k = 0; k < inner; k += 32, out += planes * block_numbers) {
      for (Index r = 0; r < 16; ++r) {
        const float* low = X + (k + r) * ld + left;
        const float* high = low + 16 * ld;
        split_pairs<planes>(_mm512_loadu_ps(low), _mm512_loadu_ps(high), out + 32 * r);
        split_pairs<planes>(_mm512_loadu_ps(low + 16), _mm512_loadu_ps(high + 16),
                            out + 32 * r + tile_numbers);
      }
    }
  }
}

template <int planes>
void split_transposed(const float* X, Index ld, Index rows, Index inner, std::uint16_t* out) {
  for (Index top = 0; top < rows; top += 32) {
    for (Index k = 0; k < inner; k += 32, out += planes * block_numbers) {
      for (Index tile = 0; tile < 2; ++tile) {
        const float* x = X + k * ld + top + 16 * tile;
        __m512 low[16], high[16];
        for (Index r = 0; r < 16; ++r) {
          low[r] = _mm512_loadu_ps(x + r * ld);
          high[r] = _mm512_loadu_ps(x + (16 + r) * ld);
        }
        transpose(low);
        transpose(high);
        for (int i = 0; i < 16; ++i) {
          split_pairs<planes>(low[i], high[i], out + tile * tile_numbers + 32 * i);
        }
      }
    }
  }
}

/// f(P) with the number of planes as a constant.
template <class F>
void with_planes(int products, const F& f) {
  if (products == 1) f(Constant<1>());
  if (products == 3) f(Constant<2>());
  if (products == 6) f(Constant<3>());
}

void split_rows_of(const float* X, Index ld, Index rows, Index inner, int products,
                   std::uint16_t* out) {
  with_planes(products, [&](auto P) { split_rows<P.value>(X, ld, rows, inner, out); });
}
void split_transposed_of(const float* X, Index ld, Index rows, Index inner, int products,
                         std::uint16_t* out) {
  with_planes(products, [&](auto P) { split_transposed<P.value>(X, ld, rows, inner, out); });
}
void split_columns_of(const float* X, Index ld, Index inner, Index columns, int products,
                      std::uint16_t* out) {
  with_planes(products, [&](auto P) { split_columns<P.value>(X, ld, inner, columns, out); });
}

template <class Tiles>
void multiply(const Product& p) {
  with_planes(p.products, [&](auto P) {
    const Factors factors{p.left, p.right, p.rows, p.inner, p.columns};
    if (p.accumulate) {
      multiply_blocks<Tiles, P.value>(factors, [=](Index i, Index j, const float* sums) {
        float* c = p.C + i * p.ldc + j;
        _mm512_storeu_ps(c, _mm512_add_ps(_mm512_loadu_ps(c), _mm512_load_ps(sums)));
        _mm512_storeu_ps(c + 16, _mm512_add_ps(_mm512_loadu_ps(c + 16), _mm512_load_ps(sums + 16)));
      });
    } else {
      multiply_blocks<Tiles, P.value>(factors, [=](Index i, Index j, const float* sums) {
        float* c = p.C + i * p.ldc + j;
        _mm512_storeu_ps(c, _mm512_load_ps(sums));
        _mm512_storeu_ps(c + 16, _mm512_load_ps(sums + 16));
      });
    }
  });
}

/// Where planes of a left factor of `inner` terms have row i, terms j .. j + 31.
template <int planes>
Index place(Index i, Index j, Index inner) {
  return (i / 32 * (inner / 32) + j / 32) * planes * block_numbers + i % 32 * 32;
}

/// A step over time: unit_step(b, i, sums) gives the new numbers of 16 units of a trial, which are
/// split into `out` for the next product while they are at hand.
template <class Tiles, int planes, class Step, class UnitStep>
void step_blocks(const Step& s, std::uint16_t* out, const UnitStep& unit_step) {
  multiply_blocks<Tiles, planes>(
      {s.left, s.right, s.batch, s.n, s.n}, [=, n = s.n](Index b, Index i, const float* sums) {
        const __m512 low = unit_step(b, i, sums), high = unit_step(b, i + 16, sums + 16);
        split_pairs<planes>(low, high, out + place<planes>(b, i, n));
      });
}

template <class Tiles, int planes>
void forward_by(const RateForward& s) {
  const __m512 alpha = _mm512_set1_ps(s.alpha), rest = _mm512_set1_ps(1 - s.alpha);
  const __m512 noise_scale = _mm512_set1_ps(s.noise_scale);
  const __m512 negative_slope = _mm512_set1_ps(s.negative_slope);
  const auto unit_step = [=](Index b, Index i, const float* sums) {
    __m512 m = _mm512_load_ps(sums);
    const float* u = s.operand + b * s.ld + s.n;
    for (Index c = 0; c < s.inputs; ++c) {
      m = _mm512_fmadd_ps(_mm512_set1_ps(u[c]), _mm512_loadu_ps(s.input_weights + c * s.n + i), m);
    }
    if (s.noise != nullptr) {
      m = _mm512_fmadd_ps(noise_scale, _mm512_loadu_ps(s.noise + b * s.n + i), m);
    }
    const __mmask16 positive = _mm512_cmp_ps_mask(m, _mm512_setzero_ps(), _CMP_GT_OQ);
    s.slopes[(b * s.n + i) / 16] = positive;
    const __m512 f = _mm512_mask_mul_ps(m, static_cast<__mmask16>(~positive), negative_slope, m);
    const __m512 x = _mm512_loadu_ps(s.operand + b * s.ld + i);
    const __m512 next = _mm512_fmadd_ps(alpha, f, _mm512_mul_ps(rest, x));
    _mm512_storeu_ps(s.next + b * s.ld + i, next);
    return next;
  };
  step_blocks<Tiles, planes>(s, s.next_planes, unit_step);
}

template <class Tiles, int planes>
void backward_by(const RateBackward& s) {
  const __m512 alpha = _mm512_set1_ps(s.alpha), rest = _mm512_set1_ps(1 - s.alpha);
  const __m512 negative_slope = _mm512_set1_ps(s.negative_slope);
  const auto unit_step = [=](Index b, Index i, const float* sums) {
    __m512 g = _mm512_load_ps(sums);
    const float* e = s.errors + b * s.ld;
    for (Index o = 0; o < s.outputs; ++o) {
      g = _mm512_fmadd_ps(_mm512_set1_ps(e[o]), _mm512_loadu_ps(s.readout + o * s.n + i), g);
    }
    float* carry = s.carry + b * s.n + i;
    g = _mm512_add_ps(g, _mm512_loadu_ps(carry));
    _mm512_storeu_ps(carry, _mm512_mul_ps(rest, g));
    const auto positive = static_cast<__mmask16>(s.slopes[(b * s.n + i) / 16]);
    const __m512 scaled = _mm512_mul_ps(alpha, g);
    const __m512 delta =
        _mm512_mask_mul_ps(scaled, static_cast<__mmask16>(~positive), negative_slope, scaled);
    _mm512_storeu_ps(s.now + b * s.ld + i, delta);
    return delta;
  };
  step_blocks<Tiles, planes>(s, s.now_planes, unit_step);
}

template <class Tiles>
void forward(const RateForward& s) {
  with_planes(s.products, [&](auto P) { forward_by<Tiles, P.value>(s); });
}
template <class Tiles>
void backward(const RateBackward& s) {
  with_planes(s.products, [&](auto P) { backward_by<Tiles, P.value>(s); });
}

template <class Tiles>
void spin(Index rounds) {
  Tiles::begin();
  for (Index i = 0; i < rounds; ++i) dots<Tiles, 0, 0, false, false>(nullptr, nullptr);
  Tiles::end();
}

template <class Tiles>
constexpr Kernels kernels(const char* name) {
  return {name,           split_rows_of,   split_transposed_of, split_columns_of, multiply<Tiles>,
          forward<Tiles>, backward<Tiles>, spin<Tiles>};
}

}  // namespace

void spin_floats(Index rounds) {
  constexpr int chains = 24;
  __m512 sums[chains], a = _mm512_setzero_ps();
  for (__m512& sum : sums) sum = _mm512_setzero_ps();
  for (Index i = 0; i < rounds; ++i) {
#pragma GCC unroll 24  // into registers
    for (__m512& sum : sums) sum = _mm512_fmadd_ps(a, a, sum);
    asm volatile("" : "+v"(a));  // not the same product again
  }
  for (__m512& sum : sums) asm volatile("" : "+v"(sum));
}

const Kernels& hardware() {
  static constexpr Kernels all = kernels<HardwareTiles>("AMX");
  return all;
}
const Kernels& emulated() {
  static constexpr Kernels all = kernels<EmulatedTiles>("emulation");
  return all;
}

}  // namespace nullcline::amx
