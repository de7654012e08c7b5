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

/// Where `saved` has the vector of units i .. of trial j: by units first, as panels are done one
/// after the other, so that both ways run through memory.
template <class Real, GatedCell cell, template <class> class Step>
HWY_INLINE Index saved_entry(const Step<Real>& s, Index i, Index j) {
  constexpr Index count = saved_vectors(cell);
  return (i * s.batch + j * lanes<Real>()) * count;
}

/// A vector of units of `n` trials on its way forward.
template <class Real, GatedCell cell, int n>
struct Forward {
  const GatedForward<Real>& s;
  Index i, j, width;
  const Real* sums;
  Index apart;

  HWY_INLINE Forward(const GatedForward<Real>& step, Index unit, Index trial, const Real* products,
                     Index products_apart)
      : s(step), i(unit), j(trial), width(lanes<Real>()), sums(products), apart(products_apart) {}

  HWY_INLINE Lanes<Real> sum(int gate, int k) const {
    return hn::Load(Tag<Real>(), sums + k * apart + gate * width);
  }
  HWY_INLINE void take(int gate, Lanes<Real> (&all)[n]) const {
    HWY_UNROLL(4)
    for (int k = 0; k < n; ++k) all[k] = sum(gate, k);
  }
  HWY_INLINE void take_sigmoid(int gate, Lanes<Real> (&all)[n]) const {
    take(gate, all);
    sigmoid<Real, n>(all);
  }
  HWY_INLINE void phi(Lanes<Real> (&m)[n]) const {
    Lanes<Real> slopes[n];
    apply<Real, n>(s.activation, s.negative_slope, m, slopes);
  }
  HWY_INLINE Index entry(int k) const { return (j + k) * s.left.units + i; }
  HWY_INLINE Lanes<Real> h(int k) const {
    return hn::LoadU(Tag<Real>(), s.operand + (j + k) * s.ld + i);
  }
  HWY_INLINE Lanes<Real> c(int k) const { return hn::LoadU(Tag<Real>(), s.cells + entry(k)); }
  HWY_INLINE Real* saved(int which, int k) const {
    return s.saved + saved_entry<Real, cell>(s, i, j + k) + which * width;
  }
  HWY_INLINE void save(int which, int k, Lanes<Real> value) const {
    hn::StoreU(value, Tag<Real>(), saved(which, k));
  }
  HWY_INLINE void store(int k, Lanes<Real> h_next) const {
    const Tag<Real> d;
    if (s.noise != nullptr) {
      const auto noise = hn::LoadU(d, s.noise + (j + k) * s.n + i);
      h_next = hn::MulAdd(hn::Set(d, s.noise_scale), noise, h_next);
    }
    hn::StoreU(h_next, d, s.next + (j + k) * s.ld + i);
  }
};

/// What `Forward` writes, and c_{t-1}.
template <class Real, GatedCell cell>
struct PrefetchForward {
  GatedForward<Real> s;

  HWY_INLINE void operator()(Index i, Index j) const {
    const Index entry = j * s.left.units + i, width = lanes<Real>();
    Real* saved = s.saved + saved_entry<Real, cell>(s, i, j);
    for (Index v = 0; v < saved_vectors(cell); ++v) will_write(saved + v * width);
    will_write(s.next + j * s.ld + i);
    if (cell != GatedCell::lstm) return;
    will_read(s.cells + entry);
    will_write(s.next_cells + entry);
  }
};

template <class Real>
void ugrnn_forward(const GatedForward<Real>& s) {
  multiply<Real, 2>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](auto trials, Index i, Index j, const Real* sums, Index apart) HWY_ATTR {
        constexpr int n = decltype(trials)::value;
        const Forward<Real, GatedCell::ugrnn, n> at(s, i, j, sums, apart);
        Lanes<Real> u[n], c[n];
        at.take_sigmoid(0, u);
        at.take(1, c);
        at.phi(c);
        HWY_UNROLL(4)
        for (int k = 0; k < n; ++k) {
          at.save(0, k, u[k]);
          at.save(1, k, c[k]);
          at.store(k, mix<Real>(u[k], at.h(k), c[k]));
        }
      },
      PrefetchForward<Real, GatedCell::ugrnn>{s});
}

