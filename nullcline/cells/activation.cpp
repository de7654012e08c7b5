// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/activation.hpp"

#include <cmath>

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
  return activation_values(activation, std::tan(theta), m);
}

}  // namespace nullcline::cells
