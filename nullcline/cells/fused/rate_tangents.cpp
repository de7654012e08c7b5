// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/rate_tangents.hpp"

#include <cmath>
#include <vector>

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

/// What the product of column j, and its own past, make of units i ..
template <class Real, bool f_inside>
HWY_INLINE void finish_column(const RateTangentStep<Real>& s, Index i, Index j, Lanes<Real> v) {
  const Tag<Real> d;
  const auto alpha = hn::Set(d, s.alpha), rest = hn::Set(d, 1 - s.alpha);
  const TangentRole role = s.roles[j];
  const Index n = s.left.units, entry = j * n + i, point = role.point * n + i;
  Real* out = s.next + j * s.ld + i;
  if constexpr (f_inside) {
    const auto z = hn::MulAdd(alpha, v, hn::Mul(rest, hn::LoadU(d, s.z + entry)));
    hn::StoreU(z, d, s.z + entry);
    if (role.order == 0) {
      const auto f = bent<Real>(s.activation, s.negative_slope, s.second, z);
      hn::StoreU(f.value, d, out);
      hn::StoreU(f.slope, d, s.slopes + point);
      if (s.second) hn::StoreU(f.curvature, d, s.curvatures + point);
      return;
    }
    auto q = hn::Mul(hn::LoadU(d, s.slopes + point), z);
    if (role.order == 2) {
      const auto both =
          hn::Mul(hn::LoadU(d, s.z + role.first * n + i), hn::LoadU(d, s.z + role.second * n + i));
      q = hn::MulAdd(hn::LoadU(d, s.curvatures + point), both, q);
    }
    hn::StoreU(q, d, out);
  } else {
    auto change = v;
    if (role.order == 0) {
      const auto f = bent<Real>(s.activation, s.negative_slope, s.second, v);
      hn::StoreU(f.slope, d, s.slopes + point);
      if (s.second) hn::StoreU(f.curvature, d, s.curvatures + point);
      change = f.value;
    } else {
      change = hn::Mul(hn::LoadU(d, s.slopes + point), v);
      if (role.order == 1 && s.second) hn::StoreU(v, d, s.z + entry);
      if (role.order == 2) {
        const auto both = hn::Mul(hn::LoadU(d, s.z + role.first * n + i),
                                  hn::LoadU(d, s.z + role.second * n + i));
        change = hn::MulAdd(hn::LoadU(d, s.curvatures + point), both, change);
      }
    }
    const auto past = hn::LoadU(d, s.operand + j * s.ld + i);
    hn::StoreU(hn::MulAdd(alpha, change, hn::Mul(rest, past)), d, out);
  }
}

template <class Real, bool f_inside>
HWY_INLINE void step(const RateTangentStep<Real>& given) {
  const RateTangentStep<Real> s = given;
  multiply<Real, 1>(
      s.left, {s.operand, 1, s.ld}, s.columns,
      [=](Index i, Index j, const Real* sums)
          HWY_ATTR { finish_column<Real, f_inside>(s, i, j, hn::Load(Tag<Real>(), sums)); },
      [=](Index i, Index j) HWY_ATTR { will_write(s.next + j * s.ld + i); });
}

template <class Real>
void tangent_step(const RateTangentStep<Real>& s) {
  s.f_inside ? step<Real, true>(s) : step<Real, false>(s);
}

/// The first factors of the product, f inside: as a step of no length.
template <class Real>
void first_factors(const RateTangentStep<Real>& given) {
  RateTangentStep<Real> s = given;
  s.alpha = 0;
  for (Index i = 0; i < s.left.units; i += lanes<Real>()) {
    for (Index j = 0; j < s.columns; ++j) {
      finish_column<Real, true>(s, i, j, hn::Zero(Tag<Real>()));
    }
  }
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
        padded_(shape<Real>().padded(n_)),
        ld_(shape<Real>().padded(padded_ + inputs_ + 1)) {
    left_.pack(n_, 1, 1, padded_ + inputs_ + 1, 0, [&](Index, Index i, Index c) {
      const bool recurrent = c < n_, beside = c >= padded_;
      return recurrent ? static_cast<Real>(M(i, c))
             : beside  ? static_cast<Real>(M(i, c - padded_ + n_))
                       : Real(0);
    });
  }

  void start(In<Matrix> Z) override {
    const Index C = Z.cols();
    make_roles(C);
    const auto points = static_cast<std::size_t>(C / columns_.width());
    const auto units = static_cast<std::size_t>(padded_);
    operand_.assign(static_cast<std::size_t>(C * ld_), Real(0));
    next_.assign(operand_.size(), Real(0));
    slopes_.assign(points * units, Real(0));
    curvatures_.assign(columns_.second ? slopes_.size() : 0, Real(0));
    // f inside: the states, tangents and second tangents; outside: derivatives of v.
    z_.assign(options_.f_inside || columns_.second ? static_cast<std::size_t>(C * padded_) : 0,
              Real(0));
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
      beside[inputs_] = roles_[static_cast<std::size_t>(j)].order == 0 ? Real(1) : Real(0);
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
  void make_roles(Index C) {
    const Index w = columns_.width(), m = columns_.dim;
    roles_.clear();
    for (Index point = 0; point < C / w; ++point) {
      roles_.push_back({0, point, 0, 0});
      for (Index i = 0; i < m; ++i) roles_.push_back({1, point, 0, 0});
      for (Index i = 0; columns_.second && i < m; ++i) {
        for (Index j = i; j < m; ++j) {
          roles_.push_back({2, point, point * w + 1 + i, point * w + 1 + j});
        }
      }
    }
  }

  RateTangentStep<Real> arguments() {
    return {.left = left_.left(),
            .operand = operand_.data(),
            .next = next_.data(),
            .z = z_.data(),
            .slopes = slopes_.data(),
            .curvatures = curvatures_.data(),
            .roles = roles_.data(),
            .ld = ld_,
            .columns = static_cast<Index>(roles_.size()),
            .alpha = static_cast<Real>(options_.alpha),
            .negative_slope = options_.activation == Activation::leaky_relu
                                  ? static_cast<Real>(std::tan(options_.theta))
                                  : Real(0),
            .activation = options_.activation,
            .f_inside = options_.f_inside,
            .second = columns_.second};
  }

  RateTangentOptions options_;
  TangentColumns columns_;
  Index n_, inputs_, padded_, ld_;
  Packer<Real> left_;
  std::vector<TangentRole> roles_;
  AlignedVector<Real> operand_, next_, z_, slopes_, curvatures_;
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
