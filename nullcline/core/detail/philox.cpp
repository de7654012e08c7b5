// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/detail/philox.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <cstring>
#include <initializer_list>
#include <numbers>

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

HWY_INLINE VecF polynomial(VecF z, std::initializer_list<float> falling) {
  const F32 d;
  auto c = falling.begin();
  VecF p = hn::Set(d, *c++);
  for (; c != falling.end(); ++c) p = hn::Add(hn::Mul(p, z), hn::Set(d, *c));
  return p;
}

/// High and low halves of the 32 x 32 bit products of every lane with `m`.
HWY_INLINE void multiply_wide(VecU a, std::uint32_t m, VecU& high, VecU& low) {
  const U32 d;
#if HWY_TARGET == HWY_SCALAR
  const std::uint64_t product = std::uint64_t{hn::GetLane(a)} * m;
  high = hn::Set(d, static_cast<std::uint32_t>(product >> 32));
  low = hn::Set(d, static_cast<std::uint32_t>(product));
#else
  const VecU factor = hn::Set(d, m);
  const auto even = hn::BitCast(d, hn::MulEven(a, factor));
  const auto odd = hn::BitCast(d, hn::MulEven(hn::DupOdd(a), factor));
  low = hn::OddEven(hn::DupEven(odd), even);
  high = hn::OddEven(odd, hn::DupOdd(even));
#endif
}

/// Philox4x32-10 [Salmon et al. 2011, section 3.3], a block a lane.
HWY_INLINE void philox(VecU c[4], std::uint32_t k0, std::uint32_t k1) {
  const U32 d;
  for (int round = 0; round < 10; ++round) {
    VecU high0, low0, high1, low1;
    multiply_wide(c[0], PHILOX_M4x32_0, high0, low0);
    multiply_wide(c[2], PHILOX_M4x32_1, high1, low1);
    c[0] = hn::Xor(hn::Xor(high1, c[1]), hn::Set(d, k0));
    c[2] = hn::Xor(hn::Xor(high0, c[3]), hn::Set(d, k1));
    c[1] = low1;
    c[3] = low0;
    k0 += PHILOX_W32_0;
    k1 += PHILOX_W32_1;
  }
}

/// log u for u in (0, 1]: u = m 2^e with m in [1/sqrt 2, sqrt 2), log m = 2 atanh s with
/// s = (m - 1) / (m + 1), |s| < 0.172; the series to s^11 leaves 2e-10.
HWY_INLINE VecF log_unit(VecF u) {
  const F32 d;
  const I32 di;
  constexpr std::int32_t sqrt_half = 0x3f3504f3;
  const auto bits = hn::BitCast(di, u);
  const auto e = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, sqrt_half)));
  const VecF m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(e)));
  const VecF one = hn::Set(d, 1.0f);
  const VecF s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const VecF z = hn::Mul(s, s);
  const VecF p = polynomial(z, {2.0f / 11, 2.0f / 9, 2.0f / 7, 2.0f / 5, 2.0f / 3, 2.0f});
  constexpr float log_2 = std::numbers::ln2_v<float>;
  return hn::Add(hn::Mul(hn::ConvertTo(d, e), hn::Set(d, log_2)), hn::Mul(s, p));
}

/// (r cos 2 pi v, r sin 2 pi v) with v = w / 2^32. The angle is reduced in integers to the
/// quarter turn q and a rest in [-pi/4, pi/4), where Taylor series to x^10 leave 3e-9.
HWY_INLINE Pair circle(VecF r, VecU w) {
  const U32 du;
  const F32 d;
  const I32 di;
  const VecU q = hn::ShiftRight<30>(hn::Add(w, hn::Set(du, 1u << 29)));
  const auto rest = hn::BitCast(di, hn::Sub(w, hn::ShiftLeft<30>(q)));
  constexpr float turn = std::numbers::pi_v<float> / 2147483648.0f;
  const VecF x = hn::Mul(hn::ConvertTo(d, rest), hn::Set(d, turn));
  const VecF z = hn::Mul(x, x);
  const VecF sine =
      hn::Mul(x, polynomial(z, {1.0f / 362880, -1.0f / 5040, 1.0f / 120, -1.0f / 6, 1.0f}));
  const VecF cosine =
      polynomial(z, {-1.0f / 3628800, 1.0f / 40320, -1.0f / 720, 1.0f / 24, -0.5f, 1.0f});
  const VecU one = hn::Set(du, 1u);
  const auto swap = hn::RebindMask(d, hn::Eq(hn::And(q, one), one));
  // cos is negative in the quarters 1, 2, sin in 2, 3: their sign bits.
  const VecU cos_sign = hn::ShiftLeft<31>(hn::ShiftRight<1>(hn::Add(q, one)));
  const VecU sin_sign = hn::ShiftLeft<31>(hn::ShiftRight<1>(q));
  const VecF c = hn::Xor(hn::IfThenElse(swap, sine, cosine), hn::BitCast(d, cos_sign));
  const VecF s = hn::Xor(hn::IfThenElse(swap, cosine, sine), hn::BitCast(d, sin_sign));
  return {hn::Mul(r, c), hn::Mul(r, s)};
}

