// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/gated_step.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/cells/fused/gated_step.cpp"
#include <hwy/foreach_target.h>

#include "nullcline/cells/fused/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::fused::HWY_NAMESPACE {

/// u h + (1 - u) c
template <class Real>
HWY_INLINE Lanes<Real> mix(Lanes<Real> u, Lanes<Real> h, Lanes<Real> c) {
  return hn::MulAdd(u, hn::Sub(h, c), c);
}

/// One vector of units of one trial on its way forward.
template <class Real>
struct Forward {
  const GatedForward<Real>& s;
  Index i, j, width;
  Real* saved;
  const Real* sums;

  HWY_INLINE Forward(const GatedForward<Real>& step, Index unit, Index trial, const Real* products)
      : s(step),
        i(unit),
        j(trial),
        width(lanes<Real>()),
        saved(step.saved + (trial * step.left.units + unit) * saved_vectors(step.cell)),
        sums(products) {}

  HWY_INLINE Lanes<Real> sum(int gate) const { return hn::Load(Tag<Real>(), sums + gate * width); }
  HWY_INLINE Lanes<Real> phi(Lanes<Real> m) const {
    return apply<Real>(s.activation, s.negative_slope, m).value;
  }
  HWY_INLINE Lanes<Real> h() const { return hn::LoadU(Tag<Real>(), s.operand + j * s.ld + i); }
  HWY_INLINE Lanes<Real> c() const {
    return hn::LoadU(Tag<Real>(), s.cells + j * s.left.units + i);
  }
  HWY_INLINE void save(int which, Lanes<Real> value) const {
    hn::StoreU(value, Tag<Real>(), saved + which * width);
  }
  HWY_INLINE Lanes<Real> saved_value(int which) const {
    return hn::LoadU(Tag<Real>(), saved + which * width);
  }
  HWY_INLINE void store(Lanes<Real> h_next) const {
    const Tag<Real> d;
    if (s.noise != nullptr) {
      const auto noise = hn::LoadU(d, s.noise + j * s.n + i);
      h_next = hn::MulAdd(hn::Set(d, s.noise_scale), noise, h_next);
    }
    hn::StoreU(h_next, d, s.next + j * s.ld + i);
  }
};

/// What `Forward` writes, and c_{t-1}.
template <class Real>
struct PrefetchForward {
  GatedForward<Real> s;

  HWY_INLINE void operator()(Index i, Index j) const {
    const Index entry = j * s.left.units + i, width = lanes<Real>();
    Real* saved = s.saved + entry * saved_vectors(s.cell);
    for (Index v = 0; v < saved_vectors(s.cell); ++v) will_write(saved + v * width);
    will_write(s.next + j * s.ld + i);
    if (s.cell != GatedCell::lstm) return;
    will_read(s.cells + entry);
    will_write(s.next_cells + entry);
  }
};

template <class Real>
void ugrnn_forward(const GatedForward<Real>& s) {
  multiply<Real, 2>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Forward<Real> at(s, i, j, sums);
        const auto u = sigmoid<Real>(at.sum(0)), c = at.phi(at.sum(1));
        at.save(0, u);
        at.save(1, c);
        at.store(mix<Real>(u, at.h(), c));
      },
      PrefetchForward<Real>{s});
}

template <class Real>
void lstm_forward(const GatedForward<Real>& s) {
  multiply<Real, 4>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Forward<Real> at(s, i, j, sums);
        const auto in = sigmoid<Real>(at.sum(0)), forget = sigmoid<Real>(at.sum(1));
        const auto g = at.phi(at.sum(2)), out = sigmoid<Real>(at.sum(3));
        const auto c = hn::MulAdd(forget, at.c(), hn::Mul(in, g));
        const auto f = at.phi(c);
        at.save(0, in);
        at.save(1, forget);
        at.save(2, g);
        at.save(3, out);
        at.save(4, f);
        hn::StoreU(c, Tag<Real>(), s.next_cells + j * s.left.units + i);
        at.store(hn::Mul(out, f));
      },
      PrefetchForward<Real>{s});
}

template <class Real>
void gru_after_forward(const GatedForward<Real>& s) {
  multiply<Real, 3, 4>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Forward<Real> at(s, i, j, sums);
        const auto r = sigmoid<Real>(at.sum(0)), z = sigmoid<Real>(at.sum(1)), hn_sum = at.sum(2);
        const auto c = at.phi(hn::MulAdd(r, hn_sum, at.sum(3)));
        at.save(0, r);
        at.save(1, z);
        at.save(2, c);
        at.save(3, hn_sum);
        at.store(mix<Real>(z, at.h(), c));
      },
      PrefetchForward<Real>{s});
}

