// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/activation.hpp"

#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"

namespace nullcline::cells {

const std::vector<std::string>& activation_names() {
  static const std::vector<std::string> names = {"relu",    "leaky_relu", "tanh",    "softplus",
                                                 "sigmoid", "gelu",       "identity"};
  return names;
}

Activation activation_from_name(const std::string& name) {
  const auto& names = activation_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Activation>(i);
  }
  std::string expected = "one of";
  for (const auto& known : names) expected += " " + known;
  throw Error("", "activation", "'" + name + "'", expected);
}

const char* name_of(Activation activation) {
  return activation_names()[static_cast<std::size_t>(activation)].c_str();
}

ActivationValue evaluate(Activation activation, double theta, double m) {
  switch (activation) {
    case Activation::relu:
      return m > 0 ? ActivationValue{m, 1, 0} : ActivationValue{0, 0, 0};
    case Activation::leaky_relu: {
      const double slope = m > 0 ? 1 : std::tan(theta);
      return {slope * m, slope, 0};
    }
    case Activation::tanh: {
      const double t = std::tanh(m);
      return {t, 1 - t * t, -2 * t * (1 - t * t)};
    }
    case Activation::softplus: {
      const double e = std::exp(-std::abs(m));
      const double s = m >= 0 ? 1 / (1 + e) : e / (1 + e);
      return {std::fmax(m, 0.0) + std::log1p(e), s, e / ((1 + e) * (1 + e))};
    }
    case Activation::sigmoid: {
      const double e = std::exp(-std::abs(m));
      const double s = m >= 0 ? 1 / (1 + e) : e / (1 + e);
      const double slope = e / ((1 + e) * (1 + e));
      return {s, slope, slope * (1 - 2 * s)};
    }
    case Activation::gelu: {
      const double Phi = 0.5 * std::erfc(-m * std::numbers::sqrt2 / 2);
      const double phi = std::exp(-m * m / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
      return {m * Phi, Phi + m * phi, phi * (2 - m * m)};
    }
    case Activation::identity:
      return {m, 1, 0};
  }
  return {0, 0, 0};
}

}  // namespace nullcline::cells
