// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/detail/leaky_step.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/cells/detail/leaky_step.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::detail::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
struct ValueSlope {
  hn::Vec<D> value, slope;
};

/// m above zero, s m below: ReLU (s = 0), leaky ReLU (s = tan theta), identity (s = 1).
template <class Real>
struct PiecewiseLinear {
  Real negative_slope;
  template <class D>
  HWY_INLINE ValueSlope<D> operator()(D d, hn::Vec<D> m) const {
    const auto slope =
        hn::IfThenElse(hn::Gt(m, hn::Zero(d)), hn::Set(d, Real(1)), hn::Set(d, negative_slope));
    return {hn::Mul(slope, m), slope};
  }
};

struct Tanh {
  template <class D>
  HWY_INLINE ValueSlope<D> operator()(D d, hn::Vec<D> m) const {
    const auto t = hn::Tanh(d, m);
    return {t, hn::NegMulAdd(t, t, hn::Set(d, hn::TFromD<D>(1)))};
  }
};

/// e^-|m| / (1 + e^-|m|) is the sigmoid of -|m|: no overflow, no cancellation on either side.
template <class D>
struct LogisticParts {
  hn::Vec<D> e, sigmoid, slope;
};
template <class D>
HWY_INLINE LogisticParts<D> logistic(D d, hn::Vec<D> m) {
  const auto one = hn::Set(d, hn::TFromD<D>(1));
  const auto e = hn::Exp(d, hn::Neg(hn::Abs(m)));
  const auto r = hn::Div(one, hn::Add(one, e));
  const auto s = hn::IfThenElse(hn::Ge(m, hn::Zero(d)), r, hn::Mul(e, r));
  return {e, s, hn::Mul(hn::Mul(e, r), r)};
}

struct Sigmoid {
  template <class D>
  HWY_INLINE ValueSlope<D> operator()(D d, hn::Vec<D> m) const {
    const auto parts = logistic(d, m);
    return {parts.sigmoid, parts.slope};
  }
};

struct Softplus {
  template <class D>
  HWY_INLINE ValueSlope<D> operator()(D d, hn::Vec<D> m) const {
    const auto parts = logistic(d, m);
    return {hn::Add(hn::Max(m, hn::Zero(d)), hn::Log1p(d, parts.e)), parts.sigmoid};
  }
};

/// Lane by lane in double: there is no vector erf here, and the tanh formula is another function.
struct Gelu {
  template <class D>
  HWY_INLINE ValueSlope<D> operator()(D d, hn::Vec<D> m) const {
    using Real = hn::TFromD<D>;
    HWY_ALIGN Real in[HWY_MAX_BYTES / sizeof(Real)], value[HWY_MAX_BYTES / sizeof(Real)],
        slope[HWY_MAX_BYTES / sizeof(Real)];
    hn::Store(m, d, in);
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
      const ActivationValue f = evaluate(Activation::gelu, 0, static_cast<double>(in[i]));
      value[i] = static_cast<Real>(f.value);
      slope[i] = static_cast<Real>(f.slope);
    }
    return {hn::Load(d, value), hn::Load(d, slope)};
  }
};

template <class Real, class F>
void sweep(const F& f, Real alpha, Index units, Index batch, const Real* b, const Real* x, Real* p,
           Real* y) {
  const hn::ScalableTag<Real> d;
  const hn::CappedTag<Real, 1> one_lane;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const auto step = [&](auto tag, Index i, Index at) {
    const auto m = hn::Add(hn::LoadU(tag, p + at), hn::LoadU(tag, b + i));
    const auto r = f(tag, m);
    const auto rest = hn::Mul(hn::Set(tag, 1 - alpha), hn::LoadU(tag, x + at));
    hn::StoreU(hn::MulAdd(hn::Set(tag, alpha), r.value, rest), tag, y + at);
    hn::StoreU(r.slope, tag, p + at);
  };
  for (Index trial = 0; trial < batch; ++trial) {
    Index i = 0;
    for (; i + lanes <= units; i += lanes) step(d, i, trial * units + i);
    for (; i < units; ++i) step(one_lane, i, trial * units + i);
  }
}