template <class Real>
void lstm_forward(const GatedForward<Real>& s) {
  multiply<Real, 4>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](auto trials, Index i, Index j, const Real* sums, Index apart) HWY_ATTR {
        constexpr int n = decltype(trials)::value;
        const Forward<Real, GatedCell::lstm, n> at(s, i, j, sums, apart);
        Lanes<Real> in[n], forget[n], g[n], out[n], f[n];
        at.take_sigmoid(0, in);
        at.take(2, g);
        at.phi(g);
        at.take_sigmoid(1, forget);
        HWY_UNROLL(4)
        for (int k = 0; k < n; ++k) {
          f[k] = hn::MulAdd(forget[k], at.c(k), hn::Mul(in[k], g[k]));  // c_t
          hn::StoreU(f[k], Tag<Real>(), s.next_cells + at.entry(k));
          at.save(0, k, in[k]);
          at.save(1, k, forget[k]);
          at.save(2, k, g[k]);
        }
        at.take_sigmoid(3, out);
        at.phi(f);
        HWY_UNROLL(4)
        for (int k = 0; k < n; ++k) {
          at.save(3, k, out[k]);
          at.save(4, k, f[k]);
          at.store(k, hn::Mul(out[k], f[k]));
        }
      },
      PrefetchForward<Real, GatedCell::lstm>{s});
}

template <class Real>
void gru_after_forward(const GatedForward<Real>& s) {
  multiply<Real, 3, 4>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](auto trials, Index i, Index j, const Real* sums, Index apart) HWY_ATTR {
        constexpr int n = decltype(trials)::value;
        const Forward<Real, GatedCell::gru_after, n> at(s, i, j, sums, apart);
        Lanes<Real> r[n], z[n], c[n];
        at.take_sigmoid(0, r);
        at.take_sigmoid(1, z);
        HWY_UNROLL(4)
        for (int k = 0; k < n; ++k) {
          const auto hn_sum = at.sum(2, k);
          c[k] = hn::MulAdd(r[k], hn_sum, at.sum(3, k));
          at.save(0, k, r[k]);
          at.save(1, k, z[k]);
          at.save(3, k, hn_sum);
        }
        at.phi(c);
        HWY_UNROLL(4)
        for (int k = 0; k < n; ++k) {
          at.save(2, k, c[k]);
          at.store(k, mix<Real>(z[k], at.h(k), c[k]));
        }
      },
      PrefetchForward<Real, GatedCell::gru_after>{s});
}

template <class Real>
void gru_before_forward(const GatedForward<Real>& s) {
  const Tag<Real> d;
  multiply<Real, 2>(
      s.left, {s.operand, 1, s.ld}, s.batch,
      [=](auto trials, Index i, Index j, const Real* sums, Index apart) HWY_ATTR {
        constexpr int n = decltype(trials)::value;
        const Forward<Real, GatedCell::gru_before, n> at(s, i, j, sums, apart);
        Lanes<Real> r[n], z[n];
        at.take_sigmoid(0, r);
        at.take_sigmoid(1, z);
        HWY_UNROLL(4)
        for (int k = 0; k < n; ++k) {
          at.save(0, k, r[k]);
          at.save(1, k, z[k]);
          hn::StoreU(hn::Mul(r[k], at.h(k)), d, s.second_operand + (j + k) * s.ld + i);
        }
      },
      PrefetchForward<Real, GatedCell::gru_before>{s});
  multiply<Real, 1>(s.second_left, {s.second_operand, 1, s.ld}, s.batch,
                    [=](auto trials, Index i, Index j, const Real* sums, Index apart) HWY_ATTR {
                      constexpr int n = decltype(trials)::value;
                      const Forward<Real, GatedCell::gru_before, n> at(s, i, j, sums, apart);
                      Lanes<Real> c[n];
                      at.take(0, c);
                      at.phi(c);
                      HWY_UNROLL(4)
                      for (int k = 0; k < n; ++k) {
                        at.save(2, k, c[k]);
                        const auto z = hn::LoadU(d, at.saved(1, k));
                        at.store(k, mix<Real>(z, at.h(k), c[k]));
                      }
                    });
}

