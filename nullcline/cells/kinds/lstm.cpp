// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/fused/kernels.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

struct Step : OneStage<4, 2> {
  Nonlinearity f;
  double sigma = 0;
  std::array<double, 2> bounds() const {
    return {f.bound(), std::numeric_limits<double>::infinity()};
  }
  template <int K, class T>
  void combine(const T* v, const T* r, const T& xi, T* next) const {
    const T i = sigmoid(v[0]), forget = sigmoid(v[1]), g = f(v[2]), o = sigmoid(v[3]);
    const T c = forget * r[1] + i * g;
    next[0] = o * f(c) + T(sigma) * xi;
    next[1] = c;
  }
};

/// The readout sees h and c.
struct StepOfBoth : Step {
  static constexpr int features = 2;
};

template <class Rule>
Layer layer_of(const Settings& settings) {
  const std::vector<Place> gates = {{0, 0, 0}, {1, 0, 1}, {2, 0, 2}, {3, 0, 3}};
  Rule step;
  step.f = nonlinearity(settings);
  step.sigma = settings.number("sigma");
  step.noisy = step.sigma > 0;
  return make_layer(step,
                    {{"weight_ih", Columns::input, "A, rows of i, f, g and o", gates},
                     {"weight_hh", Columns::recurrent, "W", gates, {"i", "f", "g", "o"}},
                     {"bias_ih", Columns::bias, "b", gates},
                     {"bias_hh", Columns::bias, "b, added to bias_ih", gates}},
                    {{0, 1, settings.number("forget_bias")}});
}

Layer layer(const Settings& settings) {
  const bool both = settings.text("readout_of") == "h_c";
  Layer made = both ? layer_of<StepOfBoth>(settings) : layer_of<Step>(settings);
  fused::use_gated(made, fused::GatedCell::lstm, settings, both);
  return made;
}

}  // namespace

/// (i, f, g, o) = W h + A x + b, c' = sigmoid(f + forget_bias) c + sigmoid(i) phi(g),
/// h' = sigmoid(o) phi(c'); the state is (h, c), 2 n. M (4 n, n + m + 1) = [W, A, b], blocks
/// (i, f, g, o) [Hochreiter & Schmidhuber 1997; Gers et al. 2000]. torch.nn.LSTM.
CellKind lstm() {
  return layered(
      {.name = "lstm",
       .meaning = "c' = sigmoid(f) c + sigmoid(i) phi(g), h' = sigmoid(o) phi(c'), "
                  "(i, f, g, o) = W h + A x + b, state (h, c)",
       .schema = recurrent_schema(
           {{"forget_bias", 0.0, "added to b_f; 1 in the papers, 0 in PyTorch", -1e6, 1e6},
            {.name = "readout_of",
             .standard = std::string("h"),
             .meaning = "what the readout and the next layer see",
             .choices = {"h", "h_c"}}}),
       .layer = layer});
}

}  // namespace nullcline::cells::kinds
