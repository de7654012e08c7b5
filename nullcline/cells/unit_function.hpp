// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "nullcline/cells/jet.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells {

/// Where the values of the units of a batch stand: column b holds, at data + b stride, the first
/// value of the n units, then their second, ...
template <class Real>
struct Units {
  Real* data;
  Index stride;
};

/// A function y = phi(x, xi) of P numbers a unit into Q numbers a unit, the same for all n units of
/// a batch, applied to all of them. xi is one number a unit, (n, B) without gaps, or null for 0;
/// it is noise, by which nothing is differentiated.
template <std::floating_point Real>
class UnitFunction {
 public:
  UnitFunction(int in, int out) : inputs(in), outputs(out) {}
  virtual ~UnitFunction() = default;
  const int inputs;   // P
  const int outputs;  // Q

  virtual void evaluate(Index n, Index batch, Units<const Real> x, const Real* xi,
                        Units<Real> y) const = 0;

  /// dx = (dphi/dx)' dy.
  virtual void pull_back(Index n, Index batch, Units<const Real> x, const Real* xi,
                         Units<const Real> dy, Units<Real> dx) const = 0;

  /// dphi_q/dx_p as value q P + p of each unit, without noise.          J: (Q P n, B)
  virtual void jacobian(Index n, Index batch, Units<const Real> x, Units<Real> J) const = 0;

  /// sum_q w_q d2phi_q/dx_p dx_r as value p P + r of each unit of one column, without noise.
  ///                                                                    w: (Q n)  H: (P P n)
  virtual void hessian(Index n, const Real* x, const Real* w, Real* H) const = 0;

  /// Adds sum_jqr w_qj d2phi_q/dx_p dx_r v_rj, over the k tangents j of each column, to value p of
  /// each unit of `sum`, without noise. In double only.
  ///                                      x, sum: (P n, B)  v: (P n, B k)  w: (Q n, B k)
  virtual void add_second_pull_back(Index n, Index batch, Index k, Units<const Real> x,
                                    Units<const Real> v, Units<const Real> w,
                                    Units<Real> sum) const = 0;

  /// Bounds of phi and, as values of each unit like those of `jacobian`, of its derivatives over
  /// the intervals x of one column, without noise, in real arithmetic. Either may be null. In
  /// double only.                                             x: (P n)  y: (Q n)  J: (Q P n)
  virtual void enclose(Index n, const Interval* x, Interval* y, Interval* J) const = 0;
};

/// From a template `void f(const T* x, const T& xi, T* y)`, T being Real or a jet.
template <std::floating_point Real, int P, int Q, class F>
class UnitFunctionOf final : public UnitFunction<Real> {
 public:
  explicit UnitFunctionOf(F f) : UnitFunction<Real>(P, Q), f_(f) {}

  void evaluate(Index n, Index batch, Units<const Real> x, const Real* xi,
                Units<Real> y) const override {
    for (Index b = 0; b < batch; ++b) {
      const Real* in = x.data + b * x.stride;
      Real* out = y.data + b * y.stride;
      for (Index i = 0; i < n; ++i) {
        Real p[P], q[Q];
        for (Index k = 0; k < P; ++k) p[k] = in[k * n + i];
        f_(p, xi == nullptr ? Real{0} : xi[b * n + i], q);
        for (Index k = 0; k < Q; ++k) out[k * n + i] = q[k];
      }
    }
  }

  void pull_back(Index n, Index batch, Units<const Real> x, const Real* xi, Units<const Real> dy,
                 Units<Real> dx) const override {
    for (Index b = 0; b < batch; ++b) {
      const Real* by = dy.data + b * dy.stride;
      Real* bx = dx.data + b * dx.stride;
      for (Index i = 0; i < n; ++i) {
        Jet<Real, P> q[Q];
        jets(n, i, x.data + b * x.stride, xi == nullptr ? Real{0} : xi[b * n + i], q);
        for (int p = 0; p < P; ++p) {
          Real sum = 0;
          for (int k = 0; k < Q; ++k) sum += by[k * n + i] * q[k].d[static_cast<std::size_t>(p)];
          bx[p * n + i] = sum;
        }
      }
    }
  }

