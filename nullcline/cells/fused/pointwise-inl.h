// SPDX-License-Identifier: Apache-2.0
// Nonlinearities on vectors, with their slopes. Included like tile-inl.h.
#if defined(NULLCLINE_CELLS_FUSED_POINTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NULLCLINE_CELLS_FUSED_POINTWISE_INL_H_
#undef NULLCLINE_CELLS_FUSED_POINTWISE_INL_H_
#else
#define NULLCLINE_CELLS_FUSED_POINTWISE_INL_H_
#endif

#include <hwy/highway.h>

#include <type_traits>

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/fused/tile-inl.h"

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::fused::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// tanh of doubles as -sign(x) E / (2 + E), E = e^y - 1 = 2^k (e^r - 1) + (2^k - 1) with
/// y = -2 |x| = k log 2 + r, so that nothing cancels; e^r - 1 by Taylor's polynomial of degree 13,
/// whose next term is 4e-18. Within 3 units in the last place, and exact in relative terms at zero.
HWY_INLINE Lanes<double> tanh_of_doubles(Lanes<double> x) {
  const Tag<double> d;
  const auto c = [&](double value) HWY_ATTR { return hn::Set(d, value); };
  const auto size = hn::Abs(x), limit = c(20);  // where tanh has long been 1
  // Min would turn NaN into a number; a diverged network has to show.
  const auto y = hn::Mul(c(-2), hn::IfThenElse(hn::Gt(size, limit), limit, size));
  const auto k = hn::Round(hn::Mul(y, c(1.4426950408889634)));
  auto r = hn::NegMulAdd(k, c(0.6931471803691238), y);  // log 2, its first 33 bits
  r = hn::NegMulAdd(k, c(1.9082149292705877e-10), r);   // and the rest
  const auto r2 = hn::Mul(r, r), r4 = hn::Mul(r2, r2), r8 = hn::Mul(r4, r4);
  const auto pair = [&](double low, double high)
                        HWY_ATTR { return hn::MulAdd(r, c(1 / high), c(1 / low)); };
  const auto q0 = hn::MulAdd(r2, pair(24, 120), pair(2, 6));
  const auto q1 = hn::MulAdd(r2, pair(40320, 362880), pair(720, 5040));
  const auto q2 = hn::MulAdd(r2, pair(479001600, 6227020800.0), pair(3628800, 39916800));
  const auto p = hn::MulAdd(r2, hn::MulAdd(r8, q2, hn::MulAdd(r4, q1, q0)), r);
  // 2^k: k + 1023 stands in the low bits of k + 1023 + 2^52, and moves to where exponents are.
  const auto bits =
      hn::BitCast(hn::RebindToUnsigned<Tag<double>>(), hn::Add(k, c(1023 + 4503599627370496.0)));
  const auto power = hn::BitCast(d, hn::ShiftLeft<52>(bits));
  const auto E = hn::MulAdd(power, p, hn::Sub(power, c(1)));
  return hn::CopySign(hn::Div(E, hn::Add(c(2), E)), x);
}

