// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/fused/kernels.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

struct Step : OneStage<1> {
  Nonlinearity f;
  double sigma = 0;
  std::array<double, 1> bounds() const { return {f.bound()}; }
  template <int K, class T>
  void combine(const T* v, const T*, const T& xi, T* next) const {
    next[0] = f(v[0]) + T(sigma) * xi;
  }
};

Layer layer(const Settings& settings) {
  Step step;
  step.f = nonlinearity(settings);
  step.sigma = settings.number("sigma");
  step.noisy = step.sigma > 0;
  Layer made = make_layer(step, {{"weight_ih", Columns::input, "A", {{0, 0, 0}}},
                                 {"weight_hh", Columns::recurrent, "W", {{0, 0, 0}}},
                                 {"bias_ih", Columns::bias, "b", {{0, 0, 0}}},
                                 {"bias_hh", Columns::bias, "b, added to bias_ih", {{0, 0, 0}}}});
  fused::use_rate(made, {.activation = step.f.f,
                         .theta = settings.number("theta"),
                         .noise_scale = step.sigma,
                         .noise_outside = true});
  return made;
}

}  // namespace

/// h' = f(W h + A u + b). M (n, n + m + 1) = [W, A, b]. torch.nn.RNN.
CellKind vanilla() {
  return layered({.name = "vanilla",
                  .meaning = "h' = f(W h + A u + b), readout of h",
                  .schema = recurrent_schema(),
                  .layer = layer});
}

}  // namespace nullcline::cells::kinds
