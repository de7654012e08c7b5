// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

/// x' = x + alpha (v - x) with v = B u: one block of products, one number of state a unit.
struct Step : OneStage<1> {
  static constexpr bool recurrent = false;
  double alpha = 0;
  template <int K, class T>
  void combine(const T* v, const T* x, const T&, T* next) const {
    next[0] = x[0] + T(alpha) * (v[0] - x[0]);
  }
};

Layer layer(const Settings& settings) {
  Step step;
  step.alpha = settings.number("dt") / settings.number("tau");
  return make_layer(step, {{"input", Columns::input, "B", {{0, 0, 0}}}});
}

}  // namespace

/// Leaky integrators without connections among them,
///
///     tau dx/dt = -x + B u,   x_t = (1 - alpha) x_{t-1} + alpha B u_t,   alpha = dt / tau.
CellKind integrator() {
  return layered({.name = "integrator",
                  .meaning = "tau dx/dt = -x + B u, no connections among the units, readout of x",
                  .schema = joined({{units_setting(64),
                                     {"tau", 0.1, "s, time constant of the units", 1e-9, 1e9},
                                     dt_setting()},
                                    initialization_settings({}, "")}),
                  .names = {.plain = true},
                  .layer = layer});
}

}  // namespace nullcline::cells::kinds