template <class Real>
void gru_before_forward(const GatedForward<Real>& s) {
  const Tag<Real> d;
  multiply<Real, 2>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Forward<Real> at(s, i, j, sums);
        const auto r = sigmoid<Real>(at.sum(0));
        at.save(0, r);
        at.save(1, sigmoid<Real>(at.sum(1)));
        hn::StoreU(hn::Mul(r, at.h()), d, s.second_operand + j * s.ld + i);
      },
      PrefetchForward<Real>{s});
  multiply<Real, 1>(s.second_left, {s.second_operand, 1, s.ld}, s.batch,
                    [=](Index i, Index j, const Real* sums) HWY_ATTR {
                      const Forward<Real> at(s, i, j, sums);
                      const auto c = at.phi(at.sum(0));
                      at.save(2, c);
                      at.store(mix<Real>(at.saved_value(1), at.h(), c));
                    });
}

/// The same on its way back; block b of delta.
template <class Real>
struct Backward {
  const GatedBackward<Real>& s;
  Index i, j, width;
  const Real* saved;

  HWY_INLINE Backward(const GatedBackward<Real>& step, Index unit, Index trial)
      : s(step),
        i(unit),
        j(trial),
        width(lanes<Real>()),
        saved(step.saved + (trial * step.left.units + unit) * saved_vectors(step.cell)) {}

  HWY_INLINE Lanes<Real> value(int which) const {
    return hn::LoadU(Tag<Real>(), saved + which * width);
  }
  HWY_INLINE Lanes<Real> slope(Lanes<Real> phi) const {
    return slope_of_value<Real>(s.activation, s.negative_slope, phi);
  }
  HWY_INLINE Lanes<Real> h() const { return hn::LoadU(Tag<Real>(), s.operand + j * s.ld + i); }
  HWY_INLINE Real* carry() const { return s.carry + j * s.left.units + i; }
  HWY_INLINE Real* cell_carry() const { return s.cell_carry + j * s.left.units + i; }

  /// dL/dh_t
  HWY_INLINE Lanes<Real> gradient(const Real* sums) const {
    const Tag<Real> d;
    auto g = hn::Add(hn::Load(d, sums), hn::LoadU(d, carry()));
    if (s.more != nullptr) g = hn::Add(g, hn::LoadU(d, s.more + j * s.more_ld + i));
    return g;
  }
  HWY_INLINE void delta(int block, Lanes<Real> value) const {
    const Tag<Real> d;
    const Index row = block * s.left.units + i;
    hn::StoreU(value, d, s.now + j * s.delta_ld + row);
  }
};

/// What `Backward` reads of the way forward.
template <class Real>
struct PrefetchBackward {
  GatedBackward<Real> s;

  HWY_INLINE void operator()(Index i, Index j) const {
    const Index entry = j * s.left.units + i, width = lanes<Real>();
    const Real* saved = s.saved + entry * saved_vectors(s.cell);
    for (Index v = 0; v < saved_vectors(s.cell); ++v) will_read(saved + v * width);
    will_read(s.operand + j * s.ld + i);
    if (s.cell == GatedCell::lstm) will_read(s.cells + entry);
  }
};

template <class Real>
void ugrnn_backward(const GatedBackward<Real>& s) {
  multiply<Real, 1>(
      s.left, {s.later, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real> at(s, i, j);
        const auto g = at.gradient(sums), u = at.value(0), c = at.value(1);
        const auto rest = one_minus<Real>(u);
        at.delta(0, hn::Mul(hn::Mul(g, hn::Sub(at.h(), c)), hn::Mul(u, rest)));
        at.delta(1, hn::Mul(hn::Mul(g, rest), at.slope(c)));
        hn::StoreU(hn::Mul(g, u), Tag<Real>(), at.carry());
      },
      PrefetchBackward<Real>{s});
}

