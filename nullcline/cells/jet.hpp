// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>

#include "nullcline/cells/activation.hpp"

namespace nullcline::cells {

// What the pointwise part of a cell is evaluated with: Real, for values; Jet, a value with its
// gradient by N numbers; SecondJet, with its Hessian too. They know sums, products and functions
// of one variable, which is all that cells are made of. An Interval in the place of Real gives
// bounds of the same.

template <class T>
concept Number = std::floating_point<T> || std::same_as<T, Interval>;

template <Number Real, int N>
struct Jet {
  Real value = 0;
  std::array<Real, N> d{};

  Jet() = default;
  explicit Jet(double constant) : value(static_cast<Real>(constant)) {}
  static Jet variable(Real at, int k) {
    Jet x;
    x.value = at;
    x.d[static_cast<std::size_t>(k)] = 1;
    return x;
  }

  friend Jet operator+(Jet a, const Jet& b) {
    a.value += b.value;
    for (std::size_t i = 0; i < N; ++i) a.d[i] += b.d[i];
    return a;
  }
  friend Jet operator-(Jet a, const Jet& b) {
    a.value -= b.value;
    for (std::size_t i = 0; i < N; ++i) a.d[i] -= b.d[i];
    return a;
  }
  friend Jet operator*(const Jet& a, const Jet& b) {
    Jet c;
    c.value = a.value * b.value;
    for (std::size_t i = 0; i < N; ++i) c.d[i] = a.value * b.d[i] + b.value * a.d[i];
    return c;
  }
};

/// In double, for analysis. The Hessian is its lower triangle, row by row.
template <int N>
struct SecondJet {
  double value = 0;
  std::array<double, N> d{};
  std::array<double, N*(N + 1) / 2> h{};

  SecondJet() = default;
  explicit SecondJet(double constant) : value(constant) {}
  static SecondJet variable(double at, int k) {
    SecondJet x(at);
    x.d[static_cast<std::size_t>(k)] = 1;
    return x;
  }

  friend SecondJet operator+(SecondJet a, const SecondJet& b) {
    a.value += b.value;
    for (std::size_t i = 0; i < N; ++i) a.d[i] += b.d[i];
    for (std::size_t i = 0; i < a.h.size(); ++i) a.h[i] += b.h[i];
    return a;
  }
  friend SecondJet operator-(SecondJet a, const SecondJet& b) {
    a.value -= b.value;
    for (std::size_t i = 0; i < N; ++i) a.d[i] -= b.d[i];
    for (std::size_t i = 0; i < a.h.size(); ++i) a.h[i] -= b.h[i];
    return a;
  }
  friend SecondJet operator*(const SecondJet& a, const SecondJet& b) {
    SecondJet c(a.value * b.value);
    for (std::size_t i = 0; i < N; ++i) c.d[i] = a.value * b.d[i] + b.value * a.d[i];
    for (std::size_t i = 0, k = 0; i < N; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        c.h[k] = a.value * b.h[k] + b.value * a.h[k] + a.d[i] * b.d[j] + a.d[j] * b.d[i];
      }
    }
    return c;
  }
};

/// f(x), by the chain rule.
template <Number Real, int N>
Jet<Real, N> chain(const FunctionValues<Real>& f, const Jet<Real, N>& x) {
  Jet<Real, N> y;
  y.value = f.value;
  for (std::size_t i = 0; i < N; ++i) y.d[i] = f.slope * x.d[i];
  return y;
}
template <int N>
SecondJet<N> chain(const FunctionValues<double>& f, const SecondJet<N>& x) {
  SecondJet<N> y(f.value);
  for (std::size_t i = 0; i < N; ++i) y.d[i] = f.slope * x.d[i];
  for (std::size_t i = 0, k = 0; i < N; ++i) {
    for (std::size_t j = 0; j <= i; ++j, ++k) {
      y.h[k] = f.slope * x.h[k] + f.curvature * x.d[i] * x.d[j];
    }
  }
  return y;
}

/// An activation as a cell uses it, on numbers and on jets.
struct Nonlinearity {
  Activation f = Activation::tanh;
  double below = 0;  ///< tan(theta)

  /// sup |f|
  double bound() const {
    const bool saturates = f == Activation::tanh || f == Activation::sigmoid;
    return saturates ? 1 : std::numeric_limits<double>::infinity();
  }

  template <class T>
  T operator()(const T& m) const {
    if constexpr (Number<T>) {
      return activation_values(f, static_cast<T>(below), m).value;
    } else {
      return chain(activation_values(f, static_cast<decltype(m.value)>(below), m.value), m);
    }
  }
};

template <class T>
T sigmoid(const T& m) {
  return Nonlinearity{Activation::sigmoid}(m);
}

/// z h + (1 - z) c for z in [0, 1]: a gate between two values.
template <class T>
T gated(const T& z, const T& h, const T& c) {
  return c + z * (h - c);
}
/// The weights z and 1 - z are one number, which interval arithmetic would forget; and what lies
/// between h and c lies in their hull, so that a box of h is seen to be taken into itself.
inline Interval gated(const Interval& z, const Interval& h, const Interval& c) {
  const auto at = [&](double weight) {
    const Interval w(weight);
    return w * h + (Interval(1.0) - w) * c;
  };
  return common(hull(at(z.lo), at(z.hi)), hull(h, c));
}
template <int N>
Jet<Interval, N> gated(const Jet<Interval, N>& z, const Jet<Interval, N>& h,
                       const Jet<Interval, N>& c) {
  Jet<Interval, N> y;
  y.value = gated(z.value, h.value, c.value);
  const Interval difference = h.value - c.value;
  for (std::size_t i = 0; i < N; ++i) {
    y.d[i] = gated(z.value, h.d[i], c.d[i]) + difference * z.d[i];
  }
  return y;
}

}  // namespace nullcline::cells
