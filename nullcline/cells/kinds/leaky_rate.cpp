// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/fused/kernels.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

// In units of tau: dx/dt = slope(v, x) with v = W q + B u + b, where q = x and slope = -x + f(v)
// in the `rate` form, q = f(x) and slope = -x + v in the `current` form.

struct Rate {
  Nonlinearity f;
  double inside = 0, outside = 0;  ///< Noise in f, and of a step's x.
  double bound() const { return f.bound(); }
  template <class T>
  T operand(const T& x) const {
    return x;
  }
  template <class T>
  T slope(const T& v, const T& x, const T& xi) const {
    return f(v + T(inside) * xi) - x;
  }
};

struct Current {
  Nonlinearity f;
  double inside = 0, outside = 0;
  double bound() const { return std::numeric_limits<double>::infinity(); }
  template <class T>
  T operand(const T& x) const {
    return f(x);
  }
  template <class T>
  T slope(const T& v, const T& x, const T&) const {
    return v - x;
  }
  template <class T>
  void read(const T* x, T* y) const {
    y[0] = f(x[0]);
  }
};

/// x' = x + alpha slope + noise.
template <class Form>
struct Euler : OneStage<1> {
  Form form;
  double alpha = 0;
  std::array<double, 1> bounds() const {
    return {alpha <= 1 ? form.bound() : std::numeric_limits<double>::infinity()};
  }
  template <int K, class T>
  void operand(const T* r, T& q) const {
    q = form.operand(r[0]);
  }
  template <int K, class T>
  void combine(const T* v, const T* r, const T& xi, T* next) const {
    next[0] = r[0] + T(alpha) * form.slope(v[0], r[0], xi) + T(form.outside) * xi;
  }
  template <class T>
  requires requires(const Form& any, const T* s, T* y) { any.read(s, y); }
  void read(const T* s, T* y) const { form.read(s, y); }
};

/// p = x + alpha k1 + noise, x' = x + alpha (k1 + k2) / 2 + noise; a unit carries p and
/// x + alpha k1 / 2.
template <class Form>
struct Heun {
  static constexpr int stages = 2, state = 1, features = 1;
  static constexpr bool recurrent = true;
  static constexpr std::array<int, 2> blocks = {1, 1};
  static constexpr std::array<int, 3> carried = {1, 2, 1};
  bool noisy = false;
  Form form;
  double alpha = 0;

  template <int K, class T>
  void operand(const T* r, T& q) const {
    q = form.operand(r[0]);
  }
  template <int K, class T>
  void combine(const T* v, const T* r, const T& xi, T* next) const {
    const T k = T(alpha) * form.slope(v[0], r[0], xi);
    if constexpr (K == 0) {
      next[0] = r[0] + k + T(form.outside) * xi;
      next[1] = r[0] + T(0.5) * k;
    } else {
      next[0] = r[1] + T(0.5) * k + T(form.outside) * xi;
    }
  }
  template <class T>
  requires requires(const Form& any, const T* s, T* y) { any.read(s, y); }
  void read(const T* s, T* y) const { form.read(s, y); }
};

/// dx/dt = slope / tau, per second.
template <class Form>
struct Ode : Euler<Form> {
  template <int K, class T>
  void combine(const T* v, const T* r, const T& xi, T* next) const {
    next[0] = T(this->alpha) * this->form.slope(v[0], r[0], xi);
  }
};

template <template <class> class Method, class Form>
Method<Form> rule(const Form& form, double alpha) {
  Method<Form> step;
  step.form = form;
  step.alpha = alpha;
  step.noisy = form.inside > 0 || form.outside > 0;
  return step;
}

template <class Form>
Layer layer_of(const Settings& settings, Form form) {
  const double tau = settings.number("tau"), alpha = settings.number("dt") / tau;
  const bool heun = settings.text("method") == "heun";
  std::vector<Place> places = {{0, 0, 0}};
  if (heun) places.push_back({0, 1, 0});
  const std::vector<LayerParameter> parameters = {{"recurrent", Columns::recurrent, "W", places},
                                                  {"input", Columns::input, "B", places},
                                                  {"bias", Columns::bias, "b", places}};
  Layer layer = heun ? make_layer(rule<Heun>(form, alpha), parameters)
                     : make_layer(rule<Euler>(form, alpha), parameters);
  layer.flow = staged_step<double>(rule<Ode>(form, 1 / tau));
  return layer;
}

