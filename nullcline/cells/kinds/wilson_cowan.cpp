// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

/// v = (W f(x) + B u + b, 1 / tau_i): the second block of M has nothing but its bias.
struct Step : OneStage<1> {
  static constexpr std::array<int, 1> blocks = {2};
  Nonlinearity f;
  double dt = 0, noise = 0;
  template <int K, class T>
  void operand(const T* r, T& q) const {
    q = f(r[0]);
  }
  template <int K, class T>
  void combine(const T* v, const T* r, const T& xi, T* next) const {
    next[0] = r[0] + T(dt) * (v[1] * (v[0] - r[0])) + T(noise) * xi;
  }
  template <class T>
  void read(const T* s, T* y) const {
    y[0] = f(s[0]);
  }
};

/// dx/dt.
struct Ode : Step {
  template <int K, class T>
  void combine(const T* v, const T* r, const T&, T* next) const {
    next[0] = v[1] * (v[0] - r[0]);
  }
};

Layer layer(const Settings& settings) {
  Step step;
  step.f = nonlinearity(settings);
  step.dt = settings.number("dt");
  step.noise = settings.number("sigma") * std::sqrt(step.dt);
  step.noisy = step.noise > 0;
  Layer made = make_layer(step,
                          {{"recurrent", Columns::recurrent, "W", {{0, 0, 0}}},
                           {"input", Columns::input, "B", {{0, 0, 0}}},
                           {"bias", Columns::bias, "b", {{0, 0, 0}}},
                           {"speed", Columns::bias, "1 / tau_i - 1 / tau, 1/s", {{0, 0, 1}}}},
                          {{0, 1, 1 / settings.number("tau")}});
  Ode ode;
  ode.f = step.f;
  made.flow = staged_step<double>(ode);
  return made;
}

Schema schema() {
  Schema own = {
      units_setting(),
      activation_setting("sigmoid"),
      theta_setting(),
      {"tau", 1.0, "s, time constant of a unit whose `speed` is 0", 1e-9, 1e9},
      {"dt", 0.01, "s, step (Euler)", 1e-9, 1e9},
      {"sigma", 0.0, "strength of the noise: sigma sqrt(dt) xi added to x at each step", 0, 1e6},
      {"self_connections", true, "whether the diagonal of W is free"}};
  own[1].meaning = std::string("f");
  return joined({own, structure_settings(), stack_settings(), initialization_settings({}, "")});
}

}  // namespace

/// Units with time constants of their own [Wilson & Cowan 1972, without refractoriness], by Euler
/// steps, 1 / tau_i = 1 / tau + speed_i:
///
///     tau_i dx_i/dt = -x_i + sum_j W_ij f(x_j) + (B u + b)_i, + noise;  readout of f(x)
///
/// M (2 n, n + m + 1) = [W, B, b; 0, 0, 1 / tau_i].
CellKind wilson_cowan() {
  return layered({.name = "wilson_cowan",
                  .meaning = "tau_i dx_i/dt = -x_i + W f(x) + B u + b + noise, readout of f(x)",
                  .schema = schema(),
                  .names = {.plain = true},
                  .layer = layer});
}

}  // namespace nullcline::cells::kinds
