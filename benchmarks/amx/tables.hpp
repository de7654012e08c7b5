// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "products.hpp"

namespace nullcline::amx {

struct Effort {
  int rounds;
  double turn;  ///< Seconds.
};

/// Prints the peaks.
void print_peaks(const Kernels& kernels, const Effort& effort);
/// Prints whether the tiles give the emulation's bits.
void print_bits(const Kernels& kernels);
/// Prints the products of a training step: rates, and errors against double.
void print_products(const Kernels& kernels, const Effort& effort);
/// Prints what the parts of a step with tiles take.
void print_parts(const Kernels& kernels, const Effort& effort);
/// Prints whole training steps: times, ratios, errors of gradients.
void print_steps(const Kernels& kernels, const Effort& effort);

}  // namespace nullcline::amx
