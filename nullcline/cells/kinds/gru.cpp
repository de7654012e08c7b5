// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/fused/kernels.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

/// Blocks (r, z, W_n h + b_hn, A_n x + b_in).
struct ResetAfter : OneStage<4> {
  Nonlinearity f;
  double sigma = 0;
  std::array<double, 1> bounds() const { return {f.bound()}; }
  template <int K, class T>
  void combine(const T* v, const T* s, const T& xi, T* next) const {
    const T r = sigmoid(v[0]), z = sigmoid(v[1]), c = f(v[3] + r * v[2]), h = s[0];
    next[0] = gated(z, h, c) + T(sigma) * xi;
  }
};

/// Blocks (r, z) on h; then (c) on r h. Between the stages a unit carries h, z and r h.
struct ResetBefore {
  static constexpr int stages = 2, state = 1, features = 1;
  static constexpr bool recurrent = true;
  static constexpr std::array<int, 2> blocks = {2, 1};
  static constexpr std::array<int, 3> carried = {1, 3, 1};
  bool noisy = false;
  Nonlinearity f;
  double sigma = 0;
  std::array<double, 1> bounds() const { return {f.bound()}; }

  template <int K, class T>
  void operand(const T* carry, T& q) const {
    q = carry[K == 0 ? 0 : 2];
  }
  template <int K, class T>
  void combine(const T* v, const T* carry, const T& xi, T* next) const {
    const T h = carry[0];
    if constexpr (K == 0) {
      next[0] = h;
      next[1] = sigmoid(v[1]);
      next[2] = sigmoid(v[0]) * h;
    } else {
      const T c = f(v[0]);
      next[0] = gated(carry[1], h, c) + T(sigma) * xi;
    }
  }
};

template <class Rule>
Rule rule(const Settings& settings) {
  Rule step;
  step.f = nonlinearity(settings);
  step.sigma = settings.number("sigma");
  step.noisy = step.sigma > 0;
  return step;
}

Layer layer_of(const Settings& settings) {
  const char* A = "A, rows of r, z and n";
  const std::vector<BiasConstant> gate = {{0, 1, settings.number("gate_bias")}};
  if (settings.text("reset") == "after") {
    const std::vector<Place> inputs = {{0, 0, 0}, {1, 0, 1}, {2, 0, 3}};
    const std::vector<Place> states = {{0, 0, 0}, {1, 0, 1}, {2, 0, 2}};
    return make_layer(rule<ResetAfter>(settings),
                      {{"weight_ih", Columns::input, A, inputs},
                       {"weight_hh", Columns::recurrent, "W", states, {"r", "z", "n"}},
                       {"bias_ih", Columns::bias, "b_i", inputs},
                       {"bias_hh", Columns::bias, "b_h", states}},
                      gate);
  }
  const std::vector<Place> all = {{0, 0, 0}, {1, 0, 1}, {2, 1, 0}};
  return make_layer(rule<ResetBefore>(settings),
                    {{"weight_ih", Columns::input, A, all},
                     {"weight_hh", Columns::recurrent, "W", all, {"r", "z", "n"}},
                     {"bias_ih", Columns::bias, "b", all}},
                    gate);
}

Layer layer(const Settings& settings) {
  const bool after = settings.text("reset") == "after";
  Layer made = layer_of(settings);
  fused::use_gated(made, after ? fused::GatedCell::gru_after : fused::GatedCell::gru_before,
                   settings);
  return made;
}

}  // namespace

/// r = sigmoid(W_r h + A_r x + b_r), z = sigmoid(W_z h + A_z x + b_z + gate_bias),
/// h' = z h + (1 - z) c with one of
///
///     after    c = f(A_n x + b_in + r (W_n h + b_hn))     torch.nn.GRU
///     before   c = f(A_n x + b_n + W_n (r h))             Cho et al. 2014, and the papers
///
/// after: M (4 n, n + m + 1), blocks (r, z, hn, xn), whose hn has no input weights and b_hn, and xn
/// no recurrent weights and b_in. before: M_0 (2 n, n + m + 1), blocks (r, z), on h, and
/// M_1 (n, n + m + 1), block c, on r h.
CellKind gru() {
  return layered(
      {.name = "gru",
       .meaning = "h' = z h + (1 - z) c, c = f(A_n x + W_n (r h) + b_n) or "
                  "f(A_n x + b_in + r (W_n h + b_hn)), r and z logistic in h and x, readout of h",
       .schema =
           recurrent_schema({{.name = "reset",
                              .standard = std::string("after"),
                              .meaning = "whether r multiplies after the recurrent product, as in "
                                         "PyTorch, or before it, as in the papers",
                              .choices = {"after", "before"}},
                             {"gate_bias", 0.0, "added to b_z", -1e6, 1e6}}),
       .layer = layer});
}

}  // namespace nullcline::cells::kinds