/// tanh of floats as y P(y^2) / Q(y^2), both of degree 4 in y^2, y = x within 7.95, beyond which
/// tanh is 1 to 2.5e-7: a minimax fit of relative error 6e-9 [weighted least squares, reweighted to
/// equal ripples], which rounding makes 3.1e-7, without fused multiply-adds 4.2e-7 (a scan of all
/// floats), and never above 1. Exact in relative terms at zero.
///
/// `n` vectors at once, step by step: a vector alone would wait for each of its multiply-adds.
template <int n>
HWY_INLINE void tanh_of_floats(Lanes<float> (&x)[n]) {
  constexpr float numerator[] = {1.59585394e-08f, 2.28601275e-05f, 0.00372195547f, 0.139990494f,
                                 1.04100752f};
  constexpr float denominator[] = {8.91201751e-07f, 0.000355768658f, 0.0272520278f, 0.486992925f,
                                   1.04100752f};
  const Tag<float> d;
  const auto limit = hn::Set(d, 7.95f);
  Lanes<float> z[n], p[n], q[n];
  HWY_UNROLL(4)
  for (int k = 0; k < n; ++k) {
    // Min and Max would turn NaN into a number; a diverged network has to show.
    x[k] = hn::IfThenElse(hn::Gt(hn::Abs(x[k]), limit), hn::CopySign(limit, x[k]), x[k]);
    z[k] = hn::Mul(x[k], x[k]);
    p[k] = hn::Set(d, numerator[0]);
    q[k] = hn::Set(d, denominator[0]);
  }
  HWY_UNROLL(4)
  for (int i = 1; i < 5; ++i) {
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) {
      p[k] = hn::MulAdd(p[k], z[k], hn::Set(d, numerator[i]));
      q[k] = hn::MulAdd(q[k], z[k], hn::Set(d, denominator[i]));
    }
  }
  HWY_UNROLL(4)
  for (int k = 0; k < n; ++k) x[k] = hn::Div(hn::Mul(x[k], p[k]), q[k]);
}

/// tanh of each.
template <class Real, int n>
HWY_INLINE void tanh(Lanes<Real> (&x)[n]) {
  if constexpr (std::is_same_v<Real, double>) {
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) x[k] = tanh_of_doubles(x[k]);
  } else {
    tanh_of_floats<n>(x);
  }
}
template <class Real>
HWY_INLINE Lanes<Real> tanh(Lanes<Real> x) {
  Lanes<Real> one[] = {x};
  tanh<Real, 1>(one);
  return one[0];
}

/// 1 / (1 + e^-x) = (1 + tanh(x / 2)) / 2 of each: 1e-7 of one in float, which is what gates need.
template <class Real, int n>
HWY_INLINE void sigmoid(Lanes<Real> (&x)[n]) {
  const auto half = hn::Set(Tag<Real>(), Real(0.5));
  HWY_UNROLL(4)
  for (int k = 0; k < n; ++k) x[k] = hn::Mul(half, x[k]);
  tanh<Real, n>(x);
  HWY_UNROLL(4)
  for (int k = 0; k < n; ++k) x[k] = hn::MulAdd(half, x[k], half);
}

template <class Real>
HWY_INLINE Lanes<Real> one_minus(Lanes<Real> x) {
  return hn::Sub(hn::Set(Tag<Real>(), Real(1)), x);
}
template <class Real>
HWY_INLINE Lanes<Real> sigmoid_slope(Lanes<Real> s) {  // by its value
  return hn::Mul(s, one_minus<Real>(s));
}

template <class Real>
struct ValueSlope {
  Lanes<Real> value, slope;
};

template <class Real>
struct Tanh {
  HWY_INLINE ValueSlope<Real> operator()(Lanes<Real> m) const {
    const Tag<Real> d;
    const auto t = tanh<Real>(m);
    return {t, hn::NegMulAdd(t, t, hn::Set(d, Real(1)))};
  }
};

/// e = e^-|m|: e / (1 + e) is the sigmoid of -|m|, without overflow and without cancellation.
template <class Real>
struct LogisticParts {
  Lanes<Real> e, sigmoid, slope;
};
template <class Real>
HWY_INLINE LogisticParts<Real> logistic(Lanes<Real> m) {
  const Tag<Real> d;
  const auto one = hn::Set(d, Real(1));
  const auto e = hn::Exp(d, hn::Neg(hn::Abs(m)));
  const auto r = hn::Div(one, hn::Add(one, e));
  const auto s = hn::IfThenElse(hn::Ge(m, hn::Zero(d)), r, hn::Mul(e, r));
  return {e, s, hn::Mul(hn::Mul(e, r), r)};
}

template <class Real>
struct Sigmoid {
  HWY_INLINE ValueSlope<Real> operator()(Lanes<Real> m) const {
    const auto parts = logistic<Real>(m);
    return {parts.sigmoid, parts.slope};
  }
};

