// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "nullcline/cells/activation.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells::detail {

/// The pointwise part of a step of the leaky rate network, for a batch, in one sweep:
///
///     m = p + b,   y = (1 - alpha) x + alpha f(m),   p <- f'(m).
///
/// p, x, y: (units, batch) column-major without gaps, b: (units).
template <std::floating_point Real>
void leaky_forward(Activation activation, double theta, Real alpha, Index units, Index batch,
                   const Real* b, const Real* x, Real* p, Real* y);

/// And back: delta = alpha f'(m) g is the gradient of m, g <- (1 - alpha) g that of x so far.
template <std::floating_point Real>
void leaky_backward(Real alpha, Index size, const Real* slope, Real* g, Real* delta);

}  // namespace nullcline::cells::detail
