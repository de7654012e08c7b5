// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/detail/philox.hpp"

#include <Random123/philox.h>

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "nullcline/core/detail/box_muller.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/core/detail/philox.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::detail::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most 16 lanes, one a block of a group, so that a group is whole at every vector length.
using U32 = hn::CappedTag<std::uint32_t, blocks_per_group>;
using I32 = hn::RebindToSigned<U32>;
using F32 = hn::RebindToFloat<U32>;
using VecU = hn::Vec<U32>;
using VecF = hn::Vec<F32>;

struct Pair {
  VecF first, second;
};

/// Each step is one fused multiply-add where the CPU has it, as in the scalar twin.
template <std::size_t n>
HWY_INLINE VecF polynomial(VecF z, const std::array<float, n>& falling) {
  const F32 d;
  VecF p = hn::Set(d, falling[0]);
  HWY_UNROLL(8)
  for (std::size_t k = 1; k < n; ++k) p = hn::MulAdd(p, z, hn::Set(d, falling[k]));
  return p;
}

#if HWY_TARGET == HWY_SCALAR
using VecState = hn::Vec<hn::CappedTag<std::uint64_t, 1>>;
using U64 = hn::CappedTag<std::uint64_t, 1>;
#else
using U64 = hn::Repartition<std::uint64_t, U32>;
using VecState = hn::Vec<U64>;
#endif

/// The words of Philox4x32 [Salmon et al. 2011, section 3.3], a block to every 64-bit lane. Only
/// the low halves of lanes count: what is left in the high ones is ignored by the next product,
/// which spares all masking.
HWY_INLINE void philox(VecState c[4], std::uint32_t k0, std::uint32_t k1) {
  const U64 d;
  const auto times = [&](VecState a, std::uint32_t m) {
#if HWY_TARGET == HWY_SCALAR
    return hn::Set(d, (hn::GetLane(a) & 0xffffffffu) * m);
#else
    const U32 du;
    return hn::MulEven(hn::BitCast(du, a), hn::Set(du, m));
#endif
  };
  HWY_UNROLL(7)
  for (int round = 0; round < philox_rounds; ++round) {
    const auto product0 = times(c[0], PHILOX_M4x32_0);
    const auto product1 = times(c[2], PHILOX_M4x32_1);
    c[0] = hn::Xor3(hn::ShiftRight<32>(product1), c[1], hn::Set(d, k0));
    c[2] = hn::Xor3(hn::ShiftRight<32>(product0), c[3], hn::Set(d, k1));
    c[1] = product1;
    c[3] = product0;
    k0 += PHILOX_W32_0;
    k1 += PHILOX_W32_1;
  }
}

/// log u for u in (0, 1]: u = (1 + f) 2^e with 1 + f in [1/sqrt 2, sqrt 2).
HWY_INLINE VecF log_unit(VecF u) {
  const F32 d;
  const I32 di;
  const auto bits = hn::BitCast(di, u);
  const auto e = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, sqrt_half_bits)));
  const VecF f = hn::Sub(hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(e))), hn::Set(d, 1.0f));
  const VecF p = polynomial(f, log_over_f);
  return hn::MulAdd(hn::ConvertTo(d, e), hn::Set(d, std::numbers::ln2_v<float>), hn::Mul(f, p));
}

/// A point of the circle of radius r: an angle within an eighth of a turn on either side of zero
/// from the low 30 bits of w, sine and cosine exchanged by bit 30, the cosine's sign by bit 31.
HWY_INLINE Pair circle(VecF r, VecU w) {
  const U32 du;
  const F32 d;
  const I32 di;
  const auto turn = hn::BitCast(di, hn::ShiftLeft<2>(w));
  const VecF x = hn::Mul(hn::ConvertTo(d, turn), hn::Set(d, eighth_turn));
  const VecF z = hn::Mul(x, x);
  const VecF sine = hn::Mul(x, polynomial(z, sine_over_x));
  const VecF sign = hn::BitCast(d, hn::And(w, hn::Set(du, 1u << 31)));
  const VecF cosine = hn::Xor(polynomial(z, detail::cosine), sign);
  const auto swap = hn::RebindMask(d, hn::TestBit(w, hn::Set(du, 1u << 30)));
  return {hn::Mul(r, hn::IfThenElse(swap, sine, cosine)),
          hn::Mul(r, hn::IfThenElse(swap, cosine, sine))};
}

/// Box and Muller: u1 = (w1 / 2 + 1/2) / 2^31.
HWY_INLINE Pair box_muller(VecU w1, VecU w2, VecF scale) {
  const F32 d;
  const I32 di;
  const VecF half_word = hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<1>(w1)));
  const VecF u = hn::MulAdd(half_word, hn::Set(d, unit), hn::Set(d, unit / 2));
  const VecF r = hn::Sqrt(hn::Mul(hn::Set(d, -2.0f), log_unit(u)));
  return circle(hn::Mul(scale, r), w2);
}

// hn::Iota writes and reads memory anew at each use.
HWY_ALIGN constexpr std::uint32_t iota[blocks_per_group] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                            8, 9, 10, 11, 12, 13, 14, 15};