template <class Real>
void lstm_backward(const GatedBackward<Real>& s) {
  const Tag<Real> d;
  multiply<Real, 1>(
      s.left, {s.later, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real> at(s, i, j);
        const auto in = at.value(0), forget = at.value(1), g = at.value(2), out = at.value(3);
        const auto f = at.value(4);
        const auto gh = at.gradient(sums);
        const auto gc = hn::MulAdd(hn::Mul(gh, out), at.slope(f), hn::LoadU(d, at.cell_carry()));
        const auto before = hn::LoadU(d, s.cells + j * s.left.units + i);
        at.delta(0, hn::Mul(hn::Mul(gc, g), sigmoid_slope<Real>(in)));
        at.delta(1, hn::Mul(hn::Mul(gc, before), sigmoid_slope<Real>(forget)));
        at.delta(2, hn::Mul(hn::Mul(gc, in), at.slope(g)));
        at.delta(3, hn::Mul(hn::Mul(gh, f), sigmoid_slope<Real>(out)));
        hn::StoreU(hn::Mul(gc, forget), d, at.cell_carry());
      },
      PrefetchBackward<Real>{s});
}

template <class Real>
void gru_after_backward(const GatedBackward<Real>& s) {
  multiply<Real, 1>(
      s.left, {s.later + s.left.units, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real> at(s, i, j);
        const auto g = at.gradient(sums);
        const auto r = at.value(0), z = at.value(1), c = at.value(2), hn_sum = at.value(3);
        const auto rest = one_minus<Real>(z);
        const auto dc = hn::Mul(hn::Mul(g, rest), at.slope(c));
        at.delta(0, dc);
        at.delta(1, hn::Mul(hn::Mul(dc, hn_sum), sigmoid_slope<Real>(r)));
        at.delta(2, hn::Mul(hn::Mul(g, hn::Sub(at.h(), c)), hn::Mul(z, rest)));
        at.delta(3, hn::Mul(dc, r));
        hn::StoreU(hn::Mul(g, z), Tag<Real>(), at.carry());
      },
      PrefetchBackward<Real>{s});
}

template <class Real>
void gru_before_backward(const GatedBackward<Real>& s) {
  const Tag<Real> d;
  multiply<Real, 1>(
      s.left, {s.later + s.left.units, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real> at(s, i, j);
        const auto g = at.gradient(sums), z = at.value(1), c = at.value(2);
        const auto rest = one_minus<Real>(z);
        at.delta(0, hn::Mul(hn::Mul(g, rest), at.slope(c)));
        at.delta(2, hn::Mul(hn::Mul(g, hn::Sub(at.h(), c)), hn::Mul(z, rest)));
        hn::StoreU(hn::Mul(g, z), d, at.carry());
      },
      PrefetchBackward<Real>{s});
  multiply<Real, 1>(s.second_left, {s.now, 1, s.delta_ld}, s.batch,
                    [=](Index i, Index j, const Real* sums) HWY_ATTR {
                      const Backward<Real> at(s, i, j);
                      const auto dq = hn::Load(d, sums), r = at.value(0);
                      at.delta(1, hn::Mul(hn::Mul(dq, at.h()), sigmoid_slope<Real>(r)));
                      Real* carry = at.carry();
                      hn::StoreU(hn::MulAdd(dq, r, hn::LoadU(d, carry)), d, carry);
                    });
}

template <class Real>
void forward(const GatedForward<Real>& s) {
  switch (s.cell) {
    case GatedCell::ugrnn:
      return ugrnn_forward(s);
    case GatedCell::lstm:
      return lstm_forward(s);
    case GatedCell::gru_after:
      return gru_after_forward(s);
    case GatedCell::gru_before:
      return gru_before_forward(s);
  }
}

template <class Real>
void backward(const GatedBackward<Real>& s) {
  switch (s.cell) {
    case GatedCell::ugrnn:
      return ugrnn_backward(s);
    case GatedCell::lstm:
      return lstm_backward(s);
    case GatedCell::gru_after:
      return gru_after_backward(s);
    case GatedCell::gru_before:
      return gru_before_backward(s);
  }
}

void forward_float(const GatedForward<float>& s) { forward(s); }
void forward_double(const GatedForward<double>& s) { forward(s); }
void backward_float(const GatedBackward<float>& s) { backward(s); }
void backward_double(const GatedBackward<double>& s) { backward(s); }

}  // namespace nullcline::cells::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::cells::fused {

HWY_EXPORT(forward_float);
HWY_EXPORT(forward_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);

void run(const GatedForward<float>& s) { HWY_DYNAMIC_DISPATCH(forward_float)(s); }
void run(const GatedForward<double>& s) { HWY_DYNAMIC_DISPATCH(forward_double)(s); }
void run(const GatedBackward<float>& s) { HWY_DYNAMIC_DISPATCH(backward_float)(s); }
void run(const GatedBackward<double>& s) { HWY_DYNAMIC_DISPATCH(backward_double)(s); }

}  // namespace nullcline::cells::fused
#endif  // HWY_ONCE
