// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/rate_tangents.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/cells/fused/factors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/cells/fused/rate_tangents.cpp"
#include <hwy/foreach_target.h>

#include "nullcline/cells/fused/rate_tangent_step.hpp"

#include "nullcline/cells/fused/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::fused::HWY_NAMESPACE {

template <class Real>
struct Bent {
  Lanes<Real> value, slope, curvature;
};

/// f, f' and, where wanted, f''.
template <class Real>
HWY_INLINE Bent<Real> bent(Activation activation, Real negative_slope, bool second, Lanes<Real> m) {
  const Tag<Real> d;
  const auto [f, slope] = apply<Real>(activation, negative_slope, m);
  auto curvature = hn::Zero(d);
  if (!second) return {f, slope, curvature};
  const auto one = hn::Set(d, Real(1)), minus_two = hn::Set(d, Real(-2));
  if (activation == Activation::tanh) {
    curvature = hn::Mul(hn::Mul(minus_two, f), slope);
  } else if (activation == Activation::sigmoid) {
    curvature = hn::Mul(slope, hn::MulAdd(minus_two, f, one));
  } else if (activation == Activation::softplus) {
    curvature = hn::Mul(slope, hn::Sub(one, slope));
  } else if (activation == Activation::gelu) {
    HWY_ALIGN Real at[64 / sizeof(Real)];
    hn::Store(m, d, at);
    for (Index i = 0; i < lanes<Real>(); ++i) {
      at[i] =
          static_cast<Real>(evaluate(Activation::gelu, 0, static_cast<double>(at[i])).curvature);
    }
    curvature = hn::Load(d, at);
  }
  return {f, slope, curvature};
}

/// How many columns a point has besides its state, in constants where they are known.
struct Width {
  Index dim;
  bool second;
};

/// Units i .. of one point, f inside: `z`, `v` and `out` are those of its first column.
template <class Real>
HWY_INLINE void finish_inside(const RateTangentStep<Real>& s, Width width, Real* z, const Real* v,
                              Real* out, Lanes<Real> alpha, Lanes<Real> rest) {
  const Tag<Real> d;
  const Index n = s.left.units, ld = s.ld;
  const auto moved = [&](Index c) HWY_ATTR {
    const auto next =
        hn::MulAdd(alpha, hn::Load(d, v + c * n), hn::Mul(rest, hn::Load(d, z + c * n)));
    hn::Store(next, d, z + c * n);
    return next;
  };
  const auto f = bent<Real>(s.activation, s.negative_slope, width.second, moved(0));
  hn::Store(f.value, d, out);
  for (Index c = 1; c <= width.dim; ++c) hn::Store(hn::Mul(f.slope, moved(c)), d, out + c * ld);
  if (!width.second) return;
  for (Index i = 1, c = width.dim + 1; i <= width.dim; ++i) {
    const auto bend = hn::Mul(f.curvature, hn::Load(d, z + i * n));
    for (Index j = i; j <= width.dim; ++j, ++c) {
      const auto q = hn::MulAdd(bend, hn::Load(d, z + j * n), hn::Mul(f.slope, moved(c)));
      hn::Store(q, d, out + c * ld);
    }
  }
}

/// The same of f outside; `past` is the operand.
template <class Real>
HWY_INLINE void finish_outside(const RateTangentStep<Real>& s, Width width, const Real* past,
                               const Real* v, Real* out, Lanes<Real> alpha, Lanes<Real> rest) {
  const Tag<Real> d;
  const Index n = s.left.units, ld = s.ld;
  const auto move = [&](Index c, Lanes<Real> change) HWY_ATTR {
    const auto x = hn::Load(d, past + c * ld);
    hn::Store(hn::MulAdd(alpha, change, hn::Mul(rest, x)), d, out + c * ld);
  };
  const auto f = bent<Real>(s.activation, s.negative_slope, width.second, hn::Load(d, v));
  move(0, f.value);
  for (Index c = 1; c <= width.dim; ++c) move(c, hn::Mul(f.slope, hn::Load(d, v + c * n)));
  if (!width.second) return;
  for (Index i = 1, c = width.dim + 1; i <= width.dim; ++i) {
    const auto bend = hn::Mul(f.curvature, hn::Load(d, v + i * n));
    for (Index j = i; j <= width.dim; ++j, ++c) {
      move(c, hn::MulAdd(bend, hn::Load(d, v + j * n), hn::Mul(f.slope, hn::Load(d, v + c * n))));
    }
  }
}