/// Box and Muller: u1 = (w1 / 2 + 1/2) / 2^31.
HWY_INLINE Pair box_muller(VecU w1, VecU w2, VecF scale) {
  const F32 d;
  const I32 di;
  const VecF half_word = hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<1>(w1)));
  const VecF u = hn::Mul(hn::Add(half_word, hn::Set(d, 0.5f)), hn::Set(d, 1.0f / 2147483648.0f));
  const VecF r = hn::Sqrt(hn::Mul(hn::Set(d, -2.0f), log_unit(u)));
  return circle(hn::Mul(scale, r), w2);
}

void normals(const std::uint32_t* key, std::uint64_t step, std::uint64_t block, std::size_t groups,
             float scale, float* values) {
  const U32 du;
  const F32 d;
  const std::size_t lanes = hn::Lanes(du);
  const VecF scales = hn::Set(d, scale);
  for (std::size_t g = 0; g < groups; ++g, block += blocks_per_group, values += values_per_group) {
    for (std::size_t b = 0; b < blocks_per_group; b += lanes) {
      // A group starts at a multiple of 16 blocks: the low word does not overflow inside one.
      VecU c[4] = {hn::Iota(du, static_cast<std::uint32_t>(block + b)),
                   hn::Set(du, static_cast<std::uint32_t>(block >> 32)),
                   hn::Set(du, static_cast<std::uint32_t>(step)),
                   hn::Set(du, static_cast<std::uint32_t>(step >> 32))};
      philox(c, key[0], key[1]);
      const Pair a = box_muller(c[0], c[1], scales);
      const Pair z = box_muller(c[2], c[3], scales);
      hn::StoreU(a.first, d, values + b);
      hn::StoreU(a.second, d, values + 16 + b);
      hn::StoreU(z.first, d, values + 32 + b);
      hn::StoreU(z.second, d, values + 48 + b);
    }
  }
}

}  // namespace nullcline::detail::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::detail {
namespace {

HWY_EXPORT(normals);

float log_unit(float u) {
  std::int32_t bits;
  std::memcpy(&bits, &u, sizeof bits);
  const std::int32_t e = (bits - 0x3f3504f3) >> 23;
  const std::int32_t mantissa = bits - (e << 23);
  float m;
  std::memcpy(&m, &mantissa, sizeof m);
  const float s = (m - 1.0f) / (m + 1.0f);
  const float z = s * s;
  float p = 2.0f / 11;
  for (const float c : {2.0f / 9, 2.0f / 7, 2.0f / 5, 2.0f / 3, 2.0f}) p = p * z + c;
  return static_cast<float>(e) * std::numbers::ln2_v<float> + s * p;
}

void box_muller(std::uint32_t w1, std::uint32_t w2, float scale, float& first, float& second) {
  const float u = (static_cast<float>(w1 >> 1) + 0.5f) * (1.0f / 2147483648.0f);
  const float r = scale * std::sqrt(-2.0f * log_unit(u));
  const std::uint32_t q = (w2 + (1u << 29)) >> 30;
  const auto rest = static_cast<std::int32_t>(w2 - (q << 30));
  const float x = static_cast<float>(rest) * (std::numbers::pi_v<float> / 2147483648.0f);
  const float z = x * x;
  float sine = 1.0f / 362880, cosine = -1.0f / 3628800;
  for (const float c : {-1.0f / 5040, 1.0f / 120, -1.0f / 6, 1.0f}) sine = sine * z + c;
  for (const float c : {1.0f / 40320, -1.0f / 720, 1.0f / 24, -0.5f, 1.0f}) cosine = cosine * z + c;
  sine *= x;
  const float c = (q & 1u) != 0 ? sine : cosine;
  const float s = (q & 1u) != 0 ? cosine : sine;
  first = r * (((q + 1) & 2u) != 0 ? -c : c);
  second = r * ((q & 2u) != 0 ? -s : s);
}

void box_muller(std::uint32_t w1, std::uint32_t w2, double scale, double& first, double& second) {
  const double u = (static_cast<double>(w1 >> 1) + 0.5) / 2147483648.0;
  const double r = scale * std::sqrt(-2.0 * std::log(u));
  const double angle = static_cast<double>(w2) * (std::numbers::pi / 2147483648.0);
  first = r * std::cos(angle);
  second = r * std::sin(angle);
}

template <class Real>
void normals_by_block(const std::uint32_t key[2], std::uint64_t step, std::uint64_t block,
                      std::size_t groups, Real scale, Real* values) {
  const r123::Philox4x32 philox;
  const r123::Philox4x32::key_type k = {{key[0], key[1]}};
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
