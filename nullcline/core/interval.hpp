// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline {

// Rigorous bounds in double without touching the rounding mode: arithmetic rounds to nearest and
// each result is pushed outwards by at least one unit in the last place [Rump, Zimmermann, Boldo &
// Melquiond 2009, "Computing predecessor and successor in rounding to nearest"].

constexpr double unit_roundoff = std::numeric_limits<double>::epsilon() / 2;  ///< u = 2^-53

/// Added to every bound: more than underflow can lose, and no source of denormal numbers.
constexpr double underflow = 1e-290;

/// A distance that reaches the next double on either side of x.
inline double step_outwards(double x) {
  constexpr double phi = unit_roundoff * (1 + 4 * unit_roundoff);
  return phi * std::abs(x) + underflow;
}
inline double below(double x) { return x - step_outwards(x); }  ///< < any real that rounds to x.
inline double above(double x) { return x + step_outwards(x); }  ///< > any real that rounds to x.

/// The reals lo <= x <= hi. Every operation contains all results of the real operation on members.
/// Exact where a zero makes it so. What overflows or is not a number becomes the whole line, never
/// a wrong bound.
struct Interval {
  double lo = 0, hi = 0;

  Interval() = default;
  Interval(double x) : lo(x), hi(x) {}
  Interval(double low, double high) : lo(low), hi(high) {}
  static Interval whole_line() {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }
  /// [center - radius, center + radius], radius >= 0.
  static Interval around(double center, double radius) {
    return radius == 0 ? Interval(center)
                       : Interval(below(center - radius), above(center + radius));
  }

  bool is_zero() const { return lo == 0 && hi == 0; }
  bool is_finite() const { return std::abs(lo) + std::abs(hi) < whole_line().hi && lo <= hi; }
  bool contains(double x) const { return lo <= x && x <= hi; }
  bool within(const Interval& b) const { return b.lo <= lo && hi <= b.hi; }
  bool inside_of(const Interval& b) const { return b.lo < lo && hi < b.hi; }  ///< Of its interior.
  double magnitude() const { return std::max(std::abs(lo), std::abs(hi)); }   ///< max |x|
  double center() const { return lo == hi ? lo : 0.5 * lo + 0.5 * hi; }
  /// At least |x - center()| of all x.
  double radius() const {
    if (lo == hi) return 0;
    const double c = center();
    return above(std::max(hi - c, c - lo));
  }

  friend Interval operator-(const Interval& a) { return {-a.hi, -a.lo}; }
  friend Interval operator+(const Interval& a, const Interval& b) {
    if (a.is_zero()) return b;
    if (b.is_zero()) return a;
    return outwards(a.lo + b.lo, a.hi + b.hi);
  }
  friend Interval operator-(const Interval& a, const Interval& b) { return a + (-b); }
  friend Interval operator*(const Interval& a, const Interval& b) {
    if (a.is_zero() || b.is_zero()) return 0.0;
    const double p = a.lo * b.lo, q = a.lo * b.hi, r = a.hi * b.lo, s = a.hi * b.hi;
    if (std::isnan(p + q + r + s)) return whole_line();
    return outwards(std::min({p, q, r, s}), std::max({p, q, r, s}));
  }
  friend Interval operator/(const Interval& a, const Interval& b) {
    return b.lo > 0 || b.hi < 0 ? a * outwards(1 / b.hi, 1 / b.lo) : whole_line();
  }
  Interval& operator+=(const Interval& b) { return *this = *this + b; }
  Interval& operator-=(const Interval& b) { return *this = *this - b; }

 private:
  static Interval outwards(double low, double high) {
    const Interval result(below(low), above(high));
    return result.is_finite() ? result : whole_line();
  }
};

/// The smallest interval that contains both.
inline Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)};
}
/// What both contain; the caller knows that this is not empty.
inline Interval common(const Interval& a, const Interval& b) {
  return {std::max(a.lo, b.lo), std::min(a.hi, b.hi)};
}

/// The range over x of a function that is monotone between the `turns`, each an interval that
/// contains one of its extrema: f takes an interval and need be good on narrow ones only.
template <class F>
Interval range(const Interval& x, const F& f, std::initializer_list<Interval> turns = {}) {
  if (x.lo == x.hi) return f(x);
  Interval y = hull(f(Interval(x.lo)), f(Interval(x.hi)));
  for (const Interval& turn : turns) {
    if (turn.hi >= x.lo && turn.lo <= x.hi) y = hull(y, f(turn));
  }
  return y;
}

/// How far the functions below trust the C library: to 16 units in the last place. The errors
/// known of glibc's double functions used here are a few units [glibc manual, "Known maximum errors
/// in math functions"; Zimmermann 2021, "Accuracy of mathematical functions", searched for worse].
/// Nobody has proved a bound: this is what a proof here assumes.
constexpr double trusted_ulps = 16;

/// [y - e, y + e] with e = trusted_ulps units in the last place of y, what rounding adds included.
inline Interval trusted(double y) {
  const double e = (trusted_ulps + 2) * (2 * unit_roundoff) * std::abs(y) + underflow;
  return std::isfinite(y) ? Interval(y - e, y + e) : Interval::whole_line();
}

// All monotone.
inline Interval exp(const Interval& x) {
  return {std::max(0.0, trusted(std::exp(x.lo)).lo), trusted(std::exp(x.hi)).hi};
}
inline Interval log1p(const Interval& x) {
  return {trusted(std::log1p(x.lo)).lo, trusted(std::log1p(x.hi)).hi};
}
inline Interval tanh(const Interval& x) {
  return common({trusted(std::tanh(x.lo)).lo, trusted(std::tanh(x.hi)).hi}, {-1, 1});
}
inline Interval erfc(const Interval& x) {
  return common({trusted(std::erfc(x.hi)).lo, trusted(std::erfc(x.lo)).hi}, {0, 2});
}

/// A box of R^n, an interval a coordinate.
using Box = std::vector<Interval>;

/// |x_i - center_i| <= radius.
inline Box box_around(In<Vector> center, double radius) {
  Box box(static_cast<std::size_t>(center.size()));
  for (Index i = 0; i < center.size(); ++i) {
    box[static_cast<std::size_t>(i)] = Interval::around(center(i), radius);
  }
  return box;
}

}  // namespace nullcline
