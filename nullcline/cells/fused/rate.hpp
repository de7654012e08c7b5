// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/kernel.hpp"

namespace nullcline::cells::fused {

/// The rate network with f outside the sum, one stage with M = [W B b] (n, n + m + 1),
///
///     x_t = (1 - alpha) x_{t-1} + alpha f(M [x_{t-1}; u_t; 1] + noise_scale n_t),
///
/// with alpha = 1 the vanilla network; or with f inside, and features r = f(x),
///
///     x_t = (1 - alpha) x_{t-1} + alpha M [r_{t-1}; u_t; 1].
///
/// Noise may also be added to x_t instead.
struct RateOptions {
  Index n = 0, m = 0;
  Activation activation = Activation::relu;
  double theta = 0;            ///< Of leaky_relu.
  double alpha = 1;            ///< In (0, 1]
  double noise_scale = 0;      ///< >= 0
  bool noise_outside = false;  ///< Of the second form always.
  bool f_inside = false;       ///< The second form.
};

template <std::floating_point Real>
std::unique_ptr<Kernel<Real>> rate(const RateOptions& options);

}  // namespace nullcline::cells::fused
