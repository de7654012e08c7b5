// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

struct Step : OneStage<1> {
  static constexpr bool recurrent = false;
  Nonlinearity f;
  template <int K, class T>
  void combine(const T* v, const T*, const T&, T* next) const {
    next[0] = f(v[0]);
  }
};

Layer layer(const Settings& settings) {
  Step step;
  step.f = nonlinearity(settings);
  return make_layer(step, {{"weight", Columns::input, "A", {{0, 0, 0}}},
                           {"bias", Columns::bias, "b", {{0, 0, 0}}}});
}

}  // namespace

/// h' = f(A u + b), which forgets h. M (n, m + 1) = [A, b]. torch.nn.Linear and f, L times.
CellKind feedforward() {
  return layered({.name = "feedforward",
                  .meaning = "h' = f(A u + b), layers without recurrence, readout of h",
                  .schema = joined(
                      {{units_setting(), dt_setting(), activation_setting("tanh"), theta_setting()},
                       stack_settings(),
                       initialization_settings({}, "")}),
                  .layer = layer});
}

}  // namespace nullcline::cells::kinds
