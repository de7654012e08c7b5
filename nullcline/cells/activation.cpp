// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/activation.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

// Bounds of each function on a point, and on the narrow interval of a turn.

Interval logistic(const Interval& p) {
  const Interval e = p.lo >= 0 ? exp(-p) : exp(p);
  return common((p.lo >= 0 ? Interval(1.0) : e) / (Interval(1.0) + e), {0, 1});
}
Interval logistic_slope(const Interval& p) {
  const Interval e = p.lo >= 0 ? exp(-p) : exp(p), d = Interval(1.0) + e;
  return e / (d * d);
}
Interval tanh_slope(const Interval& p) { return Interval(4.0) * logistic_slope(Interval(2.0) * p); }
Interval softplus(const Interval& p) {
  return log1p(p.lo >= 0 ? exp(-p) : exp(p)) + Interval(std::max(p.lo, 0.0), std::max(p.hi, 0.0));
}

Interval normal_distribution(const Interval& p) {
  const Interval half_root(0.70710678118654746, 0.70710678118654757);  // 1 / sqrt(2)
  return Interval(0.5) * erfc(-(p * half_root));
}
Interval normal_density(const Interval& p) {
  const Interval peak(0.3989422804014326, 0.3989422804014328);  // 1 / sqrt(2 pi)
  return exp(Interval(-0.5) * (p * p)) * peak;
}
Interval gelu(const Interval& p) { return p * normal_distribution(p); }
Interval gelu_slope(const Interval& p) { return normal_distribution(p) + p * normal_density(p); }
const Interval gelu_minimum(-0.751791524693565, -0.751791524693564);  // where its slope is 0
const Interval root_of_two(1.414213562373095, 1.414213562373096);     // +- where its curvature is

}  // namespace

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
  return activation_values(activation, std::tan(theta), m);
}

FunctionValues<Interval> activation_values(Activation activation, const Interval& below,
                                           const Interval& m) {
  const Interval zero(0.0), one(1.0);
  const auto kink_slope = [&](const Interval& left) {
    return m.lo > 0 ? one : m.hi <= 0 ? left : hull(one, left);
  };
  switch (activation) {
    case Activation::relu:
      return {{std::max(m.lo, 0.0), std::max(m.hi, 0.0)}, kink_slope(zero), Interval::whole_line()};
    case Activation::leaky_relu: {
      const auto at = [&](double p) { return p > 0 ? Interval(p) : below * Interval(p); };
      return {hull(at(m.lo), at(m.hi)), kink_slope(below), Interval::whole_line()};
    }
    case Activation::tanh:
      return {tanh(m), range(m, tanh_slope, {zero}), Interval::whole_line()};
    case Activation::softplus:
      return {range(m, softplus), range(m, logistic), Interval::whole_line()};
    case Activation::sigmoid:
      return {range(m, logistic), range(m, logistic_slope, {zero}), Interval::whole_line()};
    case Activation::gelu:
      return {range(m, gelu, {gelu_minimum}), range(m, gelu_slope, {-root_of_two, root_of_two}),
              Interval::whole_line()};
    case Activation::identity:
      return {m, one, zero};
  }
  return {};
}

}  // namespace nullcline::cells
