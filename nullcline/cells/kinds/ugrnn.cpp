// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/fused/kernels.hpp"
#include "nullcline/cells/layered.hpp"

namespace nullcline::cells::kinds {
namespace {

struct Step : OneStage<2> {
  Nonlinearity f;
  double sigma = 0;
  std::array<double, 1> bounds() const { return {f.bound()}; }
  template <int K, class T>
  void combine(const T* v, const T* r, const T& xi, T* next) const {
    const T u = sigmoid(v[0]), c = f(v[1]), h = r[0];
    next[0] = gated(u, h, c) + T(sigma) * xi;
  }
};

Layer layer(const Settings& settings) {
  Step step;
  step.f = nonlinearity(settings);
  step.sigma = settings.number("sigma");
  step.noisy = step.sigma > 0;
  Layer made =
      make_layer(step,
                 {{"weight_ih", Columns::input, "A, rows of u and c", {{0, 0, 0}, {1, 0, 1}}},
                  {"weight_hh", Columns::recurrent, "W", {{0, 0, 0}, {1, 0, 1}}, {"u", "c"}},
                  {"bias_ih", Columns::bias, "b", {{0, 0, 0}, {1, 0, 1}}}},
                 {{0, 0, settings.number("gate_bias")}});
  fused::use_gated(made, fused::GatedCell::ugrnn, settings);
  return made;
}

}  // namespace

/// u = sigmoid(W_u h + A_u x + b_u + gate_bias), c = f(W_c h + A_c x + b_c), h' = u h + (1 - u) c
/// [Collins et al. 2017]. M (2 n, n + m + 1) = [W, A, b], blocks (u, c).
CellKind ugrnn() {
  return layered(
      {.name = "ugrnn",
       .meaning = "h' = u h + (1 - u) f(W_c h + A_c x + b_c), u = sigmoid(W_u h + A_u x + b_u), "
                  "readout of h",
       .schema = recurrent_schema({{"gate_bias", 0.0, "added to b_u", -1e6, 1e6}}),
       .layer = layer});
}

}  // namespace nullcline::cells::kinds