template <class Real>
struct Softplus {
  HWY_INLINE ValueSlope<Real> operator()(Lanes<Real> m) const {
    const Tag<Real> d;
    const auto parts = logistic<Real>(m);
    return {hn::Add(hn::Max(m, hn::Zero(d)), hn::Log1p(d, parts.e)), parts.sigmoid};
  }
};

/// Lane by lane in double: there is no vector erf here, and the tanh formula is another function.
template <class Real>
struct Gelu {
  HWY_INLINE ValueSlope<Real> operator()(Lanes<Real> m) const {
    const Tag<Real> d;
    HWY_ALIGN Real in[64 / sizeof(Real)], value[64 / sizeof(Real)], slope[64 / sizeof(Real)];
    hn::Store(m, d, in);
    for (Index i = 0; i < lanes<Real>(); ++i) {
      const ActivationValue f = evaluate(Activation::gelu, 0, static_cast<double>(in[i]));
      value[i] = static_cast<Real>(f.value);
      slope[i] = static_cast<Real>(f.slope);
    }
    return {hn::Load(d, value), hn::Load(d, slope)};
  }
};

template <class Real>
struct Identity {
  HWY_INLINE ValueSlope<Real> operator()(Lanes<Real> m) const {
    return {m, hn::Set(Tag<Real>(), Real(1))};
  }
};

/// m above zero, s m below: ReLU (s = 0), leaky ReLU (s = tan theta).
template <class Real>
struct PiecewiseLinear {
  Real negative_slope;
  HWY_INLINE ValueSlope<Real> operator()(Lanes<Real> m) const {
    const Tag<Real> d;
    const auto slope =
        hn::IfThenElse(hn::Gt(m, hn::Zero(d)), hn::Set(d, Real(1)), hn::Set(d, negative_slope));
    return {hn::Mul(slope, m), slope};
  }
};

/// f and f' of any activation. The choice is made anew for every vector: it is always the same,
/// and costs nothing beside the product before it.
template <class Real>
HWY_INLINE ValueSlope<Real> apply(Activation activation, Real negative_slope, Lanes<Real> m) {
  switch (activation) {
    case Activation::relu:
    case Activation::leaky_relu:
      return PiecewiseLinear<Real>{negative_slope}(m);
    case Activation::identity:
      return Identity<Real>{}(m);
    case Activation::tanh:
      return Tanh<Real>{}(m);
    case Activation::softplus:
      return Softplus<Real>{}(m);
    case Activation::sigmoid:
      return Sigmoid<Real>{}(m);
    case Activation::gelu:
      return Gelu<Real>{}(m);
  }
  return Identity<Real>{}(m);
}

/// The same of `n` vectors: m becomes f(m).
template <class Real, int n>
HWY_INLINE void apply(Activation activation, Real negative_slope, Lanes<Real> (&m)[n],
                      Lanes<Real> (&slope)[n]) {
  if (activation == Activation::tanh) {
    tanh<Real, n>(m);
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) slope[k] = hn::NegMulAdd(m[k], m[k], hn::Set(Tag<Real>(), Real(1)));
    return;
  }
  for (int k = 0; k < n; ++k) {
    const auto f = apply<Real>(activation, negative_slope, m[k]);
    m[k] = f.value;
    slope[k] = f.slope;
  }
}

/// f'(m) from f(m), of those where that is a function: all but gelu.
template <class Real>
HWY_INLINE Lanes<Real> slope_of_value(Activation activation, Real negative_slope, Lanes<Real> f) {
  const Tag<Real> d;
  const auto one = hn::Set(d, Real(1));
  switch (activation) {
    case Activation::relu:
    case Activation::leaky_relu:
      return hn::IfThenElse(hn::Gt(f, hn::Zero(d)), one, hn::Set(d, negative_slope));
    case Activation::tanh:
      return hn::NegMulAdd(f, f, one);
    case Activation::softplus:
      return hn::Sub(one, hn::Exp(d, hn::Neg(f)));
    case Activation::sigmoid:
      return sigmoid_slope<Real>(f);
    case Activation::identity:
    case Activation::gelu:
      return one;
  }
  return one;
}

}  // namespace nullcline::cells::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