Layer layer(const Settings& settings) {
  const double sigma = settings.number("sigma"), dt = settings.number("dt");
  const Nonlinearity f = nonlinearity(settings);
  const double alpha = dt / settings.number("tau");
  const bool current = settings.text("form") == "current";
  const double noise = current ? sigma * std::sqrt(dt) : sigma * std::sqrt(2 / alpha);
  Layer made =
      current ? layer_of(settings, Current{f, 0, noise}) : layer_of(settings, Rate{f, noise, 0});
  if (settings.text("method") == "euler") {
    fused::use_rate(made, {.activation = f.f,
                           .theta = settings.number("theta"),
                           .alpha = alpha,
                           .noise_scale = noise,
                           .f_inside = current});
  }
  return made;
}

Schema schema() {
  Schema own = {
      units_setting(),
      activation_setting("relu"),
      theta_setting(),
      {"tau", 0.1, "s, time constant of the units", 1e-9, 1e9},
      {"dt", 0.01, "s, step", 1e-9, 1e9},
      {.name = "form",
       .standard = std::string("rate"),
       .meaning = "rate: -x + f(W x + B u + b), readout of x; current: -x + W f(x) + B u + b, "
                  "readout of f(x)",
       .choices = {"rate", "current"}},
      {.name = "method",
       .standard = std::string("euler"),
       .meaning = "of the steps",
       .choices = {"euler", "heun"}},
      {"sigma", 0.01,
       "strength of the noise: sqrt(2 sigma^2 tau / dt) xi inside f, or, in the current form, "
       "sigma sqrt(dt) xi added to x at each step",
       0, 1e6},
      {"self_connections", false, "whether the diagonal of W is free; the note keeps it at zero"},
      {.name = "weight_variance",
       .standard = std::string("g^2/n"),
       .meaning =
           "init = note: variance of the random W and readout. The note writes 1/sqrt(n), which "
           "would start far in the unstable regime; 1/n is the reading that fits its text (our "
           "choice)",
       .choices = {"g^2/n", "g^2/sqrt(n)"}},
      {"input_sd", 1 / std::numbers::sqrt3, "init = note: standard deviation of the random B", 0,
       1e6},
      {"bias_sd", 1 / std::numbers::sqrt3, "init = note: standard deviation of the random b", 0,
       1e6},
  };
  own[1].meaning = std::string("f");
  return joined({own, structure_settings(), stack_settings(),
                 initialization_settings(
                     {"note"}, "note, the 2021 note's, by weight_variance, input_sd, bias_sd; ")});
}

NormalScales scales(const Settings& settings) {
  const auto n = static_cast<double>(settings.integer("units"));
  const bool inverse = settings.text("weight_variance") == "g^2/n";
  const double sd = settings.number("gain") / (inverse ? std::sqrt(n) : std::pow(n, 0.25));
  return {sd, settings.number("input_sd"), settings.number("bias_sd"), sd};
}

}  // namespace

/// The leaky rate network in both forms of the literature, alpha = dt / tau, x_i ~ N(0, I):
///
///     rate     tau dx/dt = -x + f(W x + B u + b + sqrt(2 sigma^2 / alpha) xi)     (2021 note)
///     current  tau dx/dt = -x + W f(x) + B u + b, + sigma dw / dt     (2025 paper, with tau = 1)
///
/// by Euler or Heun steps. M (n, n + m + 1) = [W, B, b], once for each stage of the method.
CellKind leaky_rate() {
  return layered({.name = "leaky_rate",
                  .meaning = "tau dx/dt = -x + f(W x + B u + b + noise), readout of x, or "
                             "tau dx/dt = -x + W f(x) + B u + b + noise, readout of f(x)",
                  .schema = schema(),
                  .names = {.plain = true},
                  .layer = layer,
                  .scales = scales});
}

}  // namespace nullcline::cells::kinds
