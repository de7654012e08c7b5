// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/fused/gated.hpp"
#include "nullcline/cells/fused/rate.hpp"
#include "nullcline/cells/layer.hpp"

namespace nullcline::cells::fused {

/// Gives `layer` the fused kernel of these options (n and m aside), for training in float and
/// double, where there is one.
inline void use_rate(Layer& layer, RateOptions options) {
  layer.kernel_float = [options](Index n, Index m) mutable {
    options.n = n, options.m = m;
    return rate<float>(options);
  };
  layer.kernel_double = [options](Index n, Index m) mutable {
    options.n = n, options.m = m;
    return rate<double>(options);
  };
}

inline void use_gated(Layer& layer, GatedOptions options) {
  if (options.activation == Activation::gelu) return;
  layer.kernel_float = [options](Index n, Index m) mutable {
    options.n = n, options.m = m;
    return gated<float>(options);
  };
  layer.kernel_double = [options](Index n, Index m) mutable {
    options.n = n, options.m = m;
    return gated<double>(options);
  };
}

}  // namespace nullcline::cells::fused
