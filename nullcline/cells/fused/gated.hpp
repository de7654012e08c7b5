// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/kernel.hpp"

namespace nullcline::cells::fused {

/// Gated cells. With p the blocks of M [h; u; 1], in the order given, s the sigmoid:
///
///     ugrnn      (u, c)          h' = s(u) h + (1 - s(u)) phi(c)
///     lstm       (i, f, g, o)    c' = s(f) c + s(i) phi(g),  h' = s(o) phi(c')
///     gru_after  (r, z, hn, xn)  h' = s(z) h + (1 - s(z)) phi(xn + s(r) hn)
///     gru_before (r, z), then (c) of [s(r) h; u; 1]    h' = s(z) h + (1 - s(z)) phi(c)
///
/// In `gru_after`, hn has no input weights and xn no recurrent ones. The first three have one
/// stage. Noise, noise_scale n_t, is added to h'.
enum class GatedCell { ugrnn, lstm, gru_after, gru_before };

struct GatedOptions {
  GatedCell cell = GatedCell::gru_after;
  Index n = 0, m = 0;
  Activation activation = Activation::tanh;  ///< phi; not gelu.
  double theta = 0;                          ///< Of leaky_relu.
  double noise_scale = 0;                    ///< >= 0
  bool cell_features = false;                ///< Of lstm: the readout sees (h, c) and not h alone.
};

template <std::floating_point Real>
std::unique_ptr<Kernel<Real>> gated(const GatedOptions& options);

}  // namespace nullcline::cells::fused