/// The same on its way back; block b of delta.
template <class Real, GatedCell cell>
struct Backward {
  const GatedBackward<Real>& s;
  Index i, j, width;
  const Real* saved;

  HWY_INLINE Backward(const GatedBackward<Real>& step, Index unit, Index trial)
      : s(step),
        i(unit),
        j(trial),
        width(lanes<Real>()),
        saved(step.saved + saved_entry<Real, cell>(step, unit, trial)) {}

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
template <class Real, GatedCell cell>
struct PrefetchBackward {
  GatedBackward<Real> s;

  HWY_INLINE void operator()(Index i, Index j) const {
    const Index entry = j * s.left.units + i, width = lanes<Real>();
    const Real* saved = s.saved + saved_entry<Real, cell>(s, i, j);
    for (Index v = 0; v < saved_vectors(cell); ++v) will_read(saved + v * width);
    will_read(s.operand + j * s.ld + i);
    if (cell == GatedCell::lstm) will_read(s.cells + entry);
  }
};

template <class Real>
void ugrnn_backward(const GatedBackward<Real>& s) {
  multiply<Real, 1>(
      s.left, {s.later, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real, GatedCell::ugrnn> at(s, i, j);
        const auto g = at.gradient(sums), u = at.value(0), c = at.value(1);
        const auto rest = one_minus<Real>(u);
        at.delta(0, hn::Mul(hn::Mul(g, hn::Sub(at.h(), c)), hn::Mul(u, rest)));
        at.delta(1, hn::Mul(hn::Mul(g, rest), at.slope(c)));
        hn::StoreU(hn::Mul(g, u), Tag<Real>(), at.carry());
      },
      PrefetchBackward<Real, GatedCell::ugrnn>{s});
}

template <class Real>
void lstm_backward(const GatedBackward<Real>& s) {
  const Tag<Real> d;
  multiply<Real, 1>(
      s.left, {s.later, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real, GatedCell::lstm> at(s, i, j);
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
      PrefetchBackward<Real, GatedCell::lstm>{s});
}

template <class Real>
void gru_after_backward(const GatedBackward<Real>& s) {
  multiply<Real, 1>(
      s.left, {s.later + s.left.units, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real, GatedCell::gru_after> at(s, i, j);
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
      PrefetchBackward<Real, GatedCell::gru_after>{s});
}

template <class Real>
void gru_before_backward(const GatedBackward<Real>& s) {
  const Tag<Real> d;
  multiply<Real, 1>(
      s.left, {s.later + s.left.units, 1, s.delta_ld}, s.batch,
      [=](Index i, Index j, const Real* sums) HWY_ATTR {
        const Backward<Real, GatedCell::gru_before> at(s, i, j);
        const auto g = at.gradient(sums), z = at.value(1), c = at.value(2);
        const auto rest = one_minus<Real>(z);
        at.delta(0, hn::Mul(hn::Mul(g, rest), at.slope(c)));
        at.delta(2, hn::Mul(hn::Mul(g, hn::Sub(at.h(), c)), hn::Mul(z, rest)));
        hn::StoreU(hn::Mul(g, z), d, at.carry());
      },
      PrefetchBackward<Real, GatedCell::gru_before>{s});
  multiply<Real, 1>(s.second_left, {s.now, 1, s.delta_ld}, s.batch,
                    [=](Index i, Index j, const Real* sums) HWY_ATTR {
                      const Backward<Real, GatedCell::gru_before> at(s, i, j);
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
