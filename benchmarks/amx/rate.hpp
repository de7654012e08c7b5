// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "nullcline/cells/fused/rate.hpp"
#include "products.hpp"

namespace nullcline::amx {

/// The engine's fused kernel of the rate network, f = ReLU outside the sum, noise in f, with its
/// three products by bf16 tiles: forward, back, and the outer product of a chunk of steps. Inputs,
/// biases and the readout's errors, thin beside the recurrent part, stay products of floats. n and
/// the batch are multiples of 32. Throws std::invalid_argument otherwise.
std::unique_ptr<cells::Kernel<float>> rate(const cells::fused::RateOptions& options,
                                           const Kernels& kernels, int products);

}  // namespace nullcline::amx