/// Points first .. first + count - 1, whose products are in v.
template <class Real, bool f_inside>
HWY_INLINE void finish_columns(const RateTangentStep<Real> s, Width width, Index first,
                               Index count) {
  const Tag<Real> d;
  const auto alpha = hn::Set(d, s.alpha), rest = hn::Set(d, 1 - s.alpha);
  const Index n = s.left.units, w = 1 + s.dim + s.pairs;
  for (Index b = 0; b < count; ++b) {
    const Index column = (first + b) * w;
    for (Index i = 0; i < n; i += lanes<Real>()) {
      const Real* v = s.v + b * w * n + i;
      Real* out = s.next + column * s.ld + i;
      if constexpr (f_inside) {
        finish_inside(s, width, s.z + column * n + i, v, out, alpha, rest);
      } else {
        finish_outside(s, width, s.operand + column * s.ld + i, v, out, alpha, rest);
      }
    }
  }
}

/// Surfaces have loops of known length.
template <class Real, bool f_inside>
HWY_INLINE void finish_points(const RateTangentStep<Real>& s, Index first, Index count) {
  if (s.dim == 2 && s.pairs == 0) {
    finish_columns<Real, f_inside>(s, {2, false}, first, count);
  } else if (s.dim == 2) {
    finish_columns<Real, f_inside>(s, {2, true}, first, count);
  } else {
    finish_columns<Real, f_inside>(s, {s.dim, s.pairs > 0}, first, count);
  }
}

template <class Real, bool f_inside>
HWY_INLINE void step(const RateTangentStep<Real> s) {
  const Index w = 1 + s.dim + s.pairs;
  for (Index first = 0; first < s.points; first += s.points_at_once) {
    const Index count = std::min(s.points_at_once, s.points - first);
    multiply<Real, 1>(s.left, {s.operand + first * w * s.ld, 1, s.ld}, count * w,
                      StoreProduct<Real>{s.v, s.left.units});
    finish_points<Real, f_inside>(s, first, count);
  }
}

template <class Real>
void tangent_step(const RateTangentStep<Real>& s) {
  s.f_inside ? step<Real, true>(s) : step<Real, false>(s);
}

/// The first factors of the product, f inside: as a step of no length. v is finite.
template <class Real>
void first_factors(const RateTangentStep<Real>& given) {
  RateTangentStep<Real> s = given;
  s.alpha = 0;
  for (Index b = 0; b < s.points; ++b) finish_points<Real, true>(s, b, 1);
}

void step_float(const RateTangentStep<float>& s) { tangent_step(s); }
void step_double(const RateTangentStep<double>& s) { tangent_step(s); }
void first_float(const RateTangentStep<float>& s) { first_factors(s); }
void first_double(const RateTangentStep<double>& s) { first_factors(s); }

}  // namespace nullcline::cells::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::cells::fused {
namespace {

HWY_EXPORT(step_float);
HWY_EXPORT(step_double);
HWY_EXPORT(first_float);
HWY_EXPORT(first_double);

void run_step(const RateTangentStep<float>& s) { HWY_DYNAMIC_DISPATCH(step_float)(s); }
void run_step(const RateTangentStep<double>& s) { HWY_DYNAMIC_DISPATCH(step_double)(s); }
void run_first(const RateTangentStep<float>& s) { HWY_DYNAMIC_DISPATCH(first_float)(s); }
void run_first(const RateTangentStep<double>& s) { HWY_DYNAMIC_DISPATCH(first_double)(s); }

template <class Real>
class RateTangents final : public TangentOrbits {
 public:
  RateTangents(const RateTangentOptions& options, const Matrix& M, const TangentColumns& columns)
      : options_(options),
        columns_(columns),
        n_(M.rows()),
        inputs_(M.cols() - M.rows() - 1),
        biased_((M.rightCols(1).array() != 0).any() ? 1 : 0),
        padded_(shape<Real>().padded(n_)),
        ld_(shape<Real>().padded(padded_ + inputs_ + biased_)) {
    const MatrixX<Real> W = M.cast<Real>();
    left_.pack(n_, 1, 1, padded_ + inputs_ + biased_, 0, [&](Index, Index c) -> Column<Real> {
      if (c >= n_ && c < padded_) return column_of_zeros<Real>();
      return {&W(0, c < n_ ? c : c - padded_ + n_), 1};
    });
  }

