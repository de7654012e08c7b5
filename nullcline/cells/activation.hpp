// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

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
struct ActivationValue {
  double value, slope, curvature;
};
ActivationValue evaluate(Activation activation, double theta, double m);

}  // namespace nullcline::cells
