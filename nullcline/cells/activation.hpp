// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <numbers>
#include <string>
#include <vector>

#include "nullcline/core/interval.hpp"

namespace nullcline::cells {

/// Pointwise nonlinearities f(m):
///
///     relu        max(0, m)
///     leaky_relu  m for m > 0, m tan(theta) else, theta in [0, pi/4]: from ReLU to the identity
///     tanh        tanh m
///     softplus    log(1 + e^m)
///     sigmoid     1 / (1 + e^-m)
///     gelu        m Phi(m), Phi the normal distribution function (by erf, not the tanh formula)
///     identity    m
///
/// At the kink of the first two, m = 0, the slope is that of the negative side.
enum class Activation { relu, leaky_relu, tanh, softplus, sigmoid, gelu, identity };

const std::vector<std::string>& activation_names();
Activation activation_from_name(const std::string& name);  ///< Throws Error on an unknown name.
const char* name_of(Activation activation);

/// f, f' and f'' at one point.
template <class Real>
struct FunctionValues {
  Real value, slope, curvature;
};
using ActivationValue = FunctionValues<double>;

ActivationValue evaluate(Activation activation, double theta, double m);

/// The same in float and double; `below` is tan(theta), the slope of leaky_relu below zero.
template <std::floating_point Real>
FunctionValues<Real> activation_values(Activation activation, Real below, Real m) {
  switch (activation) {
    case Activation::relu:
      return m > 0 ? FunctionValues<Real>{m, 1, 0} : FunctionValues<Real>{0, 0, 0};
    case Activation::leaky_relu: {
      const Real slope = m > 0 ? Real{1} : below;
      return {slope * m, slope, 0};
    }
    case Activation::tanh: {
      const Real t = std::tanh(m);
      return {t, 1 - t * t, -2 * t * (1 - t * t)};
    }
    case Activation::softplus: {
      const Real e = std::exp(-std::abs(m));
      const Real s = m >= 0 ? 1 / (1 + e) : e / (1 + e);
      return {std::fmax(m, Real{0}) + std::log1p(e), s, e / ((1 + e) * (1 + e))};
    }
    case Activation::sigmoid: {
      const Real e = std::exp(-std::abs(m));
      const Real s = m >= 0 ? 1 / (1 + e) : e / (1 + e);
      const Real slope = e / ((1 + e) * (1 + e));
      return {s, slope, slope * (1 - 2 * s)};
    }
    case Activation::gelu: {
      constexpr Real half_root = std::numbers::sqrt2_v<Real> / 2;
      const Real Phi = Real{0.5} * std::erfc(-m * half_root);
      const Real phi =
          std::exp(-m * m / 2) * std::numbers::inv_sqrtpi_v<Real> / std::numbers::sqrt2_v<Real>;
      return {m * Phi, Phi + m * phi, phi * (2 - m * m)};
    }
    case Activation::identity:
      return {m, 1, 0};
  }
  return {0, 0, 0};
}

/// Bounds of f and f' over an interval; of f'' there are none. Across a kink the slope is that of
/// every secant.
FunctionValues<Interval> activation_values(Activation activation, const Interval& below,
                                           const Interval& m);

}  // namespace nullcline::cells