  void jacobian(Index n, Index batch, Units<const Real> x, Units<Real> J) const override {
    for (Index b = 0; b < batch; ++b) {
      for (Index i = 0; i < n; ++i) {
        Jet<Real, P> q[Q];
        jets(n, i, x.data + b * x.stride, 0, q);
        for (int k = 0; k < Q; ++k) {
          for (int p = 0; p < P; ++p) {
            J.data[b * J.stride + (k * P + p) * n + i] = q[k].d[static_cast<std::size_t>(p)];
          }
        }
      }
    }
  }

  void hessian(Index n, const Real* x, const Real* w, Real* H) const override {
    if constexpr (std::same_as<Real, double>) {
      for (Index i = 0; i < n; ++i) {
        SecondJet<P> out[Q];
        second_jets(n, i, x, out);
        for (int p = 0, k = 0; p < P; ++p) {
          for (int r = 0; r <= p; ++r, ++k) {
            double sum = 0;
            for (int q = 0; q < Q; ++q) {
              sum += w[q * n + i] * out[q].h[static_cast<std::size_t>(k)];
            }
            H[(p * P + r) * n + i] = H[(r * P + p) * n + i] = sum;
          }
        }
      }
    }
  }

  void add_second_pull_back(Index n, Index batch, Index k, Units<const Real> x, Units<const Real> v,
                            Units<const Real> w, Units<Real> sum) const override {
    if constexpr (std::same_as<Real, double>) {
      for (Index b = 0; b < batch; ++b) {
        double* into = sum.data + b * sum.stride;
        for (Index i = 0; i < n; ++i) {
          SecondJet<P> out[Q];
          second_jets(n, i, x.data + b * x.stride, out);
          for (Index j = b * k; j < (b + 1) * k; ++j) {
            const double *at_v = v.data + j * v.stride, *at_w = w.data + j * w.stride;
            for (int q = 0; q < Q; ++q) {
              const double weight = at_w[q * n + i];
              for (int p = 0, pair = 0; p < P; ++p) {
                for (int r = 0; r <= p; ++r, ++pair) {
                  const double h = weight * out[q].h[static_cast<std::size_t>(pair)];
                  into[p * n + i] += h * at_v[r * n + i];
                  if (r < p) into[r * n + i] += h * at_v[p * n + i];
                }
              }
            }
          }
        }
      }
    }
  }

  void enclose(Index n, const Interval* x, Interval* y, Interval* J) const override {
    if constexpr (std::same_as<Real, double>) {
      for (Index i = 0; i < n; ++i) {
        Jet<Interval, P> in[P], out[Q];
        for (int p = 0; p < P; ++p) in[p] = Jet<Interval, P>::variable(x[p * n + i], p);
        f_(in, Jet<Interval, P>(0), out);
        for (int q = 0; q < Q; ++q) {
          for (int p = 0; J != nullptr && p < P; ++p) {
            J[(q * P + p) * n + i] = out[q].d[static_cast<std::size_t>(p)];
          }
          if (y != nullptr) y[q * n + i] = bounds_by_slopes(in, out[q], q);
        }
      }
    }
  }

 private:
  /// phi_q, given its jet over a box: where a derivative has one sign, an end of the box will do.
  Interval bounds_by_slopes(const Jet<Interval, P>* box, const Jet<Interval, P>& jet, int q) const {
    Interval low[P], high[P], y[Q];
    for (int p = 0; p < P; ++p) {
      const Interval& x = box[p].value;
      const Interval& slope = jet.d[static_cast<std::size_t>(p)];
      const bool rises = slope.lo >= 0, falls = slope.hi <= 0;
      low[p] = rises ? Interval(x.lo) : falls ? Interval(x.hi) : x;
      high[p] = rises ? Interval(x.hi) : falls ? Interval(x.lo) : x;
    }
    f_(low, Interval(0.0), y);
    const double bottom = y[q].lo;
    f_(high, Interval(0.0), y);
    return common(jet.value, {bottom, y[q].hi});
  }

  void second_jets(Index n, Index i, const double* x, SecondJet<P>* out) const {
    SecondJet<P> in[P];
    for (int p = 0; p < P; ++p) in[p] = SecondJet<P>::variable(x[p * n + i], p);
    f_(in, SecondJet<P>(0), out);
  }

  void jets(Index n, Index i, const Real* x, Real xi, Jet<Real, P>* out) const {
    Jet<Real, P> in[P], noise;
    for (int p = 0; p < P; ++p) in[p] = Jet<Real, P>::variable(x[p * n + i], p);
    noise.value = xi;
    f_(in, noise, out);
  }

  F f_;
};

}  // namespace nullcline::cells
