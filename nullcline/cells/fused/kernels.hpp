// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/fused/gated.hpp"
#include "nullcline/cells/fused/rate.hpp"
#include "nullcline/cells/fused/rate_tangents.hpp"
#include "nullcline/cells/layer.hpp"

namespace nullcline::cells::fused {

/// Gives `layer` the fused kernels of these options (n and m aside), for training and for tangents,
/// in both precisions.
inline void use_rate(Layer& layer, const RateOptions& options) {
  const auto sized = [options](Index n, Index m) {
    RateOptions all = options;
    all.n = n, all.m = m;
    return all;
  };
  layer.kernel_float = [sized](Index n, Index m) { return rate<float>(sized(n, m)); };
  layer.kernel_double = [sized](Index n, Index m) { return rate<double>(sized(n, m)); };
  const RateTangentOptions quiet{options.activation, options.theta, options.alpha,
                                 options.f_inside};
  layer.tangents = [quiet](const Matrix& M, const TangentColumns& columns, Precision precision) {
    return rate_tangents(quiet, M, columns, precision);
  };
}

/// The same for a gated cell with the settings `activation`, `theta` and `sigma`. With gelu, whose
/// slope does not follow from its value, the layer keeps the generic kernel.
inline void use_gated(Layer& layer, GatedCell cell, const Settings& settings,
                      bool cell_features = false) {
  const GatedOptions options{.cell = cell,
                             .activation = nonlinearity(settings).f,
                             .theta = settings.number("theta"),
                             .noise_scale = settings.number("sigma"),
                             .cell_features = cell_features};
  if (options.activation == Activation::gelu) return;
  const auto sized = [options](Index n, Index m) {
    GatedOptions all = options;
    all.n = n, all.m = m;
    return all;
  };
  layer.kernel_float = [sized](Index n, Index m) { return gated<float>(sized(n, m)); };
  layer.kernel_double = [sized](Index n, Index m) { return gated<double>(sized(n, m)); };
}

}  // namespace nullcline::cells::fused