  void start(In<Matrix> Z) override {
    const Index C = Z.cols();
    points_ = C / columns_.width();
    operand_.assign(static_cast<std::size_t>(C * ld_), Real(0));
    next_.assign(operand_.size(), Real(0));
    v_.assign(static_cast<std::size_t>(points_at_once() * columns_.width() * padded_), Real(0));
    z_.assign(options_.f_inside ? static_cast<std::size_t>(C * padded_) : 0, Real(0));
    for (Index j = 0; j < C; ++j) {
      Real* to = options_.f_inside ? z_.data() + j * padded_ : operand_.data() + j * ld_;
      for (Index i = 0; i < n_; ++i) to[i] = static_cast<Real>(Z(i, j));
    }
    if (options_.f_inside) {
      run_first(arguments());
      operand_.swap(next_);
    }
  }

  void step(In<Matrix> W) override {
    for (Index j = 0; j < W.cols(); ++j) {
      Real* beside = operand_.data() + j * ld_ + padded_;
      for (Index i = 0; i < inputs_; ++i) beside[i] = static_cast<Real>(W(i, j));
    }
    for (Index b = 0; b < points_ && biased_ > 0; ++b) {
      operand_[static_cast<std::size_t>(b * columns_.width() * ld_ + padded_ + inputs_)] = Real(1);
    }
    run_step(arguments());
    operand_.swap(next_);
  }

  void read(Out<Matrix> Z) const override {
    for (Index j = 0; j < Z.cols(); ++j) {
      const Real* from = options_.f_inside ? z_.data() + j * padded_ : operand_.data() + j * ld_;
      for (Index i = 0; i < n_; ++i) Z(i, j) = static_cast<double>(from[i]);
    }
  }

 private:
  /// Their operands and products, 24 columns or a point, stay in the L1 cache.
  Index points_at_once() const { return std::max<Index>(24 / columns_.width(), 1); }

  RateTangentStep<Real> arguments() {
    return {.left = left_.left(),
            .operand = operand_.data(),
            .next = next_.data(),
            .z = z_.data(),
            .v = v_.data(),
            .ld = ld_,
            .points = points_,
            .points_at_once = points_at_once(),
            .dim = columns_.dim,
            .pairs = columns_.pairs(),
            .alpha = static_cast<Real>(options_.alpha),
            .negative_slope = options_.activation == Activation::leaky_relu
                                  ? static_cast<Real>(std::tan(options_.theta))
                                  : Real(0),
            .activation = options_.activation,
            .f_inside = options_.f_inside};
  }

  RateTangentOptions options_;
  TangentColumns columns_;
  Index n_, inputs_, biased_, padded_, ld_, points_ = 0;
  Packer<Real> left_;
  AlignedVector<Real> operand_, next_, z_, v_;
};

}  // namespace

std::unique_ptr<TangentOrbits> rate_tangents(const RateTangentOptions& options, const Matrix& M,
                                             const TangentColumns& columns, Precision precision) {
  if (precision == Precision::single) {
    return std::make_unique<RateTangents<float>>(options, M, columns);
  }
  return std::make_unique<RateTangents<double>>(options, M, columns);
}

}  // namespace nullcline::cells::fused
#endif  // HWY_ONCE
