// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/rate_step.hpp"

#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/cells/fused/rate_step.cpp"
#include <hwy/foreach_target.h>

#include "nullcline/cells/fused/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::fused::HWY_NAMESPACE {

/// Byte of the slot of the vector of units i .. of trial j.
template <class Real, template <class> class Step>
HWY_INLINE Index slot(const Step<Real>& s, Index i, Index j) {
  return (j * s.left.units + i) / lanes<Real>() * ((lanes<Real>() + 7) / 8);
}

/// Where `Slopes::values` has them: by units first, as panels are done one after the other, so that
/// both ways run through memory.
template <class Real, template <class> class Step>
HWY_INLINE Index slope_entry(const Step<Real>& s, Index i, Index j) {
  return i * s.batch + j * lanes<Real>();
}

// What follows a product captures copies: a store through a pointer, above all to bytes, might
// change whatever it refers to, and all of it would be loaded again.

/// The step with f given as `value`(m, i, j): of n vectors m, of units i .. of trials j .. j + n -
/// 1, it makes f(m) and leaves the slopes. Several at once only where f has a long
/// chain of operations: one by one they go through memory in order.
template <class Real, bool f_inside, class F>
HWY_INLINE void rate_step(const RateForward<Real>& s, const F& value) {
  const Tag<Real> d;
  const auto alpha = hn::Set(d, s.alpha), rest = hn::Set(d, 1 - s.alpha);
  const auto noise_scale = hn::Set(d, s.noise_scale);
  const auto finish = [=](auto trials, Index i, Index j, const Real* sums, Index apart) HWY_ATTR {
    constexpr int n = decltype(trials)::value;
    const Index entry = j * s.left.units + i;
    Lanes<Real> m[n];
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) {
      m[k] = hn::Load(d, sums + k * apart);
      if (s.noise != nullptr) {
        m[k] = hn::MulAdd(noise_scale, hn::LoadU(d, s.noise + (j + k) * s.n + i), m[k]);
      }
    }
    if constexpr (!f_inside) value(m, i, j);
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) {
      const Index at = entry + k * s.left.units;
      const auto x = hn::LoadU(d, f_inside ? s.x + at : s.operand + (j + k) * s.ld + i);
      m[k] = hn::MulAdd(alpha, m[k], hn::Mul(rest, x));
      if (s.outside_noise != nullptr) {
        const auto noise = hn::LoadU(d, s.outside_noise + (j + k) * s.n + i);
        m[k] = hn::MulAdd(noise_scale, noise, m[k]);
      }
      if constexpr (f_inside) hn::StoreU(m[k], d, s.next_x + at);
    }
    if constexpr (f_inside) value(m, i, j);
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) hn::StoreU(m[k], d, s.next + (j + k) * s.ld + i);
  };
  const auto prefetch = [=](Index i, Index j) HWY_ATTR {
    const Index entry = j * s.left.units + i;
    will_write(s.next + j * s.ld + i);
    if (s.slopes.values != nullptr) will_write(s.slopes.values + slope_entry(s, i, j));
    if constexpr (f_inside) {
      will_read(s.x + entry);
      will_write(s.next_x + entry);
    }
  };
  const Right<Real> right{s.operand, 1, s.ld};
  if constexpr (F::together) {
    multiply<Real, 1>(s.left, right, s.batch, finish, prefetch);
  } else {
    multiply<Real, 1>(
        s.left, right, s.batch,
        [=](Index i, Index j, const Real* sums)
            HWY_ATTR { finish(std::integral_constant<int, 1>(), i, j, sums, 0); },
        prefetch);
  }
}

/// r_0 = f(x_0) and its slope.
template <class Real, class F>
HWY_INLINE void rate_start(const RateForward<Real>& s, const F& value) {
  const Tag<Real> d;
  for (Index j = 0; j < s.batch; ++j) {
    for (Index i = 0; i < s.left.units; i += lanes<Real>()) {
      const Index entry = j * s.left.units + i;
      Lanes<Real> x[] = {hn::LoadU(d, s.next_x + entry)};
      value(x, i, j);
      hn::StoreU(x[0], d, s.next + j * s.ld + i);
    }
  }
}

template <class Real, class F>
HWY_INLINE void rate_step_or_start(const RateForward<Real>& s, const F& value) {
  if (s.next_x == nullptr) {
    rate_step<Real, false>(s, value);
  } else if (s.x == nullptr) {
    rate_start(s, value);
  } else {
    rate_step<Real, true>(s, value);
  }
}