template <class Real>
void forward(Activation activation, double theta, Real alpha, Index units, Index batch,
             const Real* b, const Real* x, Real* p, Real* y) {
  switch (activation) {
    case Activation::relu:
      return sweep(PiecewiseLinear<Real>{0}, alpha, units, batch, b, x, p, y);
    case Activation::leaky_relu:
      return sweep(PiecewiseLinear<Real>{static_cast<Real>(std::tan(theta))}, alpha, units, batch,
                   b, x, p, y);
    case Activation::identity:
      return sweep(PiecewiseLinear<Real>{1}, alpha, units, batch, b, x, p, y);
    case Activation::tanh:
      return sweep(Tanh{}, alpha, units, batch, b, x, p, y);
    case Activation::softplus:
      return sweep(Softplus{}, alpha, units, batch, b, x, p, y);
    case Activation::sigmoid:
      return sweep(Sigmoid{}, alpha, units, batch, b, x, p, y);
    case Activation::gelu:
      return sweep(Gelu{}, alpha, units, batch, b, x, p, y);
  }
}

template <class Real>
void backward(Real alpha, Index size, const Real* slope, Real* g, Real* delta) {
  const hn::ScalableTag<Real> d;
  const hn::CappedTag<Real, 1> one_lane;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const auto step = [&](auto tag, Index i) {
    const auto gradient = hn::LoadU(tag, g + i);
    hn::StoreU(hn::Mul(hn::Mul(hn::Set(tag, alpha), hn::LoadU(tag, slope + i)), gradient), tag,
               delta + i);
    hn::StoreU(hn::Mul(hn::Set(tag, 1 - alpha), gradient), tag, g + i);
  };
  Index i = 0;
  for (; i + lanes <= size; i += lanes) step(d, i);
  for (; i < size; ++i) step(one_lane, i);
}

void forward_float(Activation activation, double theta, float alpha, Index units, Index batch,
                   const float* b, const float* x, float* p, float* y) {
  forward(activation, theta, alpha, units, batch, b, x, p, y);
}
void forward_double(Activation activation, double theta, double alpha, Index units, Index batch,
                    const double* b, const double* x, double* p, double* y) {
  forward(activation, theta, alpha, units, batch, b, x, p, y);
}
void backward_float(float alpha, Index size, const float* slope, float* g, float* delta) {
  backward(alpha, size, slope, g, delta);
}
void backward_double(double alpha, Index size, const double* slope, double* g, double* delta) {
  backward(alpha, size, slope, g, delta);
}

}  // namespace nullcline::cells::detail::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::cells::detail {

HWY_EXPORT(forward_float);
HWY_EXPORT(forward_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);

template <>
void leaky_forward(Activation activation, double theta, float alpha, Index units, Index batch,
                   const float* b, const float* x, float* p, float* y) {
  HWY_DYNAMIC_DISPATCH(forward_float)(activation, theta, alpha, units, batch, b, x, p, y);
}
template <>
void leaky_forward(Activation activation, double theta, double alpha, Index units, Index batch,
                   const double* b, const double* x, double* p, double* y) {
  HWY_DYNAMIC_DISPATCH(forward_double)(activation, theta, alpha, units, batch, b, x, p, y);
}
template <>
void leaky_backward(float alpha, Index size, const float* slope, float* g, float* delta) {
  HWY_DYNAMIC_DISPATCH(backward_float)(alpha, size, slope, g, delta);
}
template <>
void leaky_backward(double alpha, Index size, const double* slope, double* g, double* delta) {
  HWY_DYNAMIC_DISPATCH(backward_double)(alpha, size, slope, g, delta);
}

}  // namespace nullcline::cells::detail
#endif  // HWY_ONCE