/// The words of the 16 blocks of a group: word k of block b is words[16 k + b].
HWY_INLINE void group_words(const std::uint32_t* key, std::uint64_t step, std::uint64_t block,
                            std::uint32_t* HWY_RESTRICT words) {
  const U32 du;
  const U64 d64;
  for (std::size_t b = 0; b < blocks_per_group; b += hn::Lanes(du)) {
    // A group starts at a multiple of 16 blocks: the low word does not overflow inside one.
    const auto first = static_cast<std::uint32_t>(block + b);
    const auto finish = [&](VecState* c) {
      c[1] = hn::Set(d64, block >> 32);
      c[2] = hn::Set(d64, step);
      c[3] = hn::Set(d64, step >> 32);
      philox(c, key[0], key[1]);
    };
    VecState even[4];
#if HWY_TARGET == HWY_SCALAR
    even[0] = hn::Set(d64, first);
    finish(even);
    for (int k = 0; k < 4; ++k) {
      words[16 * k + b] = static_cast<std::uint32_t>(hn::GetLane(even[k]));
    }
#else
    // Even lanes hold the even blocks, odd lanes the odd ones.
    VecState odd[4];
    const VecU counters = hn::Add(hn::Load(du, iota), hn::Set(du, first));
    even[0] = hn::BitCast(d64, counters);
    odd[0] = hn::ShiftRight<32>(hn::BitCast(d64, counters));
    finish(even);
    finish(odd);
    for (std::size_t k = 0; k < 4; ++k) {
      const auto high = hn::BitCast(du, hn::ShiftLeft<32>(odd[k]));
      hn::StoreU(hn::OddEven(high, hn::BitCast(du, even[k])), du, words + 16 * k + b);
    }
#endif
  }
}

/// Words and normals of some groups take turns: either loop alone has enough independent work in
/// flight, one of both has not.
void normals(const std::uint32_t* key, std::uint64_t step, std::uint64_t block, std::size_t groups,
             float scale, float* HWY_RESTRICT values) {
  constexpr std::size_t most = 16;
  HWY_ALIGN std::uint32_t words[most * values_per_group];
  const U32 du;
  const F32 d;
  const VecF scales = hn::Set(d, scale);
  for (; groups > 0;) {
    const std::size_t now = groups < most ? groups : most;
    for (std::size_t g = 0; g < now; ++g, block += blocks_per_group) {
      group_words(key, step, block, words + g * values_per_group);
    }
    for (std::size_t i = 0; i < 2 * now; ++i, values += 32) {
      for (std::size_t b = 0; b < 16; b += hn::Lanes(d)) {
        const std::uint32_t* w = words + 32 * i + b;
        const Pair pair = box_muller(hn::LoadU(du, w), hn::LoadU(du, w + 16), scales);
        hn::StoreU(pair.first, d, values + b);
        hn::StoreU(pair.second, d, values + 16 + b);
      }
    }
    groups -= now;
  }
}

}  // namespace nullcline::detail::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::detail {
namespace {

HWY_EXPORT(normals);

template <std::size_t n>
float polynomial(float z, const std::array<float, n>& falling) {
  float p = falling[0];
  for (std::size_t k = 1; k < n; ++k) p = std::fma(p, z, falling[k]);
  return p;
}

float log_unit(float u) {
  std::int32_t bits;
  std::memcpy(&bits, &u, sizeof bits);
  const std::int32_t e = (bits - sqrt_half_bits) >> 23;
  const std::int32_t mantissa = bits - (e << 23);
  float m;
  std::memcpy(&m, &mantissa, sizeof m);
  const float f = m - 1.0f;
  return std::fma(static_cast<float>(e), std::numbers::ln2_v<float>, f * polynomial(f, log_over_f));
}

void box_muller(std::uint32_t w1, std::uint32_t w2, float scale, float& first, float& second) {
  const float u = std::fma(static_cast<float>(w1 >> 1), unit, unit / 2);
  const float r = scale * std::sqrt(-2.0f * log_unit(u));
  const float x = static_cast<float>(static_cast<std::int32_t>(w2 << 2)) * eighth_turn;
  const float z = x * x;
  const float s = x * polynomial(z, sine_over_x);
  const float c = (w2 >> 31) != 0 ? -polynomial(z, cosine) : polynomial(z, cosine);
  const bool swap = ((w2 >> 30) & 1u) != 0;
  first = r * (swap ? s : c);
  second = r * (swap ? c : s);
}

void box_muller(std::uint32_t w1, std::uint32_t w2, double scale, double& first, double& second) {
  const double u = (static_cast<double>(w1 >> 1) + 0.5) / 2147483648.0;
  const double r = scale * std::sqrt(-2.0 * std::log(u));
  const double x =
      static_cast<double>(static_cast<std::int32_t>(w2 << 2)) * (std::numbers::pi / 8589934592.0);
  const double s = std::sin(x), c = (w2 >> 31) != 0 ? -std::cos(x) : std::cos(x);
  const bool swap = ((w2 >> 30) & 1u) != 0;
  first = r * (swap ? s : c);
  second = r * (swap ? c : s);
}

template <class Real>
void normals_by_block(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                      std::size_t groups, Real scale, Real* values) {
  const r123::Philox4x32_R<philox_rounds> philox;
  const r123::Philox4x32_R<philox_rounds>::key_type k = {{key[0], key[1]}};
  for (std::size_t g = 0; g < groups; ++g, values += values_per_group) {
    for (std::size_t b = 0; b < blocks_per_group; ++b, ++block) {
      const auto w =
          philox({{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                   static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32)}},
                 k);
      box_muller(w[0], w[1], scale, values[b], values[16 + b]);
      box_muller(w[2], w[3], scale, values[32 + b], values[48 + b]);
    }
  }
}

}  // namespace

void normals_vector(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                    std::size_t groups, float scale, float* values) {
  HWY_DYNAMIC_DISPATCH(normals)(key, step, block, groups, scale, values);
}

void normals_scalar(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                    std::size_t groups, float scale, float* values) {
  normals_by_block(key, step, block, groups, scale, values);
}

void normals_double(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                    std::size_t groups, double scale, double* values) {
  normals_by_block(key, step, block, groups, scale, values);
}

}  // namespace nullcline::detail
#endif  // HWY_ONCE