/// The bits of a piecewise linear f.
template <class Real>
struct BitSlopes {
  static constexpr bool together = false;
  RateForward<Real> s;
  template <int n>
  HWY_INLINE void operator()(Lanes<Real> (&m)[n], Index i, Index j) const {
    const Tag<Real> d;
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) {
      const auto positive = hn::Gt(m[k], hn::Zero(d));
      hn::StoreMaskBits(d, positive, s.slopes.bits + slot(s, i, j + k));
      m[k] = hn::IfThenElse(positive, m[k], hn::Mul(hn::Set(d, s.negative_slope), m[k]));
    }
  }
};

/// The numbers of any other f.
template <class Real>
struct ValueSlopes {
  static constexpr bool together = true;
  RateForward<Real> s;
  template <int n>
  HWY_INLINE void operator()(Lanes<Real> (&m)[n], Index i, Index j) const {
    Lanes<Real> slope[n];
    apply<Real, n>(s.activation, s.negative_slope, m, slope);
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) {
      hn::StoreU(slope[k], Tag<Real>(), s.slopes.values + slope_entry(s, i, j + k));
    }
  }
};

template <class Real>
void rate_forward(const RateForward<Real>& s) {
  if (s.slopes.bits != nullptr) {
    rate_step_or_start(s, BitSlopes<Real>{s});
  } else {
    rate_step_or_start(s, ValueSlopes<Real>{s});
  }
}

/// The step back with `slope`(i, j).
template <class Real, bool f_inside, class Slope>
HWY_INLINE void rate_step_back(const RateBackward<Real>& s, const Slope& slope) {
  const Tag<Real> d;
  const auto alpha = hn::Set(d, s.alpha), rest = hn::Set(d, 1 - s.alpha);
  multiply<Real, 1>(
      s.left, {s.later, 1, s.ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Index entry = j * s.left.units + i;
        auto g = hn::Load(d, sums);
        if (s.more != nullptr) g = hn::Add(g, hn::LoadU(d, s.more + j * s.n + i));
        const auto carry = hn::LoadU(d, s.carry + entry);
        g = f_inside ? hn::MulAdd(slope(i, j), g, carry) : hn::Add(g, carry);
        auto delta = hn::Mul(alpha, g);
        if constexpr (!f_inside) delta = hn::Mul(slope(i, j), delta);
        hn::StoreU(hn::Mul(rest, g), d, s.carry + entry);
        hn::StoreU(delta, d, s.now + j * s.ld + i);
      },
      [=](Index i, Index j) HWY_ATTR {
        if (s.slopes.values != nullptr) will_read(s.slopes.values + slope_entry(s, i, j));
        will_read_later(s.operand + j * s.operand_ld + i);
      });
}

template <class Real, bool f_inside>
void rate_backward(const RateBackward<Real>& s) {
  const Tag<Real> d;
  if (s.slopes.bits != nullptr) {
    const auto one = hn::Set(d, Real(1)), negative_slope = hn::Set(d, s.negative_slope);
    rate_step_back<Real, f_inside>(s, [=](Index i, Index j) HWY_ATTR {
      const auto positive = hn::LoadMaskBits(d, s.slopes.bits + slot(s, i, j));
      return hn::IfThenElse(positive, one, negative_slope);
    });
  } else {
    rate_step_back<Real, f_inside>(s, [=](Index i, Index j) HWY_ATTR {
      return hn::LoadU(d, s.slopes.values + slope_entry(s, i, j));
    });
  }
}
template <class Real>
void rate_backward(const RateBackward<Real>& s) {
  s.f_inside ? rate_backward<Real, true>(s) : rate_backward<Real, false>(s);
}

void forward_float(const RateForward<float>& s) { rate_forward(s); }
void forward_double(const RateForward<double>& s) { rate_forward(s); }
void backward_float(const RateBackward<float>& s) { rate_backward(s); }
void backward_double(const RateBackward<double>& s) { rate_backward(s); }

}  // namespace nullcline::cells::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::cells::fused {

HWY_EXPORT(forward_float);
HWY_EXPORT(forward_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);

void run(const RateForward<float>& s) { HWY_DYNAMIC_DISPATCH(forward_float)(s); }
void run(const RateForward<double>& s) { HWY_DYNAMIC_DISPATCH(forward_double)(s); }
void run(const RateBackward<float>& s) { HWY_DYNAMIC_DISPATCH(backward_float)(s); }
void run(const RateBackward<double>& s) { HWY_DYNAMIC_DISPATCH(backward_double)(s); }

}  // namespace nullcline::cells::fused
#endif  // HWY_ONCE
